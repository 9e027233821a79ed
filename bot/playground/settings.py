"""The settings and the subscription that the playground begins with."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path

from bot.playground import CHANNEL, PERSON
from bot.settings import Settings, SubscribePolicy
from digests.schedules import Cadence, Schedule
from digests.store import Store
from digests.subscriptions import Address, Subscription
from digests.text import Language


def rehearsed(settings: Settings, url: str, folder: Path) -> Settings:
    """The settings of the playground: nothing outside it is touched, and the person in it runs it."""
    return settings.model_copy(
        update={
            "bot_api_url": url,
            "telegram_proxy": None,
            "database_url": f"sqlite+aiosqlite:///{folder / 'silkline.db'}",
            "admin_ids": frozenset({PERSON}),
            "subscribe": SubscribePolicy.OPEN,
            "webhook_url": None,
        }
    )


async def subscribe_demo_channel(store: Store, language: Language, now: datetime) -> None:
    """Give the demo channel a daily subscription."""
    schedule = Schedule(Cadence.DAILY, time(9), "Asia/Shanghai")
    await store.subscriptions.put(Subscription(Address(CHANNEL), schedule, language), now)
