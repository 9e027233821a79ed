"""Makes responders: for the chat of an update, and for the private chat of a person."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from bot.handlers.chat_languages import ChatLanguages
from bot.handlers.reply_target import ReplyTarget
from bot.handlers.responder import Outlets, Responder
from bot.views.screen import ViewRequest
from digests.delivery.clock import Clock
from digests.library_holder import LibraryHolder
from digests.pages import Pages
from digests.subscriptions import Layout, Theme
from digests.text import Language


class Responders:
    """Makes a responder in the language and layout of its chat; *zone* says which day is today."""

    def __init__(
        self,
        outlets: Outlets,
        *,
        languages: ChatLanguages,
        library_holder: LibraryHolder,
        pages: Pages,
        clock: Clock,
        zone: str,
    ) -> None:
        self.outlets = outlets
        self.languages = languages
        self.library_holder = library_holder
        self.pages = pages
        self._clock = clock
        self._zone = ZoneInfo(zone)

    def today(self) -> date:
        """The current day in the instance's zone."""
        return self._clock.now().astimezone(self._zone).date()

    def request(self, language: Language) -> ViewRequest:
        """A view request without an argument."""
        username = self.outlets.bot.username
        return ViewRequest(
            "", language, self.today(), self.library_holder.current, self.pages, username=username
        )

    def make(
        self,
        target: ReplyTarget,
        language: Language,
        layout: Layout,
        *,
        theme: Theme | None = None,
        is_button: bool = False,
    ) -> Responder:
        """A responder whose language, layout and theme are known."""
        shown = layout if self.outlets.rich.is_open else Layout.CLASSIC
        alerts: list[str] | None = [] if is_button else None
        return Responder(self.outlets, target, self.request(language), shown, theme, alerts)

    async def in_private(self, user_id: int, language_code: str | None = None) -> Responder:
        """A responder for the private chat of a person."""
        language, layout, theme = await self.languages.looks_of(user_id, language_code)
        return self.make(ReplyTarget(user_id), language, layout, theme=theme)
