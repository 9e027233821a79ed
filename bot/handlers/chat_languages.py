"""Which language, layout and theme a chat is answered in."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from cachetools import TTLCache

from digests.logs.repeated_errors import RepeatedErrors
from digests.store import Store
from digests.store.connections.change_notifications import Subject
from digests.store.connections.database import is_database_trouble
from digests.subscriptions import ChatSettings, Layout, Subscription, Theme
from digests.text import Language

log = logging.getLogger(__name__)

_CACHED = 10_000

#: How long a choice is trusted (seconds): another instance may have changed it unheard.
_FRESH = 5.0


class ChatLanguages:
    """The languages, layouts and themes that chats chose, in a bounded cache before the store.

    Chats that are asked for at the same time are looked up together: in a flood a query for each
    would cost more than the answers. While the store is away, nobody chose anything: questions are
    answered all the same.
    """

    def __init__(
        self,
        store: Store,
        default: Language,
        layout: Layout = Layout.CLASSIC,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._chats = store.chats
        self._default = default
        self._layout = layout
        self._known: TTLCache[int, ChatSettings | None] = TTLCache(_CACHED, _FRESH, clock)
        self._wanted: dict[int, asyncio.Future[ChatSettings | None]] = {}
        self._looking: asyncio.Task[None] | None = None
        self._errors = RepeatedErrors(log, is_database_trouble)
        store.changes.subscribe(Subject.CHAT, lambda chat_id: self.forget(int(chat_id)))

    async def of(self, chat_id: int, user_code: str | None = None) -> Language:
        """A chat's own choice, else that of *user_code* (given in private chats only), else the default."""
        return (await self.looks_of(chat_id, user_code))[0]

    async def looks_of(
        self, chat_id: int, user_code: str | None = None
    ) -> tuple[Language, Layout, Theme | None]:
        """The language, layout and theme of a chat's answers; theme None is the instance's default."""
        chosen = await self._choices(chat_id)
        language = (chosen and chosen.language) or Language.of_app(user_code) or self._default
        return language, (chosen and chosen.layout) or self._layout, chosen.theme if chosen else None

    async def choose_layout(self, chat_id: int, layout: Layout) -> None:
        """Set a chat's layout, for its answers and its digests."""
        await self._chats.set_layout(chat_id, layout)
        self.forget(chat_id)

    async def adopt(self, before: Subscription, after: Subscription) -> None:
        """Take the layout and theme of a subscription that were changed for all of its chat."""
        chat_id = after.address.chat_id
        if after.layout is not before.layout:
            await self.choose_layout(chat_id, after.layout)
        if after.theme is not before.theme:
            await self._chats.set_theme(chat_id, after.theme)
            self.forget(chat_id)

    async def choose(self, chat_id: int, language: Language) -> None:
        """Set a chat's language, for its answers and its digests."""
        await self._chats.set_language(chat_id, language)
        self.forget(chat_id)

    def forget(self, chat_id: int) -> None:
        """Ask the store again the next time."""
        self._known.pop(chat_id, None)

    async def _choices(self, chat_id: int) -> ChatSettings | None:
        try:
            return self._known[chat_id]
        except KeyError:
            return await self._look_up(chat_id)

    def _look_up(self, chat_id: int) -> asyncio.Future[ChatSettings | None]:
        if chat_id not in self._wanted:
            self._wanted[chat_id] = asyncio.get_running_loop().create_future()
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look_up_wanted())
        return asyncio.shield(self._wanted[chat_id])

    async def _look_up_wanted(self) -> None:
        while self._wanted:
            wanted, self._wanted = self._wanted, {}
            try:
                found = await self._chats.get_all(wanted)
            except Exception as error:  # noqa: BLE001 - an answer in another language is better than none
                self._errors.failed("looking up the languages of chats", error)
                for answer in wanted.values():
                    answer.set_result(None)
                continue
            except asyncio.CancelledError:
                for answer in wanted.values():
                    answer.cancel()
                raise
            self._errors.worked("looking up the languages of chats")
            for chat_id, answer in wanted.items():
                self._known[chat_id] = found.get(chat_id)
                answer.set_result(found.get(chat_id))
