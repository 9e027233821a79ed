"""Rich answers and posts over real HTTP, and the roads back to classic: nothing lost, nothing doubled."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from pydantic import SecretStr

from bot.app import build
from bot.handlers.dispatcher import UPDATES
from bot.playground import PERSON, PlaygroundServer, demo_world
from bot.playground.bot_api import posting
from bot.playground.bot_api.refusals import bad_request
from bot.sending.messenger import TelegramMessenger
from bot.settings import Settings
from bot.telegram.rate_limiter import Lane, UnlimitedRateLimiter
from bot.updates.polling import Poller
from digests.delivery.clock import ShiftedClock
from digests.posts import Failed, Gone, Later, Sent, Unknown
from digests.subscriptions import Layout
from tests.integration.bot_world import Town
from tests.integration.scripted_api import message, refusal, scripted, speaking
from tests.integration.test_messenger import delivery


@asynccontextmanager
async def playing(database_url: str, missing: Collection[str] = ()) -> AsyncIterator[Town]:
    """A bot whose chats are rich unless they chose otherwise."""
    clock = ShiftedClock()
    clock.set(datetime(2026, 5, 9, 12, tzinfo=ZoneInfo("Asia/Shanghai")))
    server = PlaygroundServer(demo_world(clock.now), missing=missing)
    url = await server.start("127.0.0.1", 0)
    settings = Settings(bot_api_url=url, database_url=database_url, default_layout=Layout.RICH)
    async with AsyncExitStack() as closing:
        closing.push_async_callback(server.close)
        instance = await build(settings, SecretStr("1:test"), clock, UnlimitedRateLimiter(), closing)
        stop = asyncio.Event()
        poller = Poller(instance.bot, instance.update_queue, instance.intake, list(UPDATES))
        polling = asyncio.create_task(poller.run(stop))
        yield Town(server.world, instance)
        stop.set()
        await polling


def called(town: Town, *names: str) -> list[str]:
    return [call.method for call in town.world.calls if call.method in names]


async def say(town: Town, text: str) -> dict[str, Any]:
    return await town.after(lambda: town.world.says(PERSON, PERSON, text), PERSON)


async def test_a_rich_chat_gets_one_rich_message_and_turns_its_pages_in_place(sqlite_url: str) -> None:
    async with playing(sqlite_url) as town:
        answer = await say(town, "/zones")
        kinds = [block["type"] for block in answer["rich_message"]["blocks"]]
        assert kinds.count("table") > 2
        assert "text" not in answer
        card = await town.press("📍")
        assert card["message_id"] == answer["message_id"]
        assert card["rich_message"] != answer["rich_message"]
        assert called(town, "sendMessage") == []


def photos(message: dict[str, Any]) -> list[str]:
    blocks = message["rich_message"]["blocks"]
    return [block["photo"][0]["file_id"] for block in blocks if block["type"] == "photo"]


async def test_a_picture_stands_in_its_page_and_is_uploaded_once(sqlite_url: str) -> None:
    async with playing(sqlite_url) as town:
        first = await say(town, "/growth")
        again = await say(town, "/growth")
        assert photos(first) == photos(again) != []
        uploads = [c for c in town.world.calls if any(isinstance(v, bytes) for v in c.parameters.values())]
        assert [call.method for call in uploads] == ["sendRichMessage"]
        assert called(town, "sendPhoto", "sendMessage") == []


async def test_a_button_brings_the_page_with_its_picture(sqlite_url: str) -> None:
    async with playing(sqlite_url) as town:
        first = await say(town, "/timeline 2014")
        card = await town.press("2014年5月10日")
        assert card["message_id"] == first["message_id"]
        assert len(photos(card)) == 1


async def test_a_post_is_one_message_that_holds_its_card(sqlite_url: str) -> None:
    async with playing(sqlite_url) as town:
        post = await say(town, "/preview 2026-05-10")
        assert len(photos(post)) == 1
        assert called(town, "sendPhoto", "sendMessage", "sendRichMessage") == ["sendRichMessage"]


async def test_a_page_whose_picture_is_refused_goes_without_it_and_is_not_tried_again(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> str:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")

    monkeypatch.setattr(posting, "_stored", refuse)
    async with playing(sqlite_url) as town:
        assert [photos(await say(town, "/growth")) for _ in range(2)] == [[], []]
        assert called(town, "sendRichMessage", "sendMessage") == ["sendRichMessage"] * 3


async def test_an_older_server_turns_the_instance_to_classic_and_says_so_once(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with playing(sqlite_url, missing={"sendrichmessage"}) as town:
        assert "text" in await say(town, "/zones")
        assert "text" in await say(town, "/timeline")
        assert called(town, "sendRichMessage", "sendMessage") == [
            "sendRichMessage",
            "sendMessage",
            "sendMessage",
        ]
    assert len([r for r in caplog.records if "classic until a restart" in r.message]) == 1


async def test_a_chat_that_chose_classic_gets_classic(sqlite_url: str) -> None:
    async with playing(sqlite_url) as town:
        await town.instance.store.chats.set_layout(PERSON, Layout.CLASSIC)
        assert "text" in await say(town, "/zones")
        assert called(town, "sendRichMessage") == []


async def test_a_classic_message_of_before_becomes_rich_when_its_button_is_pressed(sqlite_url: str) -> None:
    async with playing(sqlite_url) as town:
        button = InlineKeyboardButton(text="Zones", callback_data="v|zones||0")
        keyboard = InlineKeyboardMarkup(inline_keyboard=[[button]])
        before = await town.instance.bot.send_message(PERSON, "classic", reply_markup=keyboard)
        page = await town.press("Zones")
        assert page["message_id"] == before.message_id
        assert ("rich_message" in page, "text" in page) == (True, False)


async def sent(script: Any, times: int = 1) -> tuple[list[Any], list[str]]:
    """The outcomes of sending a rich post so often, and the methods that were called."""
    async with scripted(script) as api, speaking(api.url, lane=Lane.BROADCAST) as bot:
        messenger = TelegramMessenger(bot)
        outcomes = [await messenger.send(replace(delivery(), layout=Layout.RICH)) for _ in range(times)]
        return outcomes, [name for name, _ in api.calls]


def rich_answers(answer: Any) -> Any:
    return lambda method, fields: answer if method == "sendRichMessage" else message(fields["chat_id"], 7)


async def test_a_rich_post_is_one_call() -> None:
    outcomes, calls = await sent(lambda _method, fields: message(fields["chat_id"], 7))
    assert (outcomes, calls) == ([Sent(7)], ["sendRichMessage"])


async def test_a_refused_page_goes_out_as_classic_and_is_not_tried_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    refused = refusal(400, "Bad Request: RICH_MESSAGE_CONTENT_REQUIRED")
    outcomes, calls = await sent(rich_answers(refused), times=3)
    assert outcomes == [Sent(7)] * 3
    assert calls == ["sendRichMessage", "sendMessage", "sendMessage", "sendMessage"]
    assert [r.levelno for r in caplog.records if "goes out as classic" in r.message] == [logging.WARNING]


@pytest.mark.parametrize(
    "unknown",
    [
        refusal(404, "Not Found"),
        refusal(404, "Not Found: method not found"),
        refusal(400, "Bad Request: method not found"),
    ],
)
async def test_a_server_without_the_method_is_asked_once(unknown: Any) -> None:
    outcomes, calls = await sent(rich_answers(unknown), times=2)
    assert (outcomes, calls) == ([Sent(7)] * 2, ["sendRichMessage", "sendMessage", "sendMessage"])


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (refusal(403, "Forbidden: bot was blocked by the user"), Gone),
        (refusal(400, "Bad Request: chat not found"), Gone),
        (refusal(400, "Bad Request: message thread not found"), Gone),
        (refusal(429, "Too Many Requests: retry after 3", retry_after=3), Later),
        (refusal(500, "Internal Server Error"), Later),
        (refusal(403, "Forbidden: something else"), Failed),
    ],
)
async def test_what_classic_would_meet_too_is_the_outcome_of_the_one_call(answer: Any, kind: type) -> None:
    outcomes, calls = await sent(rich_answers(answer))
    assert isinstance(outcomes[0], kind)
    assert calls == ["sendRichMessage"]


async def test_an_unknown_outcome_is_not_followed_by_a_second_message() -> None:
    def drop(_method: str, _fields: dict[str, Any]) -> Any:
        return {"no": "answer of a Bot API server"}

    outcomes, calls = await sent(drop)
    assert isinstance(outcomes[0], Unknown)
    assert calls == ["sendRichMessage"]
