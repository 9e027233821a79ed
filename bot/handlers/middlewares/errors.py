"""Inner middleware: refusals are explained, and whatever goes wrong is noted and said."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any, cast

from aiogram import BaseMiddleware
from aiogram.dispatcher.event.handler import HandlerObject
from aiogram.exceptions import TelegramAPIError
from aiogram.types import TelegramObject

from bot.handlers.responder import Responder
from bot.handlers.subscription.refusals import RefusedError, refusal_text
from digests.store.connections.database import is_database_trouble

log = logging.getLogger(__name__)


class ErrorsMiddleware(BaseMiddleware):
    """Turns the exceptions of a handler into answers."""

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
            await _try(responder.notice(refusal_text(error.refusal, responder)))
        except TelegramAPIError as error:
            log.warning("the answer of %s in %s was not sent: %s", _name(data), responder.chat_id, error)
        except Exception as error:
            if is_database_trouble(error):
                raise  # the update is taken again, and answered when the database is back
            log.exception("%s failed", _name(data))
            text = responder.say("Something went wrong here; it is noted. Please try again.")
            await _try(responder.notice(text, "/help"))
        return None


async def _try(answer: Awaitable[None]) -> None:
    try:
        await answer
    except TelegramAPIError as error:
        log.warning("a refusal or an error was not told: %s", error)


def _name(data: dict[str, Any]) -> str:
    handler = cast("HandlerObject", data["handler"])
    return getattr(handler.callback, "__name__", "a handler")
