"""The local Bot API server refuses what Telegram refuses, in its words, and survives whatever is sent."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramConflictError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup, Update
from aiohttp import ClientSession, web

from bot.playground import CHANNEL, GROUP, PERSON, PlaygroundServer, World, demo_world
from bot.playground.bot_api.fault_injection import Faults, Limits


class Town:
    """A server, its world, and a client of it."""

    def __init__(self, server: PlaygroundServer, url: str) -> None:
        self.server = server
        self.world: World = server.world
        self.url = url
        self.bot = Bot("1:test", session=AiohttpSession(api=TelegramAPIServer.from_base(url)))

    async def raw(
        self, method: str, body: bytes, content_type: str = "application/json"
    ) -> tuple[int, dict[str, Any]]:
        async with (
            ClientSession() as session,
            session.post(
                f"{self.url}/bot1:test/{method}", data=body, headers={"Content-Type": content_type}
            ) as response,
        ):
            return response.status, json.loads(await response.read())


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    server = PlaygroundServer(demo_world())
    made = Town(server, await server.start("127.0.0.1", 0))
    yield made
    await made.bot.session.close()
    await server.close()


def one_button(data: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="x", callback_data=data)]])


@pytest.mark.parametrize(
    ("chat_id", "text", "told"),
    [
        (PERSON, " ", "message text is empty"),
        (PERSON, "x" * 4097, "message is too long"),
        (PERSON, "🀄" * 2049, "message is too long"),
        (PERSON, "<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 0'),
        (PERSON, "<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        (PERSON, "<b><i>x</b></i>", 'expected "</i>", found "</b>"'),
        (PERSON, "x</b>", "Unexpected end tag at byte offset 1"),
        (4, "x", "chat not found"),
    ],
)
async def test_a_message_is_refused_in_telegrams_words(
    town: Town, chat_id: int, text: str, told: str
) -> None:
    with pytest.raises(TelegramAPIError, match=r".") as refused:
        await town.bot.send_message(chat_id, text, parse_mode="HTML")
    assert told in refused.value.message
    assert town.world.calls[-1].refusal is not None


async def test_what_fits_exactly_is_accepted_and_counted_after_parsing(town: Town) -> None:
    sent = await town.bot.send_message(PERSON, f"<b>{'x' * 4096}</b>", parse_mode="HTML")
    assert sent.entities is not None
    assert (sent.entities[0].type, sent.entities[0].length) == ("bold", 4096)


async def test_more_than_a_hundred_entities_are_dropped_with_a_warning(town: Town) -> None:
    sent = await town.bot.send_message(PERSON, "<b>x</b> " * 101, parse_mode="HTML")
    assert len(sent.entities or ()) == 100
    assert "101 entities" in town.world.calls[-1].warning


@pytest.mark.parametrize("data", ["x" * 65, "许" * 22, ""])
async def test_the_data_of_a_button_has_1_to_64_bytes(town: Town, data: str) -> None:
    with pytest.raises(TelegramAPIError, match="BUTTON_DATA_INVALID"):
        await town.bot.send_message(PERSON, "x", reply_markup=one_button(data))


async def test_an_edit_that_changes_nothing_or_nobody_is_refused(town: Town) -> None:
    sent = await town.bot.send_message(PERSON, "x", reply_markup=one_button("a"))
    with pytest.raises(TelegramAPIError, match="message is not modified"):
        await town.bot.edit_message_text(
            "x", chat_id=PERSON, message_id=sent.message_id, reply_markup=one_button("a")
        )
    with pytest.raises(TelegramAPIError, match="message to edit not found"):
        await town.bot.edit_message_text("y", chat_id=PERSON, message_id=99)
    edited = await town.bot.edit_message_text("y", chat_id=PERSON, message_id=sent.message_id)
    assert not isinstance(edited, bool)
    assert (edited.text, edited.reply_markup) == ("y", None)


@pytest.mark.parametrize(
    ("chat_id", "status", "told"),
    [
        (PERSON, "kicked", "bot was blocked by the user"),
        (CHANNEL, "left", "bot is not a member of the channel chat"),
        (GROUP, "kicked", "bot was kicked from the supergroup chat"),
        (GROUP, "restricted", "not enough rights to send text messages to the chat"),
    ],
)
async def test_a_chat_that_does_not_want_the_bot_says_so(
    town: Town, chat_id: int, status: str, told: str
) -> None:
    town.world.chats[chat_id].bot_status = status
    with pytest.raises(TelegramAPIError, match=told):
        await town.bot.send_message(chat_id, "x")


async def test_a_topic_must_exist_and_be_open(town: Town) -> None:
    with pytest.raises(TelegramAPIError, match="message thread not found"):
        await town.bot.send_message(GROUP, "x", message_thread_id=77)
    town.world.chats[GROUP].closed_topics.add(2)
    with pytest.raises(TelegramAPIError, match="TOPIC_CLOSED"):
        await town.bot.send_message(GROUP, "x", message_thread_id=2)


async def test_a_group_that_moved_names_its_new_id(town: Town) -> None:
    town.world.migrate(GROUP, -1009)
    with pytest.raises(TelegramMigrateToChat) as moved:
        await town.bot.send_message(GROUP, "x")
    assert moved.value.migrate_to_chat_id == -1009


async def test_a_picture_is_uploaded_once_and_sent_again_by_its_id(town: Town) -> None:
    sent = await town.bot.send_photo(PERSON, BufferedInputFile(b"png", "x.png"), caption="one")
    assert sent.photo
    again = await town.bot.send_photo(PERSON, sent.photo[-1].file_id)
    assert again.photo
    assert again.photo[-1].file_id == sent.photo[-1].file_id
    with pytest.raises(TelegramAPIError, match="wrong file identifier"):
        await town.bot.send_photo(PERSON, "photo-nothing")


async def test_updates_are_given_out_by_offset_and_limit_and_parse(town: Town) -> None:
    town.world.says(PERSON, PERSON, "/start")
    town.world.says(PERSON, CHANNEL, "/subscribe")
    town.world.says(PERSON, GROUP, "hello", 2)
    sent = await town.bot.send_message(PERSON, "x", reply_markup=one_button("a"))
    town.world.presses(PERSON, PERSON, sent.message_id, "a")
    for status in ("kicked", "member", "left", "administrator"):
        town.world.admit(PERSON, PERSON if status in ("kicked", "member") else GROUP, status)
    updates = await town.bot.get_updates()
    kinds = ["message", "channel_post", "message", "callback_query", *["my_chat_member"] * 4]
    assert [Update.model_validate(update.model_dump()).event_type for update in updates] == kinds
    first, *rest = await town.bot.get_updates(offset=updates[1].update_id, limit=2)
    assert (first.update_id, len(rest)) == (updates[1].update_id, 1)


async def test_a_second_poller_ends_the_first(town: Town) -> None:
    first = asyncio.create_task(town.bot.get_updates(timeout=5))
    await asyncio.sleep(0.2)
    await town.bot.get_updates(timeout=0)
    with pytest.raises(TelegramConflictError):
        await first


async def test_who_is_a_member_and_what_the_commands_are_is_told(town: Town) -> None:
    assert (await town.bot.get_chat_member(GROUP, PERSON)).status == "creator"
    assert {member.status for member in await town.bot.get_chat_administrators(CHANNEL)} == {
        "creator",
        "administrator",
    }
    assert (await town.bot.get_chat(GROUP)).is_forum
    assert (await town.bot.get_me()).username == "silkline_bot"


async def test_an_unknown_method_and_a_wrong_token_are_answered_as_telegram_does(town: Town) -> None:
    assert (await town.raw("sendHologram", b"{}"))[0] == 404
    async with ClientSession() as session, session.get(f"{town.url}/botnonsense/getMe") as response:
        assert response.status == 401


@pytest.mark.parametrize("limits", [Limits(per_second=2), Limits(per_chat=2), Limits(per_group_minute=2)])
async def test_a_limit_answers_429_with_the_time_to_wait(town: Town, limits: Limits) -> None:
    town.server.limits = limits
    for _ in range(2):
        await town.bot.send_message(GROUP, "x")
    with pytest.raises(TelegramRetryAfter) as refused:
        await town.bot.send_message(GROUP, "x")
    assert 1 <= refused.value.retry_after <= 61


@pytest.mark.parametrize(
    ("fault", "error", "arrived"),
    [
        ("drop_before", TelegramNetworkError, 0),
        ("drop_after", TelegramNetworkError, 1),
        ("server_error", TelegramServerError, 0),
        ("too_many", TelegramRetryAfter, 0),
    ],
)
async def test_faults_happen_on_purpose(town: Town, fault: str, error: type[Exception], arrived: int) -> None:
    town.server.faults = Faults()
    setattr(town.server.faults, fault, 1.0)
    with pytest.raises(error):
        await town.bot.send_message(PERSON, "x")
    assert len(town.world.chats[PERSON].messages) == arrived


async def test_a_webhook_gets_each_update_with_its_secret_until_it_takes_it(town: Town) -> None:
    seen: list[tuple[str, int]] = []

    async def take(request: web.Request) -> web.Response:
        update = await request.json()
        seen.append((request.headers["X-Telegram-Bot-Api-Secret-Token"], update["update_id"]))
        return web.Response(status=500 if len(seen) == 1 else 200)

    app = web.Application()
    app.router.add_post("/hook", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await town.bot.set_webhook(f"http://127.0.0.1:{runner.addresses[0][1]}/hook", secret_token="word")
    town.world.says(PERSON, PERSON, "/start")
    async with asyncio.timeout(30):
        while len(seen) < 2:  # noqa: ASYNC110 - another server's task fills it
            await asyncio.sleep(0.05)
    await runner.cleanup()
    assert seen[0] == seen[1]
    assert seen[0][0] == "word"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b"null",
        b'"x"',
        b"\xff\xfe",
        b"[" * 10_000,
        b'{"chat_id": {}}',
        b'{"chat_id": 1e400}',
        b'{"chat_id": 1001, "text": 7, "entities": "x"}',
        b'{"chat_id": 1001, "text": "x", "reply_markup": "x"}',
        b'{"chat_id": 1001, "text": "x", "message_thread_id": "x"}',
        b'{"chat_id": 1001, "text": "x", "entities": [{"offset": "a"}]}',
    ],
)
async def test_a_hostile_body_gets_a_refusal_and_the_next_one_its_answer(town: Town, body: bytes) -> None:
    for method in ("sendMessage", "editMessageText", "getUpdates", "answerCallbackQuery", "setMyCommands"):
        status, answer = await town.raw(method, body)
        assert status < 500
        assert answer["ok"] or answer["description"]
    assert (await town.bot.get_me()).id == 1
