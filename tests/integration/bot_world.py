"""The bot and its chats in one process, over real HTTP; what tests of answers share."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from bot.app import build
from bot.handlers.dispatcher import UPDATES
from bot.handlers.subscription.failure_notices import send_failure_notices
from bot.instance import Instance
from bot.playground import PERSON, PlaygroundServer, World, demo_world
from bot.playground.bot_api.fault_injection import Faults
from bot.settings import Settings, packs_directory
from bot.telegram.deep_links import payload_of
from bot.telegram.rate_limiter import RateLimiter, UnlimitedRateLimiter
from bot.updates.polling import Poller
from digests.delivery.clock import ShiftedClock
from digests.report.loading import load_pack
from digests.report.model import Report
from digests.store import Store

STRANGER = 2002


#: Who administers a chat is asked although the bot may not be there any more.
_MAY_BE_REFUSED = ("getChatMember", "getChatAdministrators")


async def until(holds: Callable[[], object], seconds: float = 60) -> None:
    """Wait for something that another task does."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - the world is plain state without events
            await asyncio.sleep(0.02)


@dataclass
class Town:
    """The bot and its chats, in one process."""

    world: World
    instance: Instance

    async def after(self, act: Callable[[], object], chat_id: int, seconds: float = 30) -> dict[str, Any]:
        """Do something and wait for the bot's next message, or edit, in a chat."""
        queue = self.world.listen()
        try:
            act()
            async with asyncio.timeout(seconds):
                while True:
                    event = await queue.get()
                    message = event.get("message") or {}
                    is_bots = "from" not in message or message["from"]["is_bot"]
                    if (
                        event["type"] == "message"
                        and event["chat_id"] == chat_id
                        and is_bots
                        and "photo" not in message  # a picture goes before its text
                        and not self._is_post(message)
                    ):
                        return dict(message)
        finally:
            self.world.unlisten(queue)

    def _is_post(self, message: dict[str, Any]) -> bool:
        return str(message.get("text", "")).startswith("/")

    async def move_to(self, to: datetime) -> None:
        """Set the clock, and do what is due by then."""
        clock = self.instance.clock
        assert isinstance(clock, ShiftedClock)
        clock.set(to)
        await self.instance.planner.plan(clock.now())
        await self.instance.sender.drain(clock.now())

    async def ask(
        self,
        text: str,
        chat_id: int = PERSON,
        person: int = PERSON,
        thread_id: int = 0,
        *,
        seconds: float = 30,
    ) -> str:
        message = await self.after(
            lambda: self.world.says(person, chat_id, text, thread_id), chat_id, seconds
        )
        return str(message.get("text") or message.get("caption"))

    def newest(self, chat_id: int = PERSON) -> dict[str, Any]:
        """The newest message with buttons: a picture that had to be drawn comes behind it."""
        messages = self.world.chats[chat_id].messages
        return next(
            messages[number]
            for number in sorted(messages, reverse=True)
            if "reply_markup" in messages[number]
        )

    async def press(self, label: str, chat_id: int = PERSON, person: int = PERSON) -> dict[str, Any]:
        message = self.newest(chat_id)
        button = next(
            b for row in message["reply_markup"]["inline_keyboard"] for b in row if label in b["text"]
        )
        data = button["callback_data"]
        return await self.after(
            lambda: self.world.presses(person, chat_id, message["message_id"], data), chat_id
        )

    async def follow(self, label: str, chat_id: int, person: int = PERSON) -> str:
        """A person follows a link button of the newest message with buttons, into their private chat."""
        rows = self.newest(chat_id)["reply_markup"]["inline_keyboard"]
        link = next(b["url"] for row in rows for b in row if label in b["text"])
        return await self.ask(f"/start {payload_of(link)}", person, person)

    async def forge(self, data: str, message_id: int, person: int = PERSON) -> str:
        """Press a button that does not exist; the toast that answers."""
        query = self.world.presses(person, PERSON, message_id, data)
        await until(lambda: self.world.callbacks[query] is not None)
        return str((self.world.callbacks[query] or {})["text"])

    async def silence(self, act: Callable[[], object], chat_id: int) -> bool:
        """Whether the bot says nothing in a chat."""
        try:
            await self.after(act, chat_id, 0.7)
        except TimeoutError:
            return True
        return False


@cache
def report() -> Report:
    """The report as its pack gives it, read once for all tests: that takes longer than most of them."""
    return load_pack(packs_directory() / "henan-cbec-2023")


async def stock(database_url: str) -> None:
    """Put the report into a database, so that an instance needs no pack."""
    store = await Store.open(database_url)
    await store.reports.save(report())
    await store.close()


async def tell_failures(town: Town) -> int:
    """Tell who subscribed a chat what failed there; how many notices that were."""
    instance = town.instance
    return await send_failure_notices(instance.store, instance.responders, instance.dispatcher["permissions"])


@asynccontextmanager
async def living_town(
    database_url: str, *, faults: Faults | None = None, rate_limiter: RateLimiter | None = None, **given: Any
) -> AsyncIterator[Town]:
    """A town on the eve of 10 May 2026; at the end the server must not have refused anything."""
    clock = ShiftedClock()
    clock.set(datetime(2026, 5, 9, 12, tzinfo=ZoneInfo("Asia/Shanghai")))
    world = demo_world(clock.now)
    world.people[STRANGER] = {"id": STRANGER, "is_bot": False, "first_name": "Eve", "language_code": "en"}
    server = PlaygroundServer(world, faults=faults)
    url = await server.start("127.0.0.1", 0)
    async with AsyncExitStack() as closing:
        await stock(database_url)
        no_packs = Path(closing.enter_context(TemporaryDirectory(prefix="silkline-no-packs-")))
        given |= {"bot_api_url": url, "database_url": database_url, "packs_dir": no_packs}
        settings = Settings(**{"admin_ids": frozenset({PERSON})} | given)
        closing.push_async_callback(server.close)
        instance = await build(
            settings, SecretStr("1:test"), clock, rate_limiter or UnlimitedRateLimiter(), closing
        )
        stop = asyncio.Event()
        polling = asyncio.create_task(
            Poller(instance.bot, instance.update_queue, instance.intake, list(UPDATES)).run(stop)
        )
        yield Town(world, instance)
        stop.set()
        await polling
    if faults is None:
        refused = [call for call in world.calls if call.refusal and call.method not in _MAY_BE_REFUSED]
        assert [call.refusal.description for call in refused if call.refusal] == []
