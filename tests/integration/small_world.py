"""What tests of planning and sending share: one morning in Shanghai, a composer, a postman."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, time

from markupsafe import Markup

from digests.delivery.planner import Planner
from digests.posts import Post, PostKind, Sent
from digests.schedules import Cadence, Occasion, Schedule
from digests.store import Store
from digests.subscriptions import Address, Subscription
from digests.text import Language

EVE = datetime(2026, 5, 9, 12, tzinfo=UTC)
MORNING = datetime(2026, 5, 10, 1, tzinfo=UTC)  # 09:00 in Shanghai
DAY = Occasion.parse("daily:2026-05-10")


class Composer:
    """Tells every occasion, or only those it is told to; notes what it was asked for."""

    def __init__(self, kind=PostKind.RECALL, only=None):
        self.kind = kind
        self.only = only
        self.asked = []

    def compose(self, occasion, audience):
        language = audience.language
        self.asked.append((occasion.key, language))
        if self.only is not None and occasion.key not in self.only:
            return None
        return Post(
            self.kind,
            Markup("<p>{} {}</p>").format(occasion.key, language),
            "card",
            ("first-zone", "trade-2021"),
        )


class Postman:
    """Answers the outcomes that it was given, then that everything arrived; notes what it carried."""

    def __init__(self, *outcomes):
        self.outcomes = list(outcomes)
        self.sent = []

    async def send(self, delivery):
        self.sent.append(delivery)
        return self.outcomes.pop(0) if self.outcomes else Sent(delivery.id)


def daily(chat_id, at=9, **settings):
    """A daily subscription in Shanghai."""
    schedule = Schedule(Cadence.DAILY, time(at), "Asia/Shanghai")
    return Subscription(Address(chat_id), schedule, settings.pop("language", Language.ZH), **settings)


async def state_of(store: Store, chat_id=1, occasion=DAY):
    """Where the latest delivery of an occasion to a chat stands; None when there is none."""
    records = await store.outbox.list(limit=1000)
    found = [each for each in records if (each.address.chat_id, each.occasion) == (chat_id, occasion.key)]
    return found[0].state if found else None


async def planned(store: Store, *subscriptions):
    """Subscribe on the eve, and plan the morning."""
    for subscription in subscriptions:
        await store.subscriptions.put(subscription, EVE)
    await Planner(store, Composer()).plan(MORNING)


async def eventually(condition):
    """Wait until a condition holds, half a minute at most."""
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.01)
