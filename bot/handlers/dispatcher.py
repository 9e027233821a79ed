"""The desk: takes messages, channel posts and pressed buttons, and sends each to whoever answers it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial

from aiogram.exceptions import TelegramAPIError
from aiogram.types import CallbackQuery, Chat, ChatShared, InlineKeyboardMarkup, Message, Update, User

from bot.commands import BY_NAME, Call, Scope, argument_of, parse_call, parse_keyword
from bot.handlers.context import Services, Visit, reachable
from bot.handlers.forget import forget, forget_now
from bot.handlers.operators import publish, reload, stats
from bot.handlers.pictures import bring_picture, picture
from bot.handlers.subscription.membership import Membership
from bot.handlers.subscription.my_chats import my_chats
from bot.handlers.subscription.onboarding import Onboarding
from bot.handlers.subscription.preview import peek, preview, sample
from bot.handlers.subscription.subscribe import (
    language,
    send_now,
    settings,
    show_section,
    stop,
    subscribe,
    unsubscribe,
)
from bot.sending.post_keyboard import STOP
from bot.telegram.signed_callbacks import SignedAction, is_signed
from bot.views.screen import Action
from digests.subscriptions import Address, Layout
from digests.text import Language

log = logging.getLogger(__name__)

_Doer = Callable[[Visit], Awaitable[None]]


#: The kinds of update that the desk takes, as Telegram names them.
UPDATES = ("message", "channel_post", "callback_query", "my_chat_member")


#: With more updates than this in work, a picture is offered by a button instead of sent along.
_BUSY = 20


class Desk:
    """Reads what was asked, and by whom, and has it answered."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._in_work = 0
        self._onboarding = Onboarding(services)
        self._membership = Membership(services, self._onboarding)
        self._doers: dict[str, _Doer] = {
            "subscribe": subscribe,
            "unsubscribe": unsubscribe,
            "settings": settings,
            "language": language,
            "preview": preview,
            "picture": picture,
            "stats": stats,
            "publish": publish,
            "reload": reload,
            "add": self._onboarding.offer,
            "forget": forget,
            STOP: stop,
        }
        self._verbs: dict[str, _Doer] = {
            "s": settings,
            "v": show_section,
            "r": subscribe,
            "u": unsubscribe,
            "p": peek,
            "x": sample,
            "n": send_now,
            "c": my_chats,
            "l": language,
            "f": forget_now,
        }

    async def take(self, update: Update) -> None:
        """Handle an update."""
        self._in_work += 1
        try:
            await self._take(update)
        finally:
            self._in_work -= 1

    async def turn_away(self, update: Update) -> None:
        """Say once that somebody asks faster than Telegram lets a bot answer."""
        event = update.callback_query or update.message or update.channel_post
        message = reachable(event) if isinstance(event, CallbackQuery) else event
        if event is None or message is None:
            return
        spoken = await self._language(message.chat, event.from_user)
        visit = Visit(event, message, spoken, "", self._services)
        text = visit.say("I may send about one message a second here: please ask again in a moment.")
        if isinstance(event, CallbackQuery):
            await _acknowledge(event, text)
            return
        with suppress(TelegramAPIError):
            await visit.notice(text)

    async def _take(self, update: Update) -> None:
        # a framework's dispatch would cost more than the answer
        if message := update.message or update.channel_post:
            await self.take_message(message)
        elif update.callback_query:
            await self.take_button(update.callback_query)
        elif update.my_chat_member:
            await self._membership.changed(update.my_chat_member)

    async def take_message(self, message: Message) -> None:
        """Answer a command; in a private chat also a keyword, and any other text as a search."""
        if not message.text:
            await self._serve(message)
        if not message.text or message.is_automatic_forward:
            return
        text = message.text
        if await self._reply(message, text):
            return
        call = parse_call(text, await self._username(message))
        if call is None and message.chat.type == "private" and not text.startswith("/"):
            call = parse_keyword(text) or Call("search", argument_of(text))
        if call is not None:
            spoken = await self._language(message.chat, message.from_user)
            layout = await self._layout(message.chat.id)
            visit = Visit(message, message, spoken, call.argument, self._services, layout)
            await self._guarded(visit, call.name)

    async def _serve(self, message: Message) -> None:
        await self._membership.served(message)
        if message.chat_shared:
            await self._picked(message, message.chat_shared)

    async def _picked(self, message: Message, shared: ChatShared) -> None:
        spoken = await self._language(message.chat, message.from_user)
        target = Address(shared.chat_id)
        visit = Visit(message, message, spoken, "", self._services, target=target)
        await self._onboarding.picked(visit, shared.request_id, shared.title or "")

    async def _reply(self, message: Message, text: str) -> bool:
        """A reply to a page of the settings is a wish for the chat that the page is about."""
        button = self._button_of(message.reply_to_message)
        if button is None or text.startswith("/"):
            return False
        spoken = await self._language(message.chat, message.from_user)
        wish = argument_of(text)
        visit = Visit(message, message, spoken, wish, self._services, target=button.address)
        await self._guarded(visit, "settings")
        return True

    def _button_of(self, message: Message | None) -> SignedAction | None:
        markup = message.reply_markup if message else None
        if message is None or not isinstance(markup, InlineKeyboardMarkup):
            return None
        for row in markup.inline_keyboard:
            for button in row:
                if button.callback_data and is_signed(button.callback_data):
                    return self._services.signer.open(message.chat.id, button.callback_data)
        return None

    async def take_button(self, callback: CallbackQuery) -> None:
        """Answer a pressed button in the place of its message."""
        message = reachable(callback)
        if message is not None and is_signed(callback.data or ""):
            await self._take_sealed(callback, message)
            return
        pressed = Action.parse(callback.data or "")
        if message is None or pressed is None or not self._shows(pressed.command):
            spoken = Language.from_code(callback.from_user.language_code) or Language.ZH
            text = "This button is from an older version. Please send the command again."
            await _acknowledge(callback, self._services.pages.say(spoken, text))
            return
        spoken = await self._language(message.chat, callback.from_user)
        layout = await self._layout(message.chat.id)
        visit = Visit(callback, message, spoken, pressed.argument, self._services, layout)
        await self._guarded(visit, pressed.command, pressed.page)
        await _acknowledge(callback, "\n".join(visit.toasts))

    async def _username(self, message: Message) -> str:
        return (message.bot and (await message.bot.me()).username) or ""

    async def _take_sealed(self, callback: CallbackQuery, message: Message) -> None:
        """A button that changes something: only one that we made, for the chat it was shown in."""
        button = self._services.signer.open(message.chat.id, callback.data or "")
        spoken = await self._language(message.chat, callback.from_user)
        if button is None or button.verb not in self._verbs:
            refused = Visit(callback, message, spoken, "", self._services)
            text = refused.say("This button is not valid here. Please send /settings again.")
            await _acknowledge(callback, text)
            return
        visit = Visit(callback, message, spoken, button.value, self._services, target=button.address)
        await self._guarded(visit, button.verb)
        await _acknowledge(callback, "\n".join(visit.toasts))

    def _shows(self, command: str) -> bool:
        """Whether a button without a seal may do this: it changes nothing."""
        return command in self._services.replies or command in ("add", "picture", STOP)

    async def _guarded(self, visit: Visit, command: str, page: int = 0) -> None:
        """Whatever goes wrong is noted, and said."""
        try:
            await self._do(visit, command, page)
        except TelegramAPIError as error:
            log.warning("the answer to /%s in %s was not sent: %s", command, visit.message.chat.id, error)
        except Exception:
            log.exception("/%s failed", command)
            await visit.notice(
                visit.say("Something went wrong here; it is noted. Please try again."), "/help"
            )

    async def _do(self, visit: Visit, command: str, page: int) -> None:
        if command in self._verbs:
            await self._verbs[command](visit)
        elif command == "start" and visit.argument == "subscribe" and not visit.is_private:
            await subscribe(replace(visit, argument=""))
        elif not self._answers(command, visit.event.from_user):
            await self._unknown(visit, command)
        elif command in self._doers:
            await self._doers[command](visit)
        else:
            await self._read(visit, command, page)

    async def _read(self, visit: Visit, command: str, page: int) -> None:
        """Answer a reader command; a typed one brings its picture, or a button for it when many wait."""
        answer = partial(self._services.replies.answer, command, visit.question(), page, visit.layout)
        if isinstance(visit.event, CallbackQuery):
            await visit.edit(answer(offering=True))
            return
        reply = answer()
        if reply.layout is Layout.RICH or reply.picture is None:
            await visit.send(reply)
        elif self._in_work > _BUSY:
            await visit.send(answer(offering=True))
        else:  # words first: they need not wait for a picture
            await visit.send(reply)
            await bring_picture(visit, reply.picture)

    def _answers(self, command: str, user: User | None) -> bool:
        known = BY_NAME.get(command)
        if known and known.scope is Scope.OPERATORS:
            return self._services.permissions.is_operator(user.id if user else None)
        return command in self._services.replies or command in self._doers

    async def _unknown(self, visit: Visit, command: str) -> None:
        if visit.message.chat.type == "private":
            text = visit.say("Unknown command /%(name)s. /help lists all of them.", name=command)
            await visit.notice(text, "/help")

    async def _language(self, chat: Chat, user: User | None) -> Language:
        code = user.language_code if user and chat.type == "private" else None
        return await self._services.languages.of(chat.id, code)

    async def _layout(self, chat_id: int) -> Layout:
        is_possible = self._services.rich.is_open
        return await self._services.languages.layout_of(chat_id) if is_possible else Layout.CLASSIC


async def _acknowledge(callback: CallbackQuery, alert: str) -> None:
    """End the button's waiting, with an alert or without; one that waited too long needs no end any more."""
    try:
        await callback.answer(alert or None, show_alert=bool(alert))
    except TelegramAPIError as error:
        log.info("a pressed button was not acknowledged: %s", error)
