"""The self-check of a subscription: may it be posted, pinned, and how did it go the last time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.handlers.context import Services
from digests.store.outbox.records import DeliveryRecord
from digests.subscriptions import Subscription


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """What was found; ``in_topic`` is None outside forum topics, times are in the subscription's zone."""

    may_post: bool
    in_topic: bool | None
    may_pin: bool
    local_now: datetime
    last: DeliveryRecord | None
    last_at: datetime | None


async def check(services: Services, subscription: Subscription) -> SelfCheck:
    """Look everything up afresh."""
    address, zone = subscription.address, ZoneInfo(subscription.schedule.timezone)
    rights = await services.permissions.own_rights(address.chat_id)
    last = await services.store.history.latest(address)
    ended = (last.settled_at or last.due_at).astimezone(zone) if last else None
    in_topic = await services.permissions.reaches_topic(address) if address.thread_id else None
    now = services.clock.now().astimezone(zone)
    return SelfCheck(rights.may_post, in_topic, rights.may_pin, now, last, ended)
