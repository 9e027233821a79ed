"""Reads updates of older and newer Bot API servers: what is unknown or malformed in them is left out.

The bot uses little of an update. A nested object that this aiogram cannot read is dropped, as long as no
right depends on it; flags that a server does not list yet count as not granted.
"""

from __future__ import annotations

import copy
from typing import Any

from aiogram import Bot
from aiogram.types import (
    ChatMemberAdministrator,
    ChatMemberBanned,
    ChatMemberLeft,
    ChatMemberMember,
    ChatMemberOwner,
    ChatMemberRestricted,
    Update,
)
from pydantic import BaseModel, ValidationError

#: How often an update is repaired and read again.
_ATTEMPTS = 12

#: Fields that say who speaks and where: without them somebody could pass for somebody else.
_IDENTIFYING = frozenset(
    {"chat", "from", "sender_chat", "via_bot", "is_automatic_forward", "message_thread_id"}
    | {"is_topic_message", "direct_messages_topic"}
)

#: What is said of a person or chat besides who it is.
_BESIDE_THE_IDENTITY = frozenset({"language_code", "last_name", "username", "is_premium"})

_MEMBERS: dict[str, type[BaseModel]] = {
    "creator": ChatMemberOwner,
    "administrator": ChatMemberAdministrator,
    "member": ChatMemberMember,
    "restricted": ChatMemberRestricted,
    "left": ChatMemberLeft,
    "kicked": ChatMemberBanned,
}


#: Who stands for the bot itself where the server does not say.
_USER = {"id": 0, "is_bot": True, "first_name": "?"}


def read_update(raw: dict[str, Any], bot: Bot) -> Update:
    """An update, without what cannot be read of it.

    Raises:
        ValidationError: what is left would be no update, or not say who sent it.
    """
    try:
        return Update.model_validate(raw, context={"bot": bot})
    except ValidationError as error:
        problem = error
    repaired = copy.deepcopy(raw)
    _complete_members(repaired)
    _complete_button(repaired)
    _mask_forwards(repaired)
    for _ in range(_ATTEMPTS):
        try:
            return Update.model_validate(repaired, context={"bot": bot})
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False, include_input=False)[0]
            if not _drop(repaired, first["loc"]):
                raise problem from None
    raise problem


def is_empty(update: Update) -> bool:
    """Whether an update is of a kind that is not known."""
    return all(value is None for name, value in update.__dict__.items() if name != "update_id")


def _drop(update: dict[str, Any], location: tuple[int | str, ...]) -> bool:
    """Drop what is malformed, or the object that lacks something; False when nothing may be dropped."""
    path = _path(update, location)
    while path and isinstance(path[-1][0], list):
        path.pop()  # an item goes with its list: what is left of it could be misread
    # the first step is the kind of update: without it nothing is left
    if len(path) < 2:  # noqa: PLR2004 - see above
        return False
    container, key = path[-1]
    if path[1][1] in _IDENTIFYING and key not in _BESIDE_THE_IDENTITY:
        return False
    del container[key]
    return True


def _path(update: dict[str, Any], location: tuple[int | str, ...]) -> list[tuple[Any, Any]]:
    """Each container on the way to a location with the key that leads on.

    A location also holds the names of unions' members, which are no keys.
    """
    holder: Any = update
    path: list[tuple[Any, Any]] = []
    for step in location:
        is_key = isinstance(holder, dict) and step in holder
        is_item = isinstance(holder, list) and isinstance(step, int) and step < len(holder)
        if is_key or is_item:
            path.append((holder, step))
            holder = holder[step]
    return path


def _complete_members(update: dict[str, Any]) -> None:
    """Flags that a server does not list count as not granted.

    A membership that cannot be read is no news if it is the old one, and none at all if it is the new one.
    """
    event = update.get("my_chat_member")
    if not isinstance(event, dict):
        return
    for name, stand_in in (("old_chat_member", "member"), ("new_chat_member", "left")):
        member = event.get(name)
        if not isinstance(member, dict) or not _is_completed(member):
            event[name] = {"status": stand_in, "user": _USER}


def _is_completed(member: dict[str, Any]) -> bool:
    """Whether a member can be read, with the flags that the server does not list."""
    model = _MEMBERS.get(str(member.get("status")))
    if model is None:
        return False
    for field, info in model.model_fields.items():
        if info.is_required() and field not in member and info.annotation is bool:
            member[field] = False
    if "until_date" in model.model_fields:
        member.setdefault("until_date", 0)
    try:
        model.model_validate(member)
    except ValidationError:
        return False
    return True


def _complete_button(update: dict[str, Any]) -> None:
    """A pressed button is acknowledged by its id alone; the chat instance is nothing that is used."""
    button = update.get("callback_query")
    if isinstance(button, dict):
        button["id"] = str(button.get("id"))
        button["chat_instance"] = str(button.get("chat_instance", ""))


def _mask_forwards(update: dict[str, Any]) -> None:
    """A forward of an unknown origin stays a forward."""
    for name in ("message", "channel_post"):
        message = update.get(name)
        if isinstance(message, dict) and message.get("forward_origin") is not None:
            message["forward_origin"] = {"type": "hidden_user", "date": 0, "sender_user_name": "?"}
