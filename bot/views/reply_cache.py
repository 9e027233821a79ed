"""Screens become Telegram messages, classic or rich, with an inline keyboard; each is made once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

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


class ReplyCache:
    """Makes the replies of views; the least recently used are dropped."""

    def __init__(self, views: Mapping[str, View]) -> None:
        self._views = views
        self._replies: LRUCache[tuple[object, ...], Reply] = LRUCache(_CACHED)

    def __contains__(self, command: str) -> bool:
        return command in self._views

    def answer(
        self,
        command: str,
        request: ViewRequest,
        page: int = 0,
        layout: Layout = Layout.CLASSIC,
        *,
        offering: bool = False,
        trail: str = "",
    ) -> Reply:
        """The reply of a view; a page beyond the last is the last.

        *offering*: with a button for its picture, where a classic page is sent without it. *trail*:
        the screens that a reader passed, to which the buttons lead back.
        """
        key = (
            command, request.argument, request.language, request.library.version, request.today, layout,
            offering, page, trail,
        )  # fmt: skip
        reply = self._replies.get(key)
        if reply is None:
            argument = resolved(request.library, request.argument)
            asked = replace(request, argument=argument, page=page)
            screen = self._views[command](asked)
            offer = _offer(request, screen.picture) if offering or layout is Layout.RICH else ()
            shown = _Shown(
                asked, Place(command, argument, page), read_trail(request.library, trail), screen, offer
            )
            reply = self._replies[key] = shown.reply(layout)
        return reply


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
        pages = self.screen.pages if self.screen.pages > 1 else count
        here = replace(self.here, page=min(self.here.page, pages - 1))
        rows = (*pager(here, pages), *self.screen.rows)
        return make_keyboard((*offer, *linked(self.request, here, self.trail, rows)))


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
