"""Outer middlewares that read a request once: its sender, its command, or the action of a signed button."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, cast

from aiogram import BaseMiddleware
from aiogram.types import CallbackQuery, InaccessibleMessage, InlineKeyboardMarkup, Message, TelegramObject

from bot.commands import BY_NAME, Call, Command, Scope, UnknownCall, argument_of, parse_call, parse_keyword
from bot.handlers.acknowledgement import acknowledge
from bot.handlers.general.error_report import LONGEST
from bot.handlers.subscription.picker_labels import picker_labels
from bot.telegram.callback_data import MenuAction, MenuCallback, SubscriptionAction
from bot.telegram.deep_links import LinkKind, is_payload, payload_of
from bot.telegram.permissions import Permissions
from bot.telegram.sender import Sender
from bot.telegram.signed_callbacks import CallbackSigner, SignedAction, is_signed
from digests.pages import Pages
from digests.subscriptions import Address
from digests.text import Language

#: The kinds of link that show no view.
_DOING = (LinkKind.ERROR, LinkKind.SETTINGS)

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


class MessageReader(BaseMiddleware):
    """Adds ``sender``, ``address``, and what the message asks for.

    That is ``command`` (a row of the table), ``unknown_call``, ``opened`` (a link that does something),
    ``settings_reply``, ``reported`` or ``is_picker_label``; the text behind it is the ``argument``.
    """

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Read a message or channel post."""
        message, sender = cast("Message", event), Sender.of_message(cast("Message", event))
        data |= {"sender": sender, "address": sender.address, "argument": ""}
        text = message.text or (message.caption if sender.is_private else None)
        if text and not message.is_automatic_forward and not _is_of_a_bot(message):
            data |= await _asked(message, text, sender, data)
        return await handler(event, data)


def _is_of_a_bot(message: Message) -> bool:
    """Whether another bot wrote it: two that answer each other would never end.

    Those who speak as a chat have a bot's name for servers that do not know of them.
    """
    return message.from_user is not None and message.from_user.is_bot and message.sender_chat is None


async def _asked(message: Message, text: str, sender: Sender, data: dict[str, Any]) -> dict[str, Any]:
    """What a text asks for."""
    if sender.is_private and text in picker_labels(data["pages"]):
        return {"is_picker_label": True}
    call = parse_call(text, (await data["bot"].me()).username or "")
    if call is None and (answered := _answered(message, text, sender, data)):
        return answered
    if call is None and sender.is_private and not text.startswith("/"):
        call = parse_keyword(text) or Call("search", argument_of(text))
    return _called(call, sender, data["permissions"]) if call else {}


def _answered(message: Message, text: str, sender: Sender, data: dict[str, Any]) -> dict[str, Any]:
    """What a reply to the bot answers: the page of the settings, or the question for an error."""
    if reply := _settings_reply(message, data["signer"]):
        return {"settings_reply": reply, "argument": argument_of(text)}
    reported = _reported(message, data["bot"].id) if sender.is_private else ""
    return {"reported": reported, "argument": text[:LONGEST]} if reported else {}


def _called(call: Call | UnknownCall, sender: Sender, permissions: Permissions) -> dict[str, Any]:
    """What a command asks for, whether it is known or not."""
    if call == Call("start", "subscribe") and not sender.is_private:
        call = Call("subscribe", "")  # the link that adds the bot to a group
    if isinstance(call, Call) and sender.is_private and (opened := _opened(call)):
        return {"opened": opened}
    if isinstance(call, Call) and call.name == "start" and not is_payload(call.argument):
        call = Call("start", "")
    command = _known(call, sender, permissions) if isinstance(call, Call) else None
    if command is None:
        unknown = call if isinstance(call, UnknownCall) else UnknownCall(call.name, call.argument)
        return {"unknown_call": unknown}
    return {"command": command, "argument": call.argument}


def _known(call: Call, sender: Sender, permissions: Permissions) -> Command | None:
    """The row of a command; those of operators are unknown to others."""
    command = BY_NAME.get(call.name)
    if command and command.scope is Scope.OPERATORS and not permissions.is_operator(sender.user_id):
        return None
    return command


def _settings_reply(message: Message, signer: CallbackSigner) -> SignedAction | None:
    """The action of the first signed button of the message that is replied to."""
    replied = message.reply_to_message
    if replied is None or not isinstance(replied.reply_markup, InlineKeyboardMarkup):
        return None
    for row in replied.reply_markup.inline_keyboard:
        for button in row:
            if button.callback_data and is_signed(button.callback_data):
                return signer.verify(replied.chat.id, button.callback_data)
    return None


def _opened(call: Call) -> tuple[LinkKind, str] | None:
    """What a link does that shows no view: its kind, and what it names."""
    kind, _, named = call.argument.partition("-")
    return (LinkKind(kind), named) if call.name == "start" and kind in _DOING and named else None


def _reported(message: Message, bot_id: int) -> str:
    """What an error is reported of: the link in the bot's question that is replied to says it."""
    replied = message.reply_to_message
    if replied is None or replied.from_user is None or replied.from_user.id != bot_id:
        return ""
    payloads = (payload_of(entity.url) for entity in replied.entities or () if entity.url)
    named = (payload.partition("-") for payload in payloads)
    return next((fact for kind, _, fact in named if kind == LinkKind.ERROR), "")


#: What the menu does to the chat in which it stands; it says no address, so it needs no signature.
_MENU = {
    MenuCallback(action=MenuAction.SUBSCRIBE).pack(): SignedAction(SubscriptionAction.SUBSCRIBE, Address(0)),
    MenuCallback(action=MenuAction.SETTINGS).pack(): SignedAction(
        SubscriptionAction.OPEN_SECTION, Address(0), "main"
    ),
}


class ButtonReader(BaseMiddleware):
    """Adds ``sender``, ``address``, ``message`` and, for a verified button, ``signed``."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Read a pressed button; one whose message Telegram no longer shows is only acknowledged."""
        callback = cast("CallbackQuery", event)
        message = callback.message
        if message is None or isinstance(message, InaccessibleMessage):
            pages, language = (
                cast("Pages", data["pages"]),
                Language.of_app(callback.from_user.language_code),
            )
            text = "This button is from an older version. Please send the command again."
            return await acknowledge(callback, pages.say(language or Language.ZH, text))
        sender = Sender.of_button(callback, message)
        data |= {"sender": sender, "address": sender.address, "message": message}
        if is_signed(callback.data or ""):
            data["signed"] = data["signer"].verify(message.chat.id, callback.data)
        elif (callback.data or "") in _MENU:
            data["signed"] = replace(_MENU[callback.data or ""], address=sender.address)
        return await handler(event, data)
