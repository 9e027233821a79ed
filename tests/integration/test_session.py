from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import orjson
import pytest
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import AnswerCallbackQuery
from aiogram.types import (
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    LinkPreviewOptions,
    MediaUnion,
)
from aiohttp import web

from bot.telegram.calls.transport_errors import NotConnectedError, UnreadableAnswerError
from bot.telegram.permissions import RawGetChatMember
from bot.telegram.rate_limiter import Lane, RateLimiter
from tests.integration.scripted_api import message, refusal, result, scripted, speaking


async def test_a_call_carries_only_the_fields_that_are_set():
    async with scripted(lambda *_: message(7)) as api, speaking(api.url) as bot:
        await bot.send_message(7, "hello")
    assert api.calls == [("sendMessage", {"chat_id": 7, "text": "hello"})]


async def test_the_bots_defaults_fill_what_a_call_leaves_open():
    async with (
        scripted(lambda *_: message(7)) as api,
        speaking(api.url, parse_mode="HTML", link_preview=LinkPreviewOptions(is_disabled=True)) as bot,
    ):
        await bot.send_message(7, "open")
        await bot.send_message(
            7, "set", parse_mode=None, link_preview_options=LinkPreviewOptions(is_disabled=False)
        )
    first, second = api.named("sendMessage")
    assert first == {
        "chat_id": 7, "text": "open", "parse_mode": "HTML", "link_preview_options": {"is_disabled": True},
    }  # fmt: skip
    assert second == {"chat_id": 7, "text": "set", "link_preview_options": {"is_disabled": False}}


async def test_keyboards_and_dates_go_out_as_plain_json():
    keyboard = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="a", callback_data="b")]])
    async with scripted(lambda *_: message(7)) as api, speaking(api.url) as bot:
        await bot.send_message(7, "x", reply_markup=keyboard, request_timeout=5)
        await bot.send_poll(7, "q", ["a", "b"], close_date=datetime(2026, 1, 1, tzinfo=UTC))
    assert api.calls[0][1]["reply_markup"] == {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
    assert api.calls[1][1]["close_date"] == 1767225600


async def test_a_file_is_uploaded_in_a_form():
    picture = BufferedInputFile(b"PNG", "card.png")
    async with scripted(lambda *_: message(7)) as api, speaking(api.url) as bot:
        await bot.send_photo(7, picture, caption="c")
    fields = api.named("sendPhoto")[0]
    name = fields["photo"].removeprefix("attach://")
    assert api.files[name] == b"PNG"
    assert (fields["chat_id"], fields["caption"]) == ("7", "c")


async def test_a_file_inside_a_list_is_uploaded_too():
    media: list[MediaUnion] = [
        InputMediaPhoto(media=BufferedInputFile(b"1", "a.png")),
        InputMediaPhoto(media="known"),
    ]
    async with scripted(lambda *_: result([])) as api, speaking(api.url) as bot:
        await bot.send_media_group(7, media)
    first, second = orjson.loads(api.named("sendMediaGroup")[0]["media"])
    assert api.files[first["media"].removeprefix("attach://")] == b"1"
    assert second["media"] == "known"


async def test_of_a_text_that_was_sent_the_id_the_chat_and_the_date_are_known():
    async with scripted(lambda *_: message(7, 99)) as api, speaking(api.url) as bot:
        sent = await bot.send_message(7, "x")
    assert (sent.message_id, sent.chat.id, sent.date.timestamp()) == (99, 7, 1)


async def test_other_answers_are_decoded_whole():
    me = {"id": 42, "is_bot": True, "first_name": "Silkline", "username": "silkline_bot"}
    async with scripted(lambda *_: result(me)) as api, speaking(api.url) as bot:
        assert (await bot.me()).username == "silkline_bot"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refusal(400, "Bad Request: chat not found"), TelegramBadRequest),
        (refusal(401, "Unauthorized"), TelegramUnauthorizedError),
        (refusal(403, "Forbidden: bot was blocked by the user"), TelegramForbiddenError),
        (refusal(409, "Conflict: terminated by other getUpdates request"), TelegramConflictError),
        (refusal(400, "group upgraded", migrate_to_chat_id=-1005), TelegramMigrateToChat),
        (refusal(429, "Too Many Requests"), TelegramRetryAfter),
        (refusal(500, "Internal Server Error"), TelegramServerError),
        (web.Response(status=502, text="<html>bad gateway"), TelegramServerError),
        (web.Response(status=200, text="<html>captive portal"), UnreadableAnswerError),
    ],
)
async def test_a_refusal_becomes_aiograms_error(answer, error):
    async with scripted(lambda *_: answer) as api, speaking(api.url, lane=Lane.BROADCAST) as bot:
        with pytest.raises(error):
            await bot.send_message(7, "x")


async def test_a_server_that_is_not_there_means_that_the_call_did_not_begin():
    async with speaking("http://127.0.0.1:9", lane=Lane.BROADCAST) as bot:
        with pytest.raises(NotConnectedError):
            await bot.send_message(7, "x")


async def test_a_dropped_connection_and_a_timeout_leave_the_outcome_open():
    async def drop(_method, fields):
        if fields["text"] == "slow":
            await asyncio.sleep(2)
        raise web.HTTPException  # pragma: no cover - the client is gone

    async with scripted(drop) as api, speaking(api.url) as bot:
        with pytest.raises(TelegramNetworkError) as caught:
            await bot.send_message(7, "slow", request_timeout=1)
    assert not isinstance(caught.value, NotConnectedError)


async def test_after_a_429_the_next_call_to_that_chat_waits():
    answers = [refusal(429, "Too Many Requests", retry_after=1), message(7)]
    loop = asyncio.get_running_loop()
    async with scripted(lambda *_: answers.pop(0)) as api, speaking(api.url, lane=Lane.BROADCAST) as bot:
        with pytest.raises(TelegramRetryAfter):
            await bot.send_message(7, "x")
        start = loop.time()
        await bot.send_message(7, "x")
    assert loop.time() - start > 0.9


async def test_an_answer_does_not_wait_out_a_long_429():
    limiter = RateLimiter(0)
    limiter.on_retry_after(7, 600)
    async with scripted(lambda *_: message(7)) as api, speaking(api.url, limiter) as bot:
        with pytest.raises(TelegramRetryAfter) as caught:
            await bot.send_message(7, "x")
    assert 590 < caught.value.retry_after <= 600
    assert api.calls == []


async def test_once_closed_the_connections_are_not_opened_again():
    async with speaking("http://127.0.0.1:9") as bot:
        pass
    with pytest.raises(RuntimeError, match="closed"):
        await bot.send_message(7, "x")


@pytest.mark.parametrize(
    "fault",
    [
        lambda: refusal(429, "Too Many Requests", retry_after=1),
        lambda: refusal(500, "Internal Server Error"),
        lambda: web.Response(status=502, text="<html>bad gateway"),
    ],
    ids=["429", "500", "502"],
)
async def test_an_answer_that_cannot_have_arrived_is_tried_again(fault):
    answers = [fault(), fault(), message(7, 5)]
    async with scripted(lambda *_: answers.pop(0)) as api, speaking(api.url) as bot:
        assert (await bot.send_message(7, "x")).message_id == 5
    assert len(api.calls) == 3


async def test_an_answer_whose_outcome_is_unknown_is_not_doubled():
    answers = [web.Response(status=200, text="<html>"), message(7)]
    async with scripted(lambda *_: answers.pop(0)) as api, speaking(api.url) as bot:
        with pytest.raises(UnreadableAnswerError):
            await bot.send_message(7, "x")
    assert len(api.calls) == 1


@pytest.mark.parametrize(
    "call",
    [AnswerCallbackQuery(callback_query_id="1"), RawGetChatMember(chat_id=-5, user_id=7)],
    ids=["an acknowledgement", "a question for rights"],
)
async def test_what_may_be_done_twice_is_done_again_though_the_first_may_have_arrived(call):
    answers = [web.Response(status=200, text="<html>"), result(True if call.__returning__ is bool else {})]
    async with scripted(lambda *_: answers.pop(0)) as api, speaking(api.url) as bot:
        await bot(call)
    assert len(api.calls) == 2


async def test_of_many_answers_among_faults_each_arrives_once():
    faults = iter([n % 10 == 3 for n in range(10_000)])

    def flaky(_method, fields):
        return refusal(500, "Internal Server Error") if next(faults) else message(int(fields["chat_id"]))

    async with scripted(flaky) as api, speaking(api.url) as bot:
        await asyncio.gather(*(bot.send_message(number, "x") for number in range(1, 201)))
    assert len(api.calls) > 200
