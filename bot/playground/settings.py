"""The settings and the subscription that the playground begins with, and the language of its chats."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path

from bot.handlers.chat_languages import ChatLanguages
from bot.playground.bot_api.chats import OUT
from bot.playground.bot_api.world import World
from bot.playground.demo import CHANNEL, PERSON, speak
from bot.settings import Settings, SubscribePolicy
from digests.schedules import Cadence, Schedule
from digests.store import Store
from digests.subscriptions import Address, Subscription
from digests.text import Language


def rehearsed(settings: Settings, url: str, folder: Path) -> Settings:
    """The settings of the playground: nothing outside it is touched.

    Without ADMIN_IDS the person who owns everything in it is the operator.
    """
    return settings.model_copy(
        update={
            "bot_api_url": url,
            "telegram_proxy": None,
            "database_url": f"sqlite+aiosqlite:///{folder / 'silkline.db'}",
            "admin_ids": settings.admin_ids or frozenset({PERSON}),
            "subscribe": SubscribePolicy.OPEN,
            "webhook_url": None,
        }
    )


async def subscribe_demo_channel(store: Store, language: Language, now: datetime) -> None:
    """Give the demo channel a daily subscription."""
    schedule = Schedule(Cadence.DAILY, time(9), "Asia/Shanghai")
    await store.subscriptions.put(Subscription(Address(CHANNEL), schedule, language), now)


class DemoLanguage:
    """The language of the bot's posts and answers in the playground's groups and channels."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._languages: ChatLanguages | None = None

    def take_along(self, languages: ChatLanguages) -> None:
        """From now on the bot follows."""
        self._languages = languages

    async def speak(self, language: Language) -> None:
        """Have people, names, and the bot in its groups and channels speak a language."""
        speak(self._world, language)
        if self._languages is None:
            return
        for chat in list(self._world.chats.values()):
            if chat.type != "private" and chat.bot_status not in OUT:
                await self._languages.choose(chat.id, language)
