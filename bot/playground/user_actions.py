"""What people do to chats: pick one for the bot, promote, leave, close topics, upgrade a group."""

from __future__ import annotations

from typing import Any

from bot.playground.bot_api.world import PlayChat, World

MANAGERS = ("creator", "administrator")
_OUT = ("left", "kicked")


class ImpossibleError(ValueError):
    """Telegram's apps do not offer this."""


def pick(world: World, person_id: int, request: dict[str, Any], chat_id: int) -> None:
    """A person picks a chat with a button of the reply keyboard; the bot is added as it asked.

    Raises:
        ImpossibleError: the apps would not list that chat.
    """
    chat = world.chats[chat_id]
    if (chat.type == "channel") != bool(request.get("chat_is_channel")) or chat.type == "private":
        raise ImpossibleError("another kind of chat was asked for")
    if request.get("user_administrator_rights") and chat.members.get(person_id) not in MANAGERS:
        raise ImpossibleError("only chats that this person administers are listed")
    if request.get("bot_administrator_rights") and chat.bot_status != "administrator":
        world.admit(person_id, chat_id, "administrator")
    elif request.get("bot_is_member") and chat.bot_status in _OUT:
        world.admit(person_id, chat_id, "member")
    private = world.chats[person_id]
    shared = {"request_id": int(request["request_id"]), "chat_id": chat_id}
    if request.get("request_title"):
        shared["title"] = chat.title  # type: ignore[assignment] # a title is no number
    message = world.new_message(private, 0) | {"from": world.people[person_id], "chat_shared": shared}
    world.keep(private, message)
    world.push("message", message, private)


def set_member(world: World, chat_id: int, person_id: int, status: str) -> None:
    """Somebody joins, leaves, is promoted or demoted; the bot is not told of it."""
    world.chats[chat_id].members[person_id] = status
    world.tell({"type": "chat", "chat": world.chats[chat_id].shown()})


def set_topic(world: World, chat_id: int, thread_id: int, state: str, person_id: int) -> None:
    """A topic is closed, opened again or deleted; of the last Telegram tells no bot."""
    chat = world.chats[chat_id]
    if state == "deleted":
        chat.topics.pop(thread_id, None)
    elif state == "closed":
        chat.closed_topics.add(thread_id)
    else:
        chat.closed_topics.discard(thread_id)
    if state != "deleted":
        kind = "forum_topic_closed" if state == "closed" else "forum_topic_reopened"
        message = world.new_message(chat, thread_id) | {"from": world.people[person_id], kind: {}}
        world.push("message", message, chat)
    world.tell({"type": "chat", "chat": chat.shown()})


def upgrade(world: World, chat_id: int) -> int:
    """A group becomes a supergroup; its new id."""
    new_id = min(*world.chats, -1001000000000) - 1
    world.migrate(chat_id, new_id)
    world.tell({"type": "reload"})
    return new_id


def say_as_channel(world: World, chat_id: int, channel: PlayChat, text: str) -> None:
    """Somebody writes in a group in the name of a channel of his."""
    chat = world.chats[chat_id]
    mask = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
    message = world.new_message(chat, 0) | {"text": text, "from": mask, "sender_chat": channel.brief()}
    world.keep(chat, message)
    world.push("message", message, chat)


def say_anonymously(world: World, chat_id: int, text: str) -> None:
    """An administrator writes in the name of the group itself."""
    chat = world.chats[chat_id]
    mask = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    message = world.new_message(chat, 0) | {"text": text, "from": mask, "sender_chat": chat.brief()}
    world.keep(chat, message)
    world.push("message", message, chat)
