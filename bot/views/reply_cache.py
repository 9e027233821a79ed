"""Screens become Telegram messages, classic or rich, with an inline keyboard; each is made once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from cachetools import LRUCache
from markupsafe import Markup

from bot.telegram.callback_data import PictureCallback
from bot.telegram.calls.prepared import PreparedKeyboard, page_body, ready, text_body
from bot.views.classic import TEXT_LIMIT, classic_messages
from bot.views.html_tree import parse
from bot.views.navigation import Place, linked, pager, read_trail, resolved
from bot.views.rich import rich_messages
from bot.views.screen import Button, Rows, Screen, View, ViewRequest
from digests.subscriptions import Layout

_CACHED = 2048

#: Telegram takes a hundred under a message; those that turn the page and lead back are beside these.
_MOST_BUTTONS = 80

#: So much of a title stands above each text after the first (characters).
_LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Reply:
    """One message: Telegram's HTML, rich or classic, and its keyboard.

    ``classic`` are the messages that say the same as a rich one, for a server that does not take it.
    """

    text: Markup
    keyboard: PreparedKeyboard | None
    body: bytes  # of the request that sends it, but for the address
    picture: str | None = None
    layout: Layout = Layout.CLASSIC
    classic: tuple[Reply, ...] = ()

    @classmethod
    def of(cls, text: Markup, keyboard: PreparedKeyboard | None, picture: str | None = None) -> Reply:
        """A classic reply, encoded once."""
        return cls(text, keyboard, text_body(text, keyboard), picture)

    @classmethod
    def rich(
        cls, page: Markup, keyboard: PreparedKeyboard | None, picture: str | None, classic: tuple[Reply, ...]
    ) -> Reply:
        """A rich reply, encoded once."""
        return cls(page, keyboard, page_body(page, keyboard), picture, Layout.RICH, classic)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asks for, and in which form; a page beyond the last is the last.

    ``offering``: with a button for its picture, where a classic page is sent without it. ``trail``:
    the screens that a reader passed, to which the buttons lead back.
    """

    command: str
    request: ViewRequest
    page: int = 0
    layout: Layout = Layout.CLASSIC
    offering: bool = False
    trail: str = ""

    @property
    def key(self) -> tuple[object, ...]:
        """What the reply follows from."""
        request = self.request
        return (
            self.command, request.argument, request.language, request.library.version, request.today,
            self.layout, self.offering, self.page, self.trail,
        )  # fmt: skip


class ReplyCache:
    """Makes the replies of views; the least recently used are dropped."""

    def __init__(self, views: Mapping[str, View]) -> None:
        self._views = views
        self._replies: LRUCache[tuple[object, ...], Reply] = LRUCache(_CACHED)
        # one thread: more would only take turns with the event loop more often
        self._maker = ThreadPoolExecutor(1, "replies")
        self._making: dict[tuple[object, ...], asyncio.Future[Reply]] = {}

    def __contains__(self, command: str) -> bool:
        return command in self._views

    def answer(self, asked: Asked) -> Reply:
        """The reply to what is asked, made at once."""
        reply = self._replies.get(asked.key)
        if reply is None:
            reply = self._replies[asked.key] = self._make(asked)
        return reply

    async def answer_soon(self, asked: Asked) -> Reply:
        """The reply to what is asked; one that has to be made is made beside the event loop.

        How long that takes grows with the pack, and with what it says at length.
        """
        key = asked.key
        reply = self._replies.get(key)
        if reply is not None:
            return reply
        making = self._making.get(key)
        if making is None:
            loop = asyncio.get_running_loop()
            making = self._making[key] = loop.run_in_executor(self._maker, self._make, asked)
            making.add_done_callback(partial(self._take, key))
        return await asyncio.shield(making)  # others may wait for it, too

    def _take(self, key: tuple[object, ...], made: asyncio.Future[Reply]) -> None:
        del self._making[key]
        if not made.cancelled() and made.exception() is None:
            self._replies[key] = made.result()

    def _make(self, asked: Asked) -> Reply:
        request = asked.request
        argument = resolved(request.library, request.argument)
        request = replace(request, argument=argument, page=asked.page)
        screen = self._views[asked.command](request)
        is_offered = asked.offering or asked.layout is Layout.RICH
        offer = _offer(request, screen.picture) if is_offered else ()
        here = Place(asked.command, argument, asked.page)
        shown = _Shown(request, here, read_trail(request.library, asked.trail), screen, offer)
        return shown.reply(asked.layout)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A screen on its way to a reader: what was asked, where it stands, and what led there."""

    request: ViewRequest
    here: Place
    trail: tuple[Place, ...]
    screen: Screen
    offer: Rows

    def reply(self, layout: Layout) -> Reply:
        """One page of the screen; a rich one holds its picture, a classic one may offer it."""
        texts = _titled(self.screen)
        classic = Reply.of(self._page_of(texts), self._keyboard(len(texts), self.offer), self.screen.picture)
        if layout is Layout.CLASSIC:
            return classic
        pages = rich_messages(self.screen.html)
        return Reply.rich(
            self._page_of(pages), self._keyboard(len(pages), ()), self.screen.picture, (classic,)
        )

    def _page_of(self, pages: list[Markup]) -> Markup:
        return pages[0] if self.screen.pages > 1 else pages[min(self.here.page, len(pages) - 1)]

    def _keyboard(self, count: int, offer: Rows) -> PreparedKeyboard | None:
        """The buttons of a page, when its text makes so many pages."""
        groups = (self.screen.rows,) if self.screen.pages > 1 else _groups(self.screen.rows)
        pages = self.screen.pages if self.screen.pages > 1 else max(count, len(groups))
        here = replace(self.here, page=min(self.here.page, pages - 1))
        rows = (*pager(here, pages), *groups[min(here.page, len(groups) - 1)])
        return make_keyboard((*offer, *linked(self.request, here, self.trail, rows)))


def _groups(rows: Rows) -> list[Rows]:
    """The rows of a screen, on as many pages as Telegram's limit for a keyboard makes of them."""
    groups: list[Rows] = [()]
    for row in rows:
        if sum(map(len, groups[-1])) + len(row) > _MOST_BUTTONS:
            groups.append(())
        groups[-1] = (*groups[-1], row)
    return groups


def _titled(screen: Screen) -> list[Markup]:
    """The texts of a screen; each after the first begins with its title too."""
    title = next(parse(screen.html).find("h1"), None)
    words = "".join(title.texts()).strip() if title else ""
    if len(words) > _LONGEST_TITLE:
        words = words[: _LONGEST_TITLE - 1] + "…"
    room = TEXT_LIMIT - 2 * len(words) - 2
    first, *rest = classic_messages(screen.html, min(screen.page_size, room))
    title_line = Markup("<b>{}</b>\n\n").format(words) if words else Markup()
    return [first, *(title_line + text for text in rest)]


def all_pages(screen: Screen, layout: Layout = Layout.CLASSIC) -> list[Reply]:
    """Every page of a screen at once; the keyboard stands under the last."""
    texts = classic_messages(screen.html, screen.page_size)
    keyboard = make_keyboard(screen.rows)
    last = len(texts) - 1
    classic = [Reply.of(text, keyboard if number == last else None) for number, text in enumerate(texts)]
    if layout is Layout.CLASSIC:
        return classic
    pages = rich_messages(screen.html)
    # only a page that is one message can be replaced by its classic ones when it is refused
    if len(pages) != 1:
        return classic
    return [Reply.rich(pages[0], keyboard, None, tuple(classic))]


def _offer(request: ViewRequest, picture: str | None) -> Rows:
    if picture is None:
        return ()
    return ((Button(f"🖼 {request.say('Picture')}", PictureCallback(name=picture).pack()),),)


def make_keyboard(rows: Rows) -> PreparedKeyboard | None:
    """Buttons as Telegram's keyboard; None when there are none."""
    keyboard = [[_button(button) for button in row] for row in rows if row]
    return ready(InlineKeyboardMarkup(inline_keyboard=keyboard)) if keyboard else None


def _button(button: Button) -> InlineKeyboardButton:
    if button.url:
        return InlineKeyboardButton(text=button.label, url=button.url)
    return InlineKeyboardButton(text=button.label, callback_data=button.data)
