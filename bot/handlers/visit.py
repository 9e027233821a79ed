"""One command or pressed button on its way through a handler, and what handlers work with."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from aiogram.enums import ParseMode
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import CallbackQuery, InaccessibleMessage, LinkPreviewOptions, Message

from bot.access import Access
from bot.encoding import ReadyMessage
from bot.languages import ChatLanguages
from bot.pictures import Pictures
from bot.replies import Replies, Reply
from bot.screens import Question, Screen
from bot.settings import Settings
from bot.shelf import Shelf
from digests.pages import Pages
from digests.planning import Planner
from digests.store import Store
from digests.subscriptions import Address
from digests.text import Language

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Clock(Protocol):
    """Whoever tells the time."""

    def now(self) -> datetime:
        """The current instant, aware, in UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What handlers ask; built once by the composition root."""

    shelf: Shelf
    store: Store
    pages: Pages
    settings: Settings
    clock: Clock
    planner: Planner
    access: Access
    languages: ChatLanguages
    replies: Replies
    pictures: Pictures

    def today(self) -> date:
        """The current day in the instance's own zone."""
        return self.clock.now().astimezone(ZoneInfo(self.settings.default_timezone)).date()


@dataclass(frozen=True, slots=True)
class Visit:
    """A message with a command, or a pressed button: where, who, in which language, and what was given."""

    event: Message | CallbackQuery
    message: Message
    language: Language
    argument: str
    services: Services
    toasts: list[str] = field(default_factory=list)

    @property
    def address(self) -> Address:
        """The chat, and its forum topic when it has one."""
        thread = self.message.message_thread_id if self.message.is_topic_message else None
        return Address(self.message.chat.id, thread or 0)

    @property
    def user_id(self) -> int | None:
        """Who asks; None for a channel or somebody anonymous."""
        return self.event.from_user.id if self.event.from_user else None

    def question(self, argument: str | None = None) -> Question:
        """The question that a reader command answers."""
        services = self.services
        asked = self.argument if argument is None else argument
        return Question(asked, self.language, services.today(), services.shelf.current, services.pages)

    def say(self, phrase: str, **values: object) -> str:
        """A phrase in the visitor's language."""
        return self.services.pages.say(self.language, phrase, **values)

    def speaking(self, language: Language) -> Visit:
        """The same visit in another language."""
        return replace(self, language=language)

    async def show(self, screen: Screen) -> None:
        """Answer with a screen: in place of the pressed button's message, else as new messages."""
        replies = self.services.replies.show(screen)
        if isinstance(self.event, CallbackQuery) and len(replies) == 1:
            await edit(self.message, replies[0])
            return
        for reply in replies:
            await send(self.message, reply)

    async def notice(self, text: str, *examples: str) -> None:
        """Answer with a short text and examples; as an alert when a button was pressed.

        A pressed button is answered once only, at the end of the visit: the text waits for that.
        """
        if isinstance(self.event, CallbackQuery) and not examples:
            self.toasts.append(text)
            return
        await self.show(Screen(self.question().render("notice", text=text, examples=examples)))


async def send(message: Message, reply: Reply) -> None:
    """Answer into the chat and topic of a message."""
    if message.bot is None:
        raise RuntimeError("a message that no bot received cannot be answered")
    thread_id = message.message_thread_id if message.is_topic_message else None
    await message.bot(ReadyMessage.to(message.chat.id, thread_id, reply.body))


async def edit(message: Message, reply: Reply) -> None:
    """Put a reply in the place of a message; one that cannot be edited is followed by a new one."""
    try:
        with suppress(_NotModified):
            await _edit(message, reply)
    except TelegramBadRequest:
        await send(message, reply)


class _NotModified(Exception):  # noqa: N818 - reads as what it is
    """The message shows that already."""


async def _edit(message: Message, reply: Reply) -> None:
    try:
        await message.edit_text(
            reply.text,
            parse_mode=ParseMode.HTML,
            reply_markup=reply.keyboard,
            link_preview_options=NO_PREVIEW,
        )
    except TelegramBadRequest as error:
        if "message is not modified" in error.message:
            raise _NotModified from error
        raise


def reachable(callback: CallbackQuery) -> Message | None:
    """The message of a pressed button; None when Telegram no longer shows it to bots."""
    return None if isinstance(callback.message, InaccessibleMessage) else callback.message
