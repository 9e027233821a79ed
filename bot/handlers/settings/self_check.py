"""The self-check of a subscription: may it be posted, pinned, and how did it go the last time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.handlers.subscription.refusals import refusing_when_unknown
from bot.telegram.permissions import Permissions
from digests.delivery.clock import Clock
from digests.store import Store
from digests.store.outbox.records import DeliveryRecord
from digests.subscriptions import Subscription


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What was found; ``in_topic`` is None outside forum topics, times are in the subscription's zone."""

    may_post: bool
    in_topic: bool | None
    may_pin: bool
    local_now: datetime
    last: DeliveryRecord | None
    last_at: datetime | None
    last_quiz: DeliveryRecord | None = None


class SelfCheck:
    """Looks everything up afresh."""

    def __init__(self, permissions: Permissions, store: Store, clock: Clock) -> None:
        self._permissions = permissions
        self._history = store.history
        self._clock = clock

    async def check(self, subscription: Subscription) -> CheckResult:
        """Check one subscription.

        Raises:
            RefusedError: Telegram does not tell the bot's rights just now.
        """
        address, zone = subscription.address, ZoneInfo(subscription.schedule.timezone)
        with refusing_when_unknown():
            rights = await self._permissions.own_rights(address.chat_id)
            in_topic = await self._permissions.reaches_topic(address) if address.thread_id else None
        last = await self._history.latest(address)
        ended = (last.settled_at or last.due_at).astimezone(zone) if last else None
        now = self._clock.now().astimezone(zone)
        quiz = await self._history.latest(address, quiz=True) if subscription.quiz else None
        return CheckResult(rights.may_post, in_topic, rights.may_pin, now, last, ended, quiz)
