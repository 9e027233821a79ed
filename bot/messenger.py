"""Brings a post to an address, and tells Telegram's errors as outcomes of the delivery."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.types import Message

from bot.classic import classic_messages
from bot.encoding import ReadyMessage, ready_body
from bot.plain import plain_text
from bot.session import NotConnectedError
from digests.posts import Delivery, Failed, Gone, Later, Moved, Outcome, Sent, Unknown
from digests.subscriptions import Address

log = logging.getLogger(__name__)

#: How long a server in trouble, or a network that is away, is left alone (seconds).
_SERVER_PAUSE = 15.0

#: When to look again whether another instance has ended (seconds).
_HELD_PAUSE = 30.0

#: A wrong or revoked token is mended by a person (seconds).
_TOKEN_PAUSE = 300.0

#: What Telegram says when a chat cannot be reached, in its own words.
_GONE = (
    "bot was blocked by the user",
    "user is deactivated",
    "bot was kicked from the",
    "bot is not a member of the",
    "the group chat was deleted",
    "bot can't initiate conversation with a user",
    "chat not found",
    "not enough rights to send",
    "have no rights to send a message",
    "need administrator rights in the channel chat",
    "chat_write_forbidden",
    "chat_restricted",
)
#: What it says when only a forum topic is closed or deleted.
_TOPIC_GONE = ("message thread not found", "topic_closed", "topic_deleted")
_UNREADABLE = "can't parse entities"


class TelegramMessenger:
    """Sends posts as classic messages; *bot* speaks through the broadcast lane.

    While *held* gives a reason, nothing is sent: another instance may be sending the same.
    """

    def __init__(
        self, bot: Bot, *, paid: bool = False, held: Callable[[], str | None] = lambda: None
    ) -> None:
        self._bot = bot
        self._paid = paid or None
        self._held = held

    async def send(self, delivery: Delivery) -> Outcome:
        """Send one post; every end is an outcome, nothing is raised.

        A post of several messages counts as sent when the first one arrived: what is told first
        must not be told twice, so a later part that fails is logged and left.
        """
        if reason := self._held():
            return Later(_HELD_PAUSE, reason)
        first, *rest = _messages_of(delivery.post.html)
        try:
            message = await self._send_text(delivery, first)
        except TelegramAPIError as error:
            outcome = outcome_of(error)
            return await self._without_topic(delivery) if _falls_back(delivery, outcome) else outcome
        for text in rest:
            await self._send_rest(delivery, text)
        return Sent(message.message_id)

    async def _without_topic(self, delivery: Delivery) -> Outcome:
        return await self.send(replace(delivery, address=Address(delivery.address.chat_id)))

    async def _send_rest(self, delivery: Delivery, text: str) -> None:
        try:
            await self._send_text(delivery, text)
        except TelegramAPIError as error:
            log.warning("delivery %s: a later part was not sent: %s", delivery.id, outcome_of(error))

    async def _send_text(self, delivery: Delivery, html: str) -> Message:
        try:
            return await self._call(delivery, html, "HTML")
        except TelegramBadRequest as error:
            if _UNREADABLE not in error.message.lower():
                raise
            log.warning("post %s goes out as plain text: %s", delivery.post_id, error.message)
            return await self._call(delivery, plain_text(html), None)

    async def _call(self, delivery: Delivery, text: str, parse_mode: str | None) -> Message:
        body = _body_of(text, parse_mode, delivery.silent or None, self._paid)
        return await self._bot(ReadyMessage.to(delivery.address.chat_id, delivery.address.thread_id, body))


@lru_cache(maxsize=64)
def _messages_of(html: str) -> tuple[str, ...]:
    """The texts of a post, made once for all its subscribers."""
    return tuple(classic_messages(html))


def _falls_back(delivery: Delivery, outcome: Outcome) -> bool:
    is_topic = delivery.address.thread_id != 0 and isinstance(outcome, Gone) and outcome.topic_only
    return is_topic and delivery.falls_back


@lru_cache(maxsize=256)
def _body_of(text: str, parse_mode: str | None, silent: bool | None, paid: bool | None) -> bytes:
    """The request that sends a text, but for its address: encoded once for all its subscribers."""
    return ready_body(text, parse_mode=parse_mode, disable_notification=silent, allow_paid_broadcast=paid)


def outcome_of(error: TelegramAPIError) -> Outcome:
    """What an error of a send means for its delivery."""
    if isinstance(error, TelegramRetryAfter):
        return Later(float(error.retry_after), "Telegram asks to wait")
    if isinstance(error, TelegramMigrateToChat):
        return Moved(error.migrate_to_chat_id)
    if isinstance(error, NotConnectedError | TelegramServerError):
        return Later(_SERVER_PAUSE, error.message)
    if isinstance(error, TelegramUnauthorizedError):
        return Later(_TOKEN_PAUSE, "Telegram refuses the bot's token")
    if isinstance(error, TelegramNetworkError):
        return Unknown(error.message)
    return _refused(error)


def _refused(error: TelegramAPIError) -> Outcome:
    if any(text in error.message.lower() for text in _GONE):
        return Gone(error.message)
    if any(text in error.message.lower() for text in _TOPIC_GONE):
        return Gone(error.message, topic_only=True)  # the rest of the chat can be reached
    return Failed(error.message, permanent=isinstance(error, TelegramBadRequest))
