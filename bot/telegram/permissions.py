"""Who may change the settings of a chat. In doubt nobody may."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import TelegramMethod

from bot.settings import Settings, SubscribePolicy
from bot.telegram.sender import Authority, Sender
from digests.subscriptions import Address

log = logging.getLogger(__name__)

_MANAGERS = ("creator", "administrator")


#: Telegram does not answer, or not now.
_TROUBLE = (TelegramNetworkError, TelegramRetryAfter, TelegramServerError)

#: How it says that the bot is not in a chat, besides by 403.
_NOT_THERE = ("chat not found", "bot is not a member", "bot was kicked")


class RawGetChatMember(TelegramMethod[dict[str, Any]]):
    """getChatMember without a look inside: servers differ in the rights that they list."""

    __returning__ = dict[str, Any]
    __api_method__ = "getChatMember"

    chat_id: int
    user_id: int


class RawGetChatAdministrators(TelegramMethod[list[dict[str, Any]]]):
    """getChatAdministrators without a look inside."""

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getChatAdministrators"

    chat_id: int


class WhyUnknown(Enum):
    """Why Telegram does not tell the rights in a chat."""

    AWAY = auto()  # it does not answer just now
    NOT_THERE = auto()  # the bot is not in the chat
    MOVED = auto()  # the chat has another id since


class RightsUnknownError(Exception):
    """Nobody knows who may do what in a chat, which is not the same as that somebody may not."""

    def __init__(self, why: WhyUnknown) -> None:
        super().__init__(why.name)
        self.why = why


@dataclass(frozen=True, slots=True)
class OwnRights:
    """What the bot itself may do in a chat."""

    may_post: bool
    may_pin: bool
    may_delete: bool = False


_NOTHING = OwnRights(may_post=False, may_pin=False)
_EVERYTHING = OwnRights(may_post=True, may_pin=True, may_delete=True)


class Permissions:
    """Answers by asking Telegram afresh each time: rights change without notice."""

    def __init__(self, bot: Bot, settings: Settings) -> None:
        self._bot = bot
        self._operators = settings.admin_ids
        self._policy = settings.subscribe

    def is_operator(self, user_id: int | None) -> bool:
        """Whether a person runs this instance."""
        return user_id in self._operators

    def may_subscribe(self, user_id: int | None) -> bool:
        """Whether this instance lets a person subscribe chats; None for an anonymous sender."""
        return self._policy is SubscribePolicy.OPEN or self.is_operator(user_id)

    async def may_change(self, sender: Sender, chat_id: int) -> bool:
        """Whether a sender may change a chat; one other than their own only from the private chat.

        Raises:
            RightsUnknownError: Telegram does not tell.
        """
        if sender.authority is Authority.NOBODY:
            return False
        if sender.is_private:
            is_own = sender.authority is Authority.PERSON and sender.user_id == sender.chat_id
            return is_own and (chat_id == sender.chat_id or await self.administers(sender.chat_id, chat_id))
        if chat_id != sender.chat_id:
            return False
        if sender.authority is Authority.CHAT:
            return True
        return sender.user_id is not None and await self.administers(sender.user_id, chat_id)

    async def administers(self, user_id: int, chat_id: int) -> bool:
        """Whether a person is the creator or an administrator of a group or channel.

        Raises:
            RightsUnknownError: Telegram does not tell.
        """
        try:
            member = await self._bot(RawGetChatMember(chat_id=chat_id, user_id=user_id))
            return member.get("status") in _MANAGERS
        except TelegramAPIError as error:
            log.info("the membership of %s in %s is not told: %s", user_id, chat_id, _line(error))
            _raise_if_unknown(error)
        return await self._is_listed(user_id, chat_id)

    async def _is_listed(self, user_id: int, chat_id: int) -> bool:
        """A bot that is no administrator may not look up others, but gets the list."""
        try:
            members = await self._bot(RawGetChatAdministrators(chat_id=chat_id))
        except TelegramAPIError as error:
            log.info("the administrators of %s are not told: %s", chat_id, _line(error))
            _raise_if_unknown(error)
            return False
        return any((member.get("user") or {}).get("id") == user_id for member in members)

    async def may_be_told(self, user_id: int, chat_id: int) -> bool:
        """Whether a person may hear of a chat that they subscribed: not if they administer it no more."""
        if chat_id > 0:
            return user_id == chat_id
        try:
            return await self.administers(user_id, chat_id)
        except RightsUnknownError:
            return True  # they know it from before

    async def own_rights(self, chat_id: int) -> OwnRights:
        """What the bot itself may do in a chat; nothing when Telegram refuses to tell.

        Raises:
            RightsUnknownError: it does not answer just now.
        """
        if chat_id > 0:
            return _EVERYTHING
        try:
            member = await self._bot(RawGetChatMember(chat_id=chat_id, user_id=self._bot.id))
        except TelegramAPIError as error:
            log.info("the bot's own rights in %s are not told: %s", chat_id, _line(error))
            if is_trouble(error):
                raise RightsUnknownError(WhyUnknown.AWAY) from error
            return _NOTHING
        return rights_of(member)

    async def reaches_topic(self, address: Address) -> bool:
        """Whether the bot can write to a forum topic: it is neither closed nor deleted.

        Raises:
            RightsUnknownError: Telegram does not answer just now.
        """
        try:
            thread_id = address.thread_id
            await self._bot.send_chat_action(address.chat_id, "typing", message_thread_id=thread_id)
        except TelegramAPIError as error:
            log.info("topic %s cannot be reached: %s", address, _line(error))
            if is_trouble(error):
                raise RightsUnknownError(WhyUnknown.AWAY) from error
            return False
        return True


def is_trouble(error: TelegramAPIError) -> bool:
    """Whether Telegram did not answer, or not now: it may do so later."""
    return isinstance(error, _TROUBLE)


def rights_of(member: Mapping[str, Any]) -> OwnRights:
    """What a chat member may do; channels have a right to edit where groups have one to pin."""
    may_pin = bool(member.get("can_pin_messages") or member.get("can_edit_messages"))
    match member.get("status"):
        case "creator":
            return _EVERYTHING
        case "administrator":
            may_delete = bool(member.get("can_delete_messages"))
            return OwnRights(member.get("can_post_messages") is not False, may_pin, may_delete)
        case "member":
            return OwnRights(may_post=True, may_pin=may_pin)
        case "restricted" if member.get("is_member") is not False:  # those who left keep the status
            return OwnRights(bool(member.get("can_send_messages")), may_pin)
    return _NOTHING


def _raise_if_unknown(error: TelegramAPIError) -> None:
    """Raise RightsUnknownError unless Telegram refused for a reason that is about the person."""
    if isinstance(error, TelegramMigrateToChat):
        raise RightsUnknownError(WhyUnknown.MOVED) from error
    if is_trouble(error):
        raise RightsUnknownError(WhyUnknown.AWAY) from error
    if isinstance(error, TelegramForbiddenError) or any(said in str(error) for said in _NOT_THERE):
        raise RightsUnknownError(WhyUnknown.NOT_THERE) from error


def _line(error: TelegramAPIError) -> str:
    return " ".join(str(error).split())
