"""What no other router takes: unknown commands, and buttons that are outdated or forged."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery, Message, TelegramObject

from bot.handlers.responder import Responder
from bot.telegram.sender import Sender
from bot.telegram.signed_callbacks import is_signed


async def is_unknown_command(
    _event: TelegramObject, sender: Sender, unknown_command: str | None = None
) -> bool:
    """Whether a private message calls a command that does not exist."""
    return sender.is_private and unknown_command is not None


def fallback_router() -> Router:
    """Comes last."""
    router = Router(name="fallback")
    router.message.register(answer_unknown_command, is_unknown_command)
    router.callback_query.register(outdated_button)
    return router


async def answer_unknown_command(_message: Message, unknown_command: str, responder: Responder) -> None:
    """Say that there is no such command."""
    text = responder.say("Unknown command /%(name)s. /help lists all of them.", name=unknown_command)
    await responder.notice(text, "/help")


async def outdated_button(callback: CallbackQuery, responder: Responder) -> None:
    """Say that a button does nothing any more, or is not valid in this chat."""
    if is_signed(callback.data or ""):
        text = responder.say("This button is not valid here. Please send /settings again.")
    else:
        text = responder.say("This button is from an older version. Please send the command again.")
    await responder.notice(text)
