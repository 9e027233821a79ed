"""One command or pressed button on its way through a handler, and what handlers work with."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from aiogram import Bot
from aiogram.types import CallbackQuery, InaccessibleMessage, LinkPreviewOptions, Message

from bot.handlers.chat_languages import ChatLanguages
from bot.handlers.message_writer import MessageWriter
from bot.ops.background import BackgroundTasks
from bot.sending.picture_cache import PictureCache
from bot.sending.rich_fallback import RichFallback
from bot.settings import Settings
from bot.telegram.permissions import Permissions
from bot.telegram.signed_callbacks import CallbackSigner, SignedAction
from bot.views.reply_cache import Reply, ReplyCache
from bot.views.screen import Question, Screen
from digests.delivery.calls import Messenger
from digests.delivery.planner import Planner
from digests.library_holder import LibraryHolder
from digests.pages import Pages
from digests.schedules import Occasion
from digests.store import Store
from digests.subscriptions import Address, Layout
from digests.text import Language

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Clock(Protocol):
    """Whoever tells the time."""

    def now(self) -> datetime:
        """The current instant, aware, in UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What handlers ask; built once by the composition root."""

    library_holder: LibraryHolder
    store: Store
    pages: Pages
    settings: Settings
    clock: Clock
    planner: Planner
    preview_messenger: Messenger
    permissions: Permissions
    signer: CallbackSigner
    bot: Bot
    languages: ChatLanguages
    replies: ReplyCache
    pictures: PictureCache
    rich: RichFallback
    background: BackgroundTasks

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
    layout: Layout = Layout.CLASSIC
    target: Address | None = None
    toasts: list[str] = field(default_factory=list)

    @property
    def address(self) -> Address:
        """The chat that this is about, and its forum topic when it has one.

        It is where the visit takes place, unless a button or a reply named another one.
        """
        if self.target is not None:
            return self.target
        thread = self.message.message_thread_id if self.message.is_topic_message else None
        return Address(self.message.chat.id, thread or 0)

    @property
    def is_private(self) -> bool:
        """Whether a person is alone with the bot."""
        return self.message.chat.type == "private"

    def sealed(self, verb: str, value: str = "", address: Address | None = None) -> str:
        """The data of a button, shown in this chat, that does something to an address (default: this one)."""
        button = SignedAction(verb, address or self.address, value)
        return self.services.signer.close(self.message.chat.id, button)

    @property
    def user_id(self) -> int | None:
        """Who asks; None for a channel or somebody anonymous."""
        return self.event.from_user.id if self.event.from_user else None

    @property
    def named_user(self) -> int | None:
        """Who can be told in private later; None for a channel or somebody anonymous."""
        return None if self.message.sender_chat and self.event is self.message else self.user_id

    @property
    def occasion(self) -> Occasion | None:
        """The occasion that a button carries."""
        try:
            return Occasion.parse(self.argument)
        except ValueError:
            return None

    def question(self, argument: str | None = None) -> Question:
        """The question that a reader command answers."""
        services = self.services
        asked = self.argument if argument is None else argument
        return Question(
            asked, self.language, services.today(), services.library_holder.current, services.pages
        )

    def say(self, phrase: str, **values: object) -> str:
        """A phrase in the visitor's language."""
        return self.services.pages.say(self.language, phrase, **values)

    def speaking(self, language: Language) -> Visit:
        """The same visit in another language."""
        return replace(self, language=language)

    async def show(self, screen: Screen) -> None:
        """Answer with a screen: in place of the pressed button's message, else as new messages."""
        replies = self.services.replies.show(screen, self.layout)
        if isinstance(self.event, CallbackQuery) and len(replies) == 1:
            await self.edit(replies[0])
            return
        for reply in replies:
            await self.send(reply)

    async def send(self, reply: Reply) -> None:
        """Answer with a reply, as a new message."""
        await self._replier().send(reply)

    async def edit(self, reply: Reply) -> None:
        """Put a reply in the place of the message; one that cannot be edited is followed by a new one."""
        await self._replier().edit(reply)

    def _replier(self) -> MessageWriter:
        return MessageWriter(self.message, self.language, self.services.rich, self.services.pictures)

    async def notice(self, text: str, *examples: str) -> None:
        """Answer with a short text and examples; as an alert when a button was pressed.

        A pressed button is answered once only, at the end of the visit: the text waits for that.
        """
        if isinstance(self.event, CallbackQuery) and not examples:
            self.toasts.append(text)
            return
        await self.show(Screen(self.question().render("notice", text=text, examples=examples)))


def reachable(callback: CallbackQuery) -> Message | None:
    """The message of a pressed button; None when Telegram no longer shows it to bots."""
    return None if isinstance(callback.message, InaccessibleMessage) else callback.message
