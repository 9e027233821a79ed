"""Inner middlewares: the language, layout and theme of the answer, its responder, and the acknowledgement."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, cast

from aiogram import BaseMiddleware
from aiogram.types import CallbackQuery, Message, TelegramObject

from bot.handlers.acknowledgement import acknowledge
from bot.handlers.chat_languages import ChatLanguages
from bot.handlers.reply_target import ReplyTarget
from bot.handlers.responders import Responders
from bot.telegram.sender import Sender

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


class LanguageMiddleware(BaseMiddleware):
    """Adds ``language``, ``layout`` and ``theme``: the chat's choice, else in private the app's language."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Look them up."""
        sender, languages = cast("Sender", data["sender"]), cast("ChatLanguages", data["languages"])
        code = sender.language_code if sender.is_private else None
        data["language"], data["layout"], data["theme"] = await languages.looks_of(sender.chat_id, code)
        return await handler(event, data)


class ResponderMiddleware(BaseMiddleware):
    """Adds ``responder``; a pressed button is acknowledged behind its handler, whatever happens there."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Make it."""
        responders = cast("Responders", data["responders"])
        language, layout, theme = data["language"], data["layout"], data["theme"]
        if isinstance(event, Message):
            data["responder"] = responders.make(ReplyTarget.behind(event), language, layout, theme=theme)
            return await handler(event, data)
        target = ReplyTarget.replacing(data["message"])
        responder = responders.make(target, language, layout, theme=theme, is_button=True)
        data["responder"] = responder
        try:
            return await handler(event, data)
        finally:
            await acknowledge(cast("CallbackQuery", event), "\n".join(responder.alerts or ()))
