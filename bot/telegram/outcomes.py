"""What an error of a Bot API call means for the post that was to be sent."""

from __future__ import annotations

from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)

from bot.telegram.calls.transport_errors import NotBegunError, NotConnectedError
from digests.posts import Failed, Gone, Later, Moved, Outcome, Unknown

#: How long a server in trouble, or a network that is away, is left alone (seconds).
_SERVER_PAUSE = 15.0

#: A wrong or revoked token is mended by a person; within a minute it is seen that it was (seconds).
_TOKEN_PAUSE = 30.0

#: What Telegram says of a bot that was logged out to move to another Bot API server.
_LOGGED_OUT = "logged out"

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


def outcome_of(error: TelegramAPIError) -> Outcome:
    """What an error of a send means for its delivery."""
    if isinstance(error, TelegramRetryAfter):
        return Later(float(error.retry_after), "Telegram asks to wait")
    if isinstance(error, TelegramMigrateToChat):
        return Moved(error.migrate_to_chat_id)
    if isinstance(error, NotConnectedError | TelegramServerError):
        return Later(0.0 if isinstance(error, NotBegunError) else _SERVER_PAUSE, error.message)
    if isinstance(error, TelegramUnauthorizedError) or _LOGGED_OUT in error.message.lower():
        return Later(_TOKEN_PAUSE, f"Telegram refuses the bot's token: {error.message}")
    if isinstance(error, TelegramNetworkError):
        return Unknown(error.message)
    return _refused(error)


def _refused(error: TelegramAPIError) -> Outcome:
    if any(text in error.message.lower() for text in _GONE):
        return Gone(error.message)
    if any(text in error.message.lower() for text in _TOPIC_GONE):
        return Gone(error.message, topic_only=True)  # the rest of the chat can be reached
    return Failed(error.message, permanent=isinstance(error, TelegramBadRequest))
