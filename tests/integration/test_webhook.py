from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiogram.types import Message, Update
from aiohttp import ClientSession
from pydantic import SecretStr

from bot.intake.feeding import Feeder
from bot.intake.state import IntakeState
from bot.intake.webhook import PATH, Webhook, register
from bot.web import build_site, serving
from tests.integration.scripted_api import result, scripted, speaking
from tests.integration.test_polling import text

SECRET = {"X-Telegram-Bot-Api-Secret-Token": "hush"}


@asynccontextmanager
async def receiving(handler: Any) -> AsyncIterator[tuple[ClientSession, str]]:

    async def handle(update: Update) -> None:
        if update.message:
            await handler(update.message)

    async with speaking("http://127.0.0.1:9") as bot:
        webhook = Webhook(Feeder(handle, bot), IntakeState(), SecretStr("hush"))
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


async def test_telegram_is_told_the_address_and_the_secret():
    async with scripted(lambda *_: result(True)) as api, speaking(api.url) as bot:
        await register(bot, "https://bot.example", SecretStr("hush"), ["message"])
    assert api.named("setWebhook") == [
        {"url": "https://bot.example/telegram", "secret_token": "hush", "allowed_updates": ["message"]}
    ]
