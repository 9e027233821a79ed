"""What no other router takes: unknown commands, and buttons that are outdated or forged."""

from __future__ import annotations

from aiogram import Router
from aiogram.enums import ContentType
from aiogram.types import CallbackQuery, Message, TelegramObject

from bot.commands import BY_NAME, Scope, UnknownCall
from bot.handlers.responder import Responder
from bot.telegram.sender import Sender
from bot.telegram.signed_callbacks import is_signed
from bot.views.screen import Button, Screen, action, in_rows
from digests.text import undirected

#: What a person may send that is no text; service messages are not answered.
_CONTENT = frozenset(
    {
        ContentType.ANIMATION, ContentType.AUDIO, ContentType.CHECKLIST, ContentType.CONTACT,
        ContentType.DICE, ContentType.DOCUMENT, ContentType.GAME, ContentType.LOCATION,
        ContentType.PAID_MEDIA, ContentType.PHOTO, ContentType.POLL, ContentType.STICKER,
        ContentType.STORY, ContentType.VENUE, ContentType.VIDEO, ContentType.VIDEO_NOTE,
        ContentType.VOICE, ContentType.UNKNOWN,
    }
)  # fmt: skip


async def is_unknown_call(
    _event: TelegramObject, sender: Sender, unknown_call: UnknownCall | None = None
) -> bool:
    """Whether a private message calls a command that does not exist."""
    return sender.is_private and unknown_call is not None


async def is_without_text(message: Message, sender: Sender) -> bool:
    """Whether a person sends something that the bot cannot read."""
    return sender.is_private and message.content_type in _CONTENT


def fallback_router() -> Router:
    """Comes last."""
    router = Router(name="fallback")
    router.message.register(answer_unknown_call, is_unknown_call)
    router.message.register(answer_without_text, is_without_text)
    router.callback_query.register(outdated_button)
    return router


async def answer_unknown_call(_message: Message, unknown_call: UnknownCall, responder: Responder) -> None:
    """Say that there is no such command, with those that may have been meant as buttons."""
    name = undirected(unknown_call.name)
    text = responder.say("Unknown command /%(name)s. /help lists all of them.", name=name)
    shown = [name for name in unknown_call.near if BY_NAME[name].scope is Scope.EVERYBODY]
    buttons = [Button(f"/{name}", action(name, unknown_call.argument)) for name in shown]
    examples = [f"/{name}" for name in unknown_call.near] or ["/help"]
    html = responder.render("notice", text=text, examples=examples)
    await responder.show(Screen(html, in_rows(buttons, 3)))


async def answer_without_text(_message: Message, responder: Responder) -> None:
    """Say what can be written."""
    text = responder.say("I read text only: write a word to search for, or one of the commands.")
    await responder.notice(text, "/help")


async def outdated_button(callback: CallbackQuery, responder: Responder) -> None:
    """Say that a button does nothing any more, or is not valid in this chat."""
    if is_signed(callback.data or ""):
        text = responder.say("This button is not valid here. Please send /settings again.")
    else:
        text = responder.say("This button is from an older version. Please send the command again.")
    await responder.notice(text)
