"""Inner middleware: refusals are explained, and whatever goes wrong is noted and said."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, cast

from aiogram import BaseMiddleware
from aiogram.dispatcher.event.handler import HandlerObject
from aiogram.exceptions import TelegramAPIError, TelegramNetworkError, TelegramRetryAfter, TelegramServerError
from aiogram.types import TelegramObject

from bot.handlers.responder import Responder
from bot.handlers.subscription.refusals import RefusedError, refusal_text
from bot.handlers.turning_away import TOO_FAST
from bot.ops.background import BackgroundTasks
from bot.telegram.outcomes import outcome_of
from digests.posts import Unknown
from digests.store.connections.database import is_database_trouble

log = logging.getLogger(__name__)

#: A word that comes later than this is of no use (seconds).
_LATEST = 120

#: How often a word is said at most whose arrival is unknown.
_TRIES = 3


class ErrorsMiddleware(BaseMiddleware):
    """Turns the exceptions of a handler into answers."""

    def __init__(self) -> None:
        self._told_later: set[int] = set()

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        """Call the handler."""
        responder = cast("Responder", data["responder"])
        try:
            return await handler(event, data)
        except RefusedError as error:
            await _tell(responder, refusal_text(error.refusal, responder))
        except TelegramAPIError as error:
            log.warning("the answer of %s in %s was not sent: %s", _name(data), responder.chat_id, error)
            if isinstance(error, TelegramNetworkError | TelegramServerError):
                # sent again, it could stand there twice; or the time for it was slept through
                text = "My answer may not have arrived. If you do not see it, please ask again."
                await _tell(responder, responder.say(text))
            elif isinstance(error, TelegramRetryAfter):
                self._tell_later(responder, error.retry_after, data["background"])
        except Exception as error:
            if is_database_trouble(error):
                raise  # the update is taken again, and answered when the database is back
            log.exception("%s failed", _name(data))
            text = responder.say("Something went wrong here; it is noted. Please try again.")
            await _tell(responder, text, "/help")
        return None

    def _tell_later(self, responder: Responder, seconds: float, background: BackgroundTasks) -> None:
        """Say once that nothing may be sent there just now, as soon as it may."""
        chat_id = responder.chat_id
        if chat_id in self._told_later or seconds > _LATEST:
            return
        self._told_later.add(chat_id)

        async def tell() -> None:
            self._told_later.discard(chat_id)
            await _tell(responder, responder.say(TOO_FAST))

        asyncio.get_running_loop().call_later(seconds, background.do, tell)


async def _tell(responder: Responder, text: str, *examples: str) -> None:
    """Say it until it arrives: a word that stands there twice does less harm than silence."""
    for _ in range(_TRIES):
        try:
            return await responder.notice(text, *examples)
        except TelegramAPIError as error:
            trouble = error
            if not isinstance(outcome_of(error), Unknown):
                break
    log.warning("a refusal or an error was not told in %s: %s", responder.chat_id, trouble)
    return None


def _name(data: dict[str, Any]) -> str:
    handler = cast("HandlerObject", data["handler"])
    return getattr(handler.callback, "__name__", "a handler")
