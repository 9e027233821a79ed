"""The local Bot API server holds pins, deletions, answers and threads to Telegram's rules."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from aiogram.exceptions import TelegramAPIError
from aiogram.types import BufferedInputFile, ChatMemberAdministrator, ReplyParameters

from bot.playground import CHANNEL, GROUP, PERSON, PlaygroundServer, demo_world
from bot.playground.bot_api.world import PlayChat
from digests.delivery.clock import ShiftedClock
from tests.integration.test_playground_server import Town

COMMENTS = -1001000000077
DIRECT = -1001000000078


@pytest.fixture
def clock() -> ShiftedClock:
    return ShiftedClock()


@pytest.fixture
async def town(clock: ShiftedClock) -> AsyncIterator[Town]:
    world = demo_world(clock.now)
    world.chats[COMMENTS] = PlayChat(COMMENTS, "supergroup", "Comments", {PERSON: "member"})
    world.chats[DIRECT] = PlayChat(DIRECT, "supergroup", "Direct", direct_topics={7: PERSON})
    server = PlaygroundServer(world)
    made = Town(server, await server.start("127.0.0.1", 0))
    yield made
    await made.bot.session.close()
    await server.close()


async def test_unpinning_the_message_before_leaves_the_new_pin(town: Town) -> None:
    old, new = [(await town.bot.send_message(CHANNEL, text)).message_id for text in ("old", "new")]
    for message_id in (old, new):
        await town.bot.pin_chat_message(CHANNEL, message_id)
    await town.bot.unpin_chat_message(CHANNEL, message_id=old)
    assert town.world.chats[CHANNEL].pinned == new
    await town.bot.unpin_chat_message(CHANNEL)
    assert town.world.chats[CHANNEL].pinned is None
    with pytest.raises(TelegramAPIError, match="message to unpin not found"):
        await town.bot.unpin_chat_message(CHANNEL, message_id=old)


async def test_a_deleted_message_is_pinned_no_more(town: Town) -> None:
    sent = await town.bot.send_message(CHANNEL, "x")
    await town.bot.pin_chat_message(CHANNEL, sent.message_id)
    await town.bot.delete_message(CHANNEL, sent.message_id)
    assert town.world.chats[CHANNEL].pinned is None


async def test_a_pin_needs_its_right_and_is_told_by_a_message_that_can_be_deleted(town: Town) -> None:
    sent = await town.bot.send_message(CHANNEL, "x")
    await town.bot.pin_chat_message(CHANNEL, sent.message_id)
    service = town.world.chats[CHANNEL].last()
    assert service["pinned_message"]["message_id"] == sent.message_id
    assert (await town.bot.get_updates())[-1].channel_post is not None
    await town.bot.delete_message(CHANNEL, service["message_id"])
    town.world.chats[CHANNEL].withheld = {"edit_messages"}
    with pytest.raises(TelegramAPIError, match="not enough rights to manage pinned messages"):
        await town.bot.pin_chat_message(CHANNEL, sent.message_id)


async def test_a_command_in_a_channel_is_deleted_only_by_a_bot_that_may(town: Town) -> None:
    command = town.world.says(PERSON, CHANNEL, "/settings")["message_id"]
    town.world.chats[CHANNEL].withheld = {"delete_messages"}
    me = await town.bot.get_chat_member(CHANNEL, 1)
    assert isinstance(me, ChatMemberAdministrator)
    assert not me.can_delete_messages
    with pytest.raises(TelegramAPIError, match="message can't be deleted"):
        await town.bot.delete_message(CHANNEL, command)
    town.world.chats[CHANNEL].withheld = set()
    assert await town.bot.delete_message(CHANNEL, command)


async def test_without_the_right_only_own_and_young_messages_can_be_deleted(
    town: Town, clock: ShiftedClock
) -> None:
    town.world.chats[GROUP].bot_status = "member"
    own = await town.bot.send_message(GROUP, "x")
    assert await town.bot.delete_message(GROUP, own.message_id)
    old = await town.bot.send_message(PERSON, "x")
    clock.set(datetime.now(UTC) + timedelta(hours=49))
    with pytest.raises(TelegramAPIError, match="message can't be deleted"):
        await town.bot.delete_message(PERSON, old.message_id)


async def test_an_answer_names_its_message_or_is_refused(town: Town) -> None:
    asked = town.world.says(PERSON, PERSON, "/today")["message_id"]
    sent = await town.bot.send_message(PERSON, "x", reply_parameters=ReplyParameters(message_id=asked))
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.text == "/today"
    with pytest.raises(TelegramAPIError, match="message to be replied not found"):
        await town.bot.send_message(PERSON, "x", reply_parameters=ReplyParameters(message_id=99))
    lenient = ReplyParameters(message_id=99, allow_sending_without_reply=True)
    assert (await town.bot.send_message(PERSON, "x", reply_parameters=lenient)).reply_to_message is None


async def test_a_comment_belongs_to_the_thread_of_its_post_and_to_no_topic(town: Town) -> None:
    post = town.world.says(PERSON, COMMENTS, "a post")["message_id"]
    comment = town.world.says(PERSON, COMMENTS, "/today", reply_to=post)
    assert comment["message_thread_id"] == post
    assert "is_topic_message" not in comment
    answered = await town.bot.send_message(COMMENTS, "x", message_thread_id=post)
    assert (answered.message_thread_id, answered.is_topic_message) == (post, None)
    with pytest.raises(TelegramAPIError, match="message thread not found"):
        await town.bot.send_message(COMMENTS, "x", message_thread_id=500)


async def test_direct_messages_of_a_channel_are_answered_in_their_topic(town: Town) -> None:
    asked = town.world.says(PERSON, DIRECT, "/today")
    assert asked["direct_messages_topic"]["topic_id"] == 7
    with pytest.raises(TelegramAPIError, match="channel direct messages topic must be specified"):
        await town.bot.send_message(DIRECT, "x")
    sent = await town.bot.send_message(DIRECT, "x", direct_messages_topic_id=7)
    assert sent.direct_messages_topic is not None
    assert sent.direct_messages_topic.topic_id == 7


@pytest.mark.parametrize(("size", "shown"), [((1080, 540), (1080, 540)), ((2000, 4000), (640, 1280))])
async def test_a_photo_has_the_measures_of_its_picture(
    town: Town, size: tuple[int, int], shown: tuple[int, int]
) -> None:
    header = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"".join(side.to_bytes(4) for side in size)
    sent = await town.bot.send_photo(PERSON, BufferedInputFile(header, "x.png"))
    assert sent.photo
    assert (sent.photo[-1].width, sent.photo[-1].height) == shown
