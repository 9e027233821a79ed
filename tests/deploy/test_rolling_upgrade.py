"""Two real bots on PostgreSQL behind the shipped Caddyfile: one after the other is replaced under load."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from digests.posts import DeliveryState
from digests.store import Store
from tests.deploy.caddy import Telegram, free_port, missing, proxy
from tests.integration.scripted_api import Answer, message, result, scripted
from tests.integration.small_world import EVE, daily

pytestmark = [pytest.mark.skipif(bool(missing()), reason=missing() or ""), pytest.mark.timeout(240)]

#: Updates of the test, and how many begin each second; subscribers, and how many get their post each second.
UPDATES, UPDATE_RATE = 400, 20
SUBSCRIBERS, BROADCAST_RATE = 500, 25

#: The ids of subscribers begin here, those of people who ask at 1.
FIRST_SUBSCRIBER = 100_000

SECRET = "hush-hush-hush-hush"


class BotApi:
    """Answers a little late, and counts which chats got how many messages."""

    def __init__(self) -> None:
        self.arrived: Counter[int] = Counter()
        self._webhook: dict[str, Any] = {"url": ""}

    async def script(self, method: str, fields: dict[str, Any]) -> Answer:
        if method == "getMe":
            return result({"id": 1, "is_bot": True, "first_name": "S", "username": "silkline_bot"})
        if method == "setWebhook":
            self._webhook = {"url": fields["url"], "allowed_updates": fields["allowed_updates"]}
        if method == "getWebhookInfo":
            return result({**self._webhook, "has_custom_certificate": False, "pending_update_count": 0})
        if method != "sendMessage":
            return result(True)
        self.arrived[int(fields["chat_id"])] += 1
        await asyncio.sleep(0.05)  # it arrived, and its answer is on the way
        return message(int(fields["chat_id"]))

    def counts(self) -> dict[str, int]:
        """Lost and doubled messages, of answers and of posts."""
        asked, subscribed = range(1, UPDATES + 1), range(FIRST_SUBSCRIBER, FIRST_SUBSCRIBER + SUBSCRIBERS)
        found = {}
        for kind, chats in (("answers", asked), ("posts", subscribed)):
            found[f"{kind} lost"] = sum(1 for chat in chats if not self.arrived[chat])
            found[f"{kind} doubled"] = sum(max(0, self.arrived[chat] - 1) for chat in chats)
        return found


@dataclass(frozen=True, slots=True)
class Deployment:
    """What two bots are told: all but their host."""

    folder: Path
    settings: dict[str, str]
    port: int

    @asynccontextmanager
    async def bot(self, host: str) -> AsyncIterator[asyncio.subprocess.Process]:
        """A bot that answers at a host; killed at the end if it still runs."""
        environment = os.environ | self.settings | {"HTTP_HOST": host, "HTTP_PORT": str(self.port)}
        with (self.folder / "log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run",
                cwd=self.folder, env=environment, stdout=asyncio.subprocess.PIPE, stderr=log,
            )  # fmt: skip
        assert process.stdout is not None
        try:
            assert await asyncio.wait_for(process.stdout.readline(), 60)
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()

    async def publish(self) -> None:
        """Have every subscriber get a day's digest."""
        command = ["publish", "--date", "2026-05-10", "--cadence", "daily"]
        environment = os.environ | self.settings
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *command, cwd=self.folder, env=environment
        )
        assert await process.wait() == 0


def updates() -> Iterator[dict[str, object]]:
    """Each from a person of its own."""
    for number in range(1, UPDATES + 1):
        person = {"id": number, "is_bot": False, "first_name": "P", "language_code": "en"}
        command = {"type": "bot_command", "offset": 0, "length": 6}
        chat = {"id": number, "type": "private", "first_name": "P"}
        asks = {
            "message_id": 1,
            "date": 1,
            "chat": chat,
            "from": person,
            "text": "/about",
            "entities": [command],
        }
        yield {"update_id": number, "message": asks}


@asynccontextmanager
async def loaded(folder: Path, postgresql_url: str) -> AsyncIterator[tuple[Deployment, Telegram, BotApi]]:
    """A deployment behind Caddy, with subscribers, and the server that its bots speak to."""
    at, api = free_port(), BotApi()
    async with scripted(api.script) as server, proxy(folder, at) as url, ClientSession() as client:
        settings = {
            "BOT_TOKEN": "1:hush-hush",
            "BOT_API_URL": server.url,
            "BROADCAST_RATE": str(BROADCAST_RATE),
            "DATABASE_URL": postgresql_url,
            "WEBHOOK_URL": url,
            "WEBHOOK_SECRET": SECRET,
        }
        yield Deployment(folder, settings, at), Telegram(client, f"{url}/telegram", SECRET), api


async def all_sent(store: Store) -> None:
    async with asyncio.timeout(120):
        while (await store.outbox.summary())[DeliveryState.SENT] < SUBSCRIBERS:  # noqa: ASYNC110 - polled
            await asyncio.sleep(0.2)


Change = Callable[[Deployment, AsyncExitStack, dict[str, asyncio.subprocess.Process]], Awaitable[None]]


async def replace_each(deployment: Deployment, closing: AsyncExitStack, bots: dict[str, Any]) -> None:
    """One after the other is stopped as a service manager does, and started anew."""
    for host, process in bots.items():
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 10) == 0
        await closing.enter_async_context(deployment.bot(host))


async def kill_leader(_deployment: Deployment, _closing: AsyncExitStack, bots: dict[str, Any]) -> None:
    """The first one, which leads, is killed and not started again."""
    bots["127.0.0.1"].kill()


async def under_load(folder: Path, postgresql_url: str, change: Change) -> tuple[Telegram, dict[str, int]]:
    """A change in the middle of a broadcast and of what people ask; what was lost and doubled."""
    store = await Store.open(postgresql_url)
    chats = range(FIRST_SUBSCRIBER, FIRST_SUBSCRIBER + SUBSCRIBERS)
    await store.subscriptions.put_all([daily(chat, picture=False) for chat in chats], EVE)
    async with AsyncExitStack() as closing:
        closing.push_async_callback(store.close)
        deployment, telegram, api = await closing.enter_async_context(loaded(folder, postgresql_url))
        bots = {
            host: await closing.enter_async_context(deployment.bot(host))
            for host in ("127.0.0.1", "127.0.0.2")
        }
        await deployment.publish()
        posting = asyncio.create_task(telegram.post_all(list(updates()), UPDATE_RATE))
        await asyncio.sleep(2)
        await change(deployment, closing, bots)
        await asyncio.wait_for(posting, 90)
        await all_sent(store)
    return telegram, api.counts()


async def test_a_rolling_upgrade_under_load_loses_nothing_doubles_nothing_and_refuses_nobody(
    tmp_path: Path, postgresql_url: str
) -> None:
    telegram, counts = await under_load(tmp_path, postgresql_url, replace_each)
    print("\nreplaced:", telegram, counts)
    assert telegram.statuses == {200: UPDATES}
    assert not any(counts.values())
    log = (tmp_path / "log").read_text()
    assert "Traceback" not in log
    assert "ERROR" not in log


async def test_when_the_bot_that_sends_is_killed_the_other_one_loses_nothing(
    tmp_path: Path, postgresql_url: str
) -> None:
    telegram, counts = await under_load(tmp_path, postgresql_url, kill_leader)
    print("\nkilled:", telegram, counts)
    assert counts["answers lost"] == counts["posts lost"] == 0
    assert counts["posts doubled"] <= 2 * BROADCAST_RATE
    assert counts["answers doubled"] <= telegram.refused
    assert telegram.refused < UPDATES * 0.05
    assert telegram.p95 < 1
