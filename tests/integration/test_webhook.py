from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiogram.types import Message, Update
from aiohttp import ClientSession
from pydantic import SecretStr

from bot.ops.http import build_site, serving
from bot.updates.state import IntakeState
from bot.updates.update_queue import UpdateQueue
from bot.updates.webhook import PATH, Watch, Webhook, address, register, unregister
from digests.store.connections.database import UnavailableDatabaseError
from tests.integration.scripted_api import Answer, result, scripted, speaking
from tests.integration.test_polling import text

HUSH = SecretStr("hush")
SECRET = {"X-Telegram-Bot-Api-Secret-Token": "hush"}
POST = b"POST /telegram HTTP/1.1\r\nHost: x\r\nX-Telegram-Bot-Api-Secret-Token: hush\r\n"


@asynccontextmanager
async def receiving(handler: Any, **settings: float) -> AsyncIterator[tuple[ClientSession, str]]:

    async def handle(update: Update) -> None:
        if update.message:
            await handler(update.message)

    async with speaking("http://127.0.0.1:9") as bot:
        webhook = Webhook(UpdateQueue(handle, bot), IntakeState(), HUSH, **settings)
        site = build_site({}, {PATH: webhook.handle})
        async with serving(site, "127.0.0.1", 0) as url, ClientSession() as client:
            yield client, f"{url}{PATH}"


async def test_an_update_is_handled_before_telegram_hears_ok():
    heard: list[str | None] = []

    async def handler(message: Message) -> None:
        await asyncio.sleep(0.05)
        heard.append(message.text)

    async with receiving(handler) as (client, url):
        async with client.post(url, json=text(1, 7, "a"), headers=SECRET) as response:
            assert response.status == 200
        assert heard == ["a"]


async def test_an_update_that_comes_again_is_not_handled_again():
    heard: list[str | None] = []

    async def handler(message: Message) -> None:
        await asyncio.sleep(0.05)
        heard.append(message.text)

    async with receiving(handler) as (client, url):
        posts = [client.post(url, json=text(1, 7), headers=SECRET) for _ in range(2)]
        for response in await asyncio.gather(*posts):
            assert response.status == 200
            response.release()
        async with client.post(url, json=text(1, 7), headers=SECRET) as response:
            assert response.status == 200
    assert len(heard) == 1


async def test_without_the_secret_nothing_is_handled():
    heard: list[str | None] = []

    async def handler(message: Message) -> None:
        heard.append(message.text)

    async with receiving(handler) as (client, url):
        for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": "wrong"}):
            async with client.post(url, json=text(1, 7), headers=headers) as response:
                assert response.status == 403
    assert heard == []


async def test_what_is_no_update_or_too_large_is_refused():
    async with receiving(lambda _message: None) as (client, url):
        for body in (b"not json", b"[1]", b'{"update_id": "x"}'):
            async with client.post(url, data=body, headers=SECRET) as response:
                assert response.status == 400
        async with client.post(url, data=io.BytesIO(b"x" * 3_000_000), headers=SECRET) as response:
            assert response.status == 413


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"X-Telegram-Bot-Api-Secret-Token": "h\u00fcsh"}, b"{}", 403),
        (SECRET, b'{"update_id": 1, "a": ' + b"[" * 100_000, 400),
        (SECRET, b"[" * 100_000 + b"]" * 100_000, 400),
        (SECRET | {"Content-Encoding": "deflate"}, b"not deflated", 400),
        (SECRET | {"Content-Encoding": "gzip"}, b"not zipped", 400),
        (SECRET, b'{"update_id": true}', 400),
        (SECRET, b'{"update_id": -1}', 400),
    ],
    ids=["secret", "half nested", "nested", "deflate", "gzip", "true", "negative"],
)
async def test_a_hostile_request_is_refused_without_an_error_of_ours(headers, body, status, caplog) -> None:
    async with (
        receiving(lambda _message: None) as (client, url),
        client.post(url, data=body, headers=headers, compress=False) as response,
    ):
        assert response.status == status
        assert response.headers["Server"] == "silkline"
    assert [line for line in caplog.records if line.levelname == "ERROR"] == []


@pytest.mark.parametrize(
    "broken",
    [
        POST + b"Content-Length: 50\r\n\r\n{",
        POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GARBAGE\r\n\r\n",
    ],
    ids=["aborted", "chunked", "garbage"],
)
async def test_a_request_that_breaks_off_is_no_error_and_tells_no_versions(broken, caplog) -> None:
    async with receiving(lambda _message: None) as (_client, url):
        port = urlsplit(url).port
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(broken)
        await writer.drain()
        await asyncio.sleep(0.1)
        answer = await reader.read(1000) if b"Content-Length" not in broken else b""
        writer.transport.abort()
        await asyncio.sleep(0.1)
    assert b"aiohttp" not in answer
    assert [line for line in caplog.records if line.levelname == "ERROR"] == []


async def test_before_the_webhook_is_registered_nobody_misses_it() -> None:
    async with scripted(lambda *_: info()) as api, speaking(api.url) as bot:
        watch = Watch(bot)
        await watch.look(datetime(2026, 5, 10, 1, tzinfo=UTC))
        assert watch.problem is None
        watch.begin()
        await watch.look(datetime(2026, 5, 10, 1, tzinfo=UTC))
    assert "another instance removed it" in (watch.problem or "")


async def test_an_update_that_waits_too_long_is_asked_for_again_and_handled_once():
    heard: list[str | None] = []

    async def handler(message: Message) -> None:
        await asyncio.sleep(0.2)
        heard.append(message.text)

    async with receiving(handler, bound=0.05) as (client, url):
        statuses = []
        while 200 not in statuses:
            async with client.post(url, json=text(1, 7, "a"), headers=SECRET) as response:
                statuses.append(response.status)
    assert statuses[0] == 503
    assert heard == ["a"]


def info(**told: Any) -> Answer:
    return result({"url": "", "has_custom_certificate": False, "pending_update_count": 0, **told})


async def test_telegram_is_told_the_address_and_the_secret():
    def script(method: str, _fields: object) -> Answer:
        return info() if method == "getWebhookInfo" else result(True)

    async with scripted(script) as api, speaking(api.url) as bot:
        assert await register(bot, "https://bot.example", HUSH, ["message"])
    assert api.named("setWebhook") == [
        {
            "url": address("https://bot.example", HUSH),
            "secret_token": "hush",
            "allowed_updates": ["message"],
        }
    ]


async def test_telegram_is_told_only_what_is_new():
    known = {"url": address("https://bot.example", HUSH), "allowed_updates": ["message", "callback_query"]}
    async with scripted(lambda *_: info(**known)) as api, speaking(api.url) as bot:
        assert not await register(bot, "https://bot.example", HUSH, ["callback_query", "message"])
    async with scripted(lambda *_: info()) as api, speaking(api.url) as bot:
        assert not await unregister(bot)
        assert [method for method, _ in api.calls] == ["getWebhookInfo"]


def test_a_new_secret_makes_a_new_address_that_does_not_tell_it():
    old, new = (address("https://bot.example", SecretStr(secret)) for secret in ("hush", "rush"))
    assert old != new
    assert "hush" not in old


async def test_updates_that_telegram_cannot_post_are_trouble_until_it_can():
    now = datetime(2026, 5, 10, 1, tzinfo=UTC)
    failing = {
        "url": "https://bot.example/telegram",
        "pending_update_count": 3,
        "last_error_date": int(now.timestamp()) - 10,
        "last_error_message": "Connection refused",
    }
    answers = [info(**failing), info(**(failing | {"pending_update_count": 0})), info()]
    problems = []
    async with scripted(lambda *_: answers.pop(0)) as api, speaking(api.url) as bot:
        watch = Watch(bot)
        watch.begin()
        for _ in range(3):
            await watch.look(now)
            problems.append(watch.problem)
    async with speaking("http://127.0.0.1:9") as bot:
        watch = Watch(bot)
        watch.begin()
        await watch.look(now)
    assert problems[0] == "3 updates wait, Telegram cannot post them: Connection refused"
    assert problems[1] is None
    assert "another instance removed it" in str(problems[2])
    assert "Telegram cannot be reached" in str(watch.problem)


async def test_an_update_that_the_database_was_away_for_comes_again_and_is_handled_then():
    heard: list[str | None] = []

    async def handler(message: Message) -> None:
        heard.append(message.text)
        if len(heard) == 1:
            raise UnavailableDatabaseError("the database did not answer within 5 s")

    async with receiving(handler) as (client, url):
        for status in (503, 200, 200):
            async with client.post(url, json=text(1, 7, "a"), headers=SECRET) as response:
                assert response.status == status
    assert heard == ["a", "a"]
