"""Updates of older and newer servers: what the bot needs of them is read, the rest is left."""

from __future__ import annotations

from typing import Any

import pytest
from aiogram import Bot
from aiogram.types import Message, Update
from pydantic import ValidationError

from bot.telegram.permissions import rights_of
from bot.telegram.sender import Authority, Sender
from bot.updates.lenient import read_update

ANN = {"id": 7, "is_bot": False, "first_name": "Ann"}
PRIVATE = {"id": 7, "type": "private"}
CHANNEL = {"id": -5, "type": "channel", "title": "C"}
HELP = {"message_id": 9, "date": 1, "chat": PRIVATE, "from": ANN, "text": "/help"}
REPLIED = {"message_id": 3, "date": 1, "chat": PRIVATE}


def read(**content: Any) -> Update:
    return read_update({"update_id": 1, **content}, Bot("1:test"))


@pytest.mark.parametrize(
    "unknown",
    [
        {"poll": {"id": "1", "question": "?", "options": [{"text": "a", "voter_count": 0}]}},
        {"paid_media": {"star_count": 1, "paid_media": [{"type": "hologram"}]}},
        {"gift": {"gift": {"id": 3}}},
        {"story": {"id": "x"}},
        {"chat_background_set": {}},
        {"checklist": {"title": 1}},
        {"forward_origin": {"type": "planet", "date": 1}},
        {"external_reply": {"origin": {"type": "planet", "date": 1}}},
        {"entities": [{"type": "hologram", "offset": "x", "length": 1}]},
        {"reply_markup": {"inline_keyboard": [[{"text": 1}]]}},
        {"reply_to_message": 5},
    ],
    ids=lambda unknown: next(iter(unknown)),
)
def test_a_command_is_read_whatever_it_replies_to_or_carries(unknown: dict[str, Any]) -> None:
    own, replying = read(message=HELP | unknown), read(message=HELP | {"reply_to_message": REPLIED | unknown})
    assert own.message is not None
    assert replying.message is not None
    assert own.message.text == replying.message.text == "/help"
    assert replying.message.reply_to_message is not None


def test_the_keyboard_of_a_page_that_is_replied_to_survives_what_is_unknown_beside_it() -> None:
    markup = {"inline_keyboard": [[{"text": "x", "callback_data": "y"}]]}
    replied = REPLIED | {"gift": {"new": 1}, "reply_markup": markup}
    found = read(message=HELP | {"reply_to_message": replied}).message
    assert found is not None
    assert found.reply_to_message is not None
    assert found.reply_to_message.reply_markup is not None


@pytest.mark.parametrize("name", ["chat", "from", "sender_chat", "via_bot", "message_thread_id"])
def test_who_speaks_and_where_is_never_left_out(name: str) -> None:
    with pytest.raises(ValidationError):
        read(message=HELP | {name: {"id": "nobody"}})


def test_a_forward_of_an_unknown_origin_stays_a_forward() -> None:
    post = {"message_id": 3, "date": 1, "chat": CHANNEL, "text": "/subscribe"}
    found = read(channel_post=post | {"forward_origin": {"type": "planet"}}).channel_post
    assert isinstance(found, Message)
    assert Sender.of_message(found).authority is Authority.NOBODY


def test_rights_that_a_server_does_not_list_are_not_granted() -> None:
    administrator = {"user": ANN, "status": "administrator", "can_post_messages": True}
    left = {"user": ANN, "status": "left"}
    event = {"chat": CHANNEL, "from": ANN, "date": 1}
    added = read(my_chat_member=event | {"old_chat_member": left, "new_chat_member": administrator})
    removed = read(my_chat_member=event | {"old_chat_member": administrator, "new_chat_member": left})
    assert added.my_chat_member is not None
    assert removed.my_chat_member is not None
    assert rights_of(added.my_chat_member.new_chat_member.model_dump()).may_post
    assert not rights_of(removed.my_chat_member.new_chat_member.model_dump()).may_post


def test_a_button_under_a_message_of_an_unknown_kind_is_read() -> None:
    query = {"id": "1", "from": ANN, "chat_instance": "1", "data": "x"}
    found = read(callback_query=query | {"message": HELP | {"gift": {"new": 1}}}).callback_query
    assert found is not None
    assert isinstance(found.message, Message)
