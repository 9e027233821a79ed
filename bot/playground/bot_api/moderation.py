"""Methods that pin, unpin and delete messages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.playground.bot_api.chats import PlayChat
from bot.playground.bot_api.posting import chat_of
from bot.playground.bot_api.refusals import bad_request
from bot.playground.bot_api.world import Call, World

#: How long a bot may delete messages where it has no right to delete them all.
_DELETABLE_FOR = timedelta(hours=48)


def delete_message(world: World, parameters: dict[str, Any], _call: Call) -> bool:
    """``deleteMessage``: commands and service messages too, where the bot may delete messages."""
    chat = chat_of(world, parameters)
    message_id = int(parameters.get("message_id") or 0)
    if message_id not in chat.messages:
        raise bad_request("message to delete not found")
    if not _is_deletable(world, chat, message_id):
        raise bad_request("message can't be deleted")
    del chat.messages[message_id]
    world.tell({"type": "deleted", "chat_id": chat.id, "message_id": message_id})
    if message_id in chat.pins:
        _set_pins(world, chat, chat.pins - {message_id})
    return True


def _is_deletable(world: World, chat: PlayChat, message_id: int) -> bool:
    if chat.may("delete_messages"):
        return True
    age = world.now().timestamp() - chat.messages[message_id]["date"]
    is_young = age < _DELETABLE_FOR.total_seconds()
    return is_young and (chat.type == "private" or message_id in chat.own)


def pin(world: World, parameters: dict[str, Any], _call: Call) -> bool:
    """``pinChatMessage``; in groups and channels a service message tells of it."""
    chat = _chat_of_pins(world, parameters)
    message_id = int(parameters.get("message_id") or 0)
    if message_id not in chat.messages:
        raise bad_request("message to pin not found")
    _set_pins(world, chat, chat.pins | {message_id})
    if chat.type != "private":
        _announce(world, chat, message_id)
    return True


def _announce(world: World, chat: PlayChat, message_id: int) -> None:
    pinned = chat.messages[message_id]
    message = world.new_message(chat, int(pinned.get("message_thread_id") or 0) if chat.topics else 0)
    message |= {"sender_chat": chat.brief()} if chat.type == "channel" else {"from": world.bot}
    message["pinned_message"] = {key: value for key, value in pinned.items() if key != "reply_to_message"}
    world.keep(chat, message)
    world.push("channel_post" if chat.type == "channel" else "message", message, chat)


def unpin(world: World, parameters: dict[str, Any], _call: Call) -> bool:
    """``unpinChatMessage``: the one that is named, else the newest; all others stay pinned."""
    chat = _chat_of_pins(world, parameters)
    wanted = int(parameters.get("message_id") or 0) or chat.pinned
    if wanted not in chat.pins:
        raise bad_request("message to unpin not found")
    _set_pins(world, chat, chat.pins - {wanted})
    return True


def unpin_all(world: World, parameters: dict[str, Any], _call: Call) -> bool:
    """``unpinAllChatMessages``."""
    _set_pins(world, _chat_of_pins(world, parameters), set())
    return True


def _chat_of_pins(world: World, parameters: dict[str, Any]) -> PlayChat:
    chat = chat_of(world, parameters)
    right = "edit_messages" if chat.type == "channel" else "pin_messages"
    if chat.type != "private" and not chat.may(right):
        raise bad_request("not enough rights to manage pinned messages in the chat")
    return chat


def _set_pins(world: World, chat: PlayChat, pins: set[int]) -> None:
    chat.pins = pins
    world.tell({"type": "chat", "chat": chat.shown()})
