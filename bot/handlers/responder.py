"""The answering side of a conversation: says things in a chat's language, and sends or edits its messages."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

from aiogram.enums import ParseMode
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest
from aiogram.types import InputFile, InputRichMessage, LinkPreviewOptions, Message, ReplyMarkupUnion
from markupsafe import Markup

from bot.handlers.reply_target import ReplyTarget
from bot.sending.picture_cache import PictureCache, SendPhoto
from bot.sending.rich_fallback import RichFallback
from bot.telegram.callback_data import SubscriptionAction
from bot.telegram.calls.encoding import rich_content
from bot.telegram.calls.prepared import Arrived, PreparedText
from bot.telegram.client import LaneBot
from bot.telegram.signed_callbacks import CallbackSigner, SignedAction
from bot.views.classic import classic_messages
from bot.views.navigation import with_menu
from bot.views.reply_cache import Reply, all_pages
from bot.views.rich import figured
from bot.views.screen import Screen, ViewRequest
from digests.subscriptions import Address, Layout, Theme
from digests.text import Language

log = logging.getLogger(__name__)

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

#: Brings a rich page into the chat, as new or in place of a message.
_Bring = Callable[[InputRichMessage], Awaitable[Message]]


class _NotModified(Exception):  # noqa: N818 - reads as what it is
    """The message shows that already."""


@dataclass(frozen=True, slots=True)
class Outlets:
    """What every responder sends with; built once by the composition root."""

    bot: LaneBot
    signer: CallbackSigner
    rich: RichFallback
    pictures: PictureCache


@dataclass(frozen=True, slots=True)
class Responder:
    """Answers in one chat and language.

    ``request`` is the view request without an argument. ``alerts`` are shown when a pressed button is
    acknowledged; None when no button was pressed. ``theme`` is that of its pictures; None is the instance's.
    """

    outlets: Outlets
    target: ReplyTarget
    request: ViewRequest
    layout: Layout = Layout.CLASSIC
    theme: Theme | None = None
    alerts: list[str] | None = None

    @property
    def language(self) -> Language:
        """The language of the answers."""
        return self.request.language

    @property
    def chat_id(self) -> int:
        """The chat of the answers."""
        return self.target.chat_id

    def asking(self, argument: str) -> ViewRequest:
        """The view request with an argument."""
        return replace(self.request, argument=argument)

    def say(self, phrase: str, **values: object) -> str:
        """A phrase in the reader's language, as plain text."""
        return self.request.say(phrase, **values)

    def render(self, view: str, **values: object) -> Markup:
        """The neutral page of a template in the reader's language."""
        return self.request.render(view, **values)

    def speaking(self, language: Language) -> Responder:
        """The same responder in another language."""
        return replace(self, request=replace(self.request, language=language))

    def signed(self, action: SubscriptionAction, address: Address, value: str = "") -> str:
        """The data of a button, shown in this chat, that acts on an address."""
        return self.outlets.signer.sign(self.chat_id, SignedAction(action, address, value))

    async def show(self, screen: Screen) -> None:
        """Answer with a screen: in place of the pressed button's message, else by new messages.

        In private, and wherever a button was pressed, it has a way back to the menu.
        """
        if self.target.edits is not None or self.chat_id > 0:
            screen = replace(screen, rows=with_menu(self.request, screen.rows))
        replies = all_pages(screen, self.layout)
        if self.target.edits is not None and len(replies) == 1:
            await self.edit(replies[0])
            return
        for reply in replies:
            await self.send(reply)

    async def notice(self, text: str, *examples: str) -> None:
        """Answer with a short text and examples; as an alert when a button was pressed.

        A pressed button is acknowledged once only, after its handler: the text waits for that.
        """
        if self.alerts is not None and not examples:
            self.alerts.append(text)
            return
        await self.show(Screen(self.render("notice", text=text, examples=examples)))

    async def send_plain(self, text: str, keyboard: ReplyMarkupUnion | None = None) -> None:
        """Send a text that is no HTML, with a keyboard."""
        await self.outlets.bot.send_message(
            **self.target.fields, text=text, parse_mode=None, reply_markup=keyboard
        )

    async def send_words(self, html: Markup, keyboard: ReplyMarkupUnion) -> None:
        """Send a neutral page as one classic message: the entities of such a one come back with replies."""
        text = classic_messages(html)[0]
        await self.outlets.bot.send_message(
            **self.target.fields, text=text, parse_mode=ParseMode.HTML, reply_markup=keyboard
        )

    async def send(self, reply: Reply) -> None:
        """Send a reply as a new message; a rich one that cannot be is sent as classic."""
        if reply.layout is Layout.RICH and await self._bring(reply, self._send_page(reply)):
            return
        for each in reply.classic or (reply,):
            await self._send_text(each)

    async def edit(self, reply: Reply) -> None:
        """Put a reply in the place of the message; one that cannot be edited is followed by a new one."""
        try:
            with suppress(_NotModified):
                await self._replace(reply)
        except TelegramBadRequest:
            await self.send(reply)

    async def _replace(self, reply: Reply) -> None:
        if reply.layout is Layout.RICH and await self._bring(reply, self._edit_page(reply)):
            return
        first, *rest = reply.classic or (reply,)
        with _noticing_no_change():
            await self._edit(text=first.text, parse_mode=ParseMode.HTML, reply_markup=first.keyboard)
        for each in rest:
            await self._send_text(each)

    async def _bring(self, reply: Reply, bring: _Bring) -> Any:
        """Bring a rich page, if possible with its picture inside; None when it has to go as classic."""
        return await self._bring_figured(reply, bring) or await self.outlets.rich.attempt(
            reply.text, lambda: bring(InputRichMessage(html=reply.text))
        )

    async def _bring_figured(self, reply: Reply, bring: _Bring) -> Any:
        name, rich, pictures = reply.picture, self.outlets.rich, self.outlets.pictures
        if name is None or not rich.is_open:
            return None
        try:
            page = figured(reply.text, pictures.describe(name, self.language))

            def with_photo(photo: str | InputFile) -> Awaitable[Message]:
                return bring(rich_content(page, photo))

            return await rich.attempt(page, lambda: self._send_picture(name, with_photo))
        except (TelegramAPIError, _NotModified):
            raise
        except Exception:
            log.exception("the picture %s could not be made", name)
            return None

    async def _send_picture(self, name: str, send: SendPhoto) -> Arrived:
        outlets = self.outlets
        return await outlets.pictures.send(outlets.bot.id, name, self.language, send, theme=self.theme)

    def _send_page(self, reply: Reply) -> _Bring:
        async def bring(page: InputRichMessage) -> Message:
            return await self.outlets.bot.send_rich_message(
                **self.target.fields, rich_message=page, reply_markup=reply.keyboard
            )

        return bring

    def _edit_page(self, reply: Reply) -> _Bring:
        async def bring(page: InputRichMessage) -> Any:
            with _noticing_no_change():
                return await self._edit(rich_message=page, reply_markup=reply.keyboard, parse_mode=None)

        return bring

    async def _send_text(self, reply: Reply) -> None:
        await self.outlets.bot.send_prepared(self.target.prepared(PreparedText, reply.body))

    async def _edit(self, **fields: Any) -> Any:
        return await self.outlets.bot.edit_message_text(
            chat_id=self.chat_id, message_id=self.target.edits, link_preview_options=_NO_PREVIEW, **fields
        )


@contextmanager
def _noticing_no_change() -> Iterator[None]:
    try:
        yield
    except TelegramBadRequest as error:
        if "message is not modified" in error.message:
            raise _NotModified from error
        raise
