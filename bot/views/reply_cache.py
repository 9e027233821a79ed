"""Screens become Telegram messages, classic or rich, with an inline keyboard; each is made once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aiogram.enums import ParseMode
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from cachetools import LRUCache

from bot.telegram.callback_data import PictureCallback
from bot.telegram.calls.prepared import PreparedKeyboard, page_body, ready, text_body
from bot.views.classic import classic_messages
from bot.views.rich import rich_messages
from bot.views.screen import Button, Rows, Screen, View, ViewRequest, action
from digests.subscriptions import Layout

_CACHED = 2048


@dataclass(frozen=True, slots=True)
class Reply:
    """One message: Telegram's HTML, rich or classic, and its keyboard.

    ``classic`` are the messages that say the same as a rich one, for a server that does not take it.
    """

    text: str
    keyboard: PreparedKeyboard | None
    body: bytes  # of the request that sends it, but for the address
    picture: str | None = None
    layout: Layout = Layout.CLASSIC
    classic: tuple[Reply, ...] = ()

    @classmethod
    def of(cls, text: str, keyboard: PreparedKeyboard | None, picture: str | None = None) -> Reply:
        """A classic reply, encoded once."""
        return cls(text, keyboard, text_body(text, keyboard, parse_mode=ParseMode.HTML), picture)

    @classmethod
    def rich(
        cls, page: str, keyboard: PreparedKeyboard | None, picture: str | None, classic: tuple[Reply, ...]
    ) -> Reply:
        """A rich reply, encoded once."""
        return cls(page, keyboard, page_body(page, keyboard), picture, Layout.RICH, classic)


class ReplyCache:
    """Makes the replies of views; the least recently used are dropped."""

    def __init__(self, views: Mapping[str, View]) -> None:
        self._views = views
        self._replies: LRUCache[tuple[object, ...], tuple[Reply, ...]] = LRUCache(_CACHED)

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
    ) -> Reply:
        """The reply of a view; a page beyond the last is the last.

        *offering*: with a button for its picture, where a classic page is sent without it.
        """
        key = (
            command, request.argument, request.language, request.library.version, request.today, layout,
            offering,
        )  # fmt: skip
        replies = self._replies.get(key)
        if replies is None:
            screen = self._views[command](request)
            offer = _offer(request, screen.picture) if offering or layout is Layout.RICH else ()
            replies = self._replies[key] = _paged(command, request.argument, screen, layout, offer)
        return replies[min(page, len(replies) - 1)]


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


def _paged(command: str, argument: str, screen: Screen, layout: Layout, offer: Rows) -> tuple[Reply, ...]:
    """The pages of a screen; a rich page holds its picture, a classic one may offer it."""
    texts = classic_messages(screen.html, screen.page_size)
    classic = tuple(
        Reply.of(text, make_keyboard((*offer, *pager, *screen.rows)), screen.picture)
        for text, pager in zip(texts, _pagers(command, argument, len(texts)), strict=True)
    )
    if layout is Layout.CLASSIC:
        return classic
    pages = rich_messages(screen.html)
    return tuple(
        Reply.rich(
            page,
            make_keyboard((*pager, *screen.rows)),
            screen.picture,
            (classic[min(number, len(classic) - 1)],),
        )
        for number, (page, pager) in enumerate(
            zip(pages, _pagers(command, argument, len(pages)), strict=True)
        )
    )


def _pagers(command: str, argument: str, count: int) -> Iterator[Rows]:
    return (_pager(command, argument, page, count) for page in range(count))


def _pager(command: str, argument: str, page: int, count: int) -> Rows:
    if count == 1:
        return ()
    before = Button("‹", action(command, argument, page - 1)) if page else None
    after = Button("›", action(command, argument, page + 1)) if page + 1 < count else None
    here = Button(f"{page + 1}/{count}", action(command, argument, page))
    return (tuple(button for button in (before, here, after) if button),)


def make_keyboard(rows: Rows) -> PreparedKeyboard | None:
    """Buttons as Telegram's keyboard; None when there are none."""
    keyboard = [[_button(button) for button in row] for row in rows if row]
    return ready(InlineKeyboardMarkup(inline_keyboard=keyboard)) if keyboard else None


def _button(button: Button) -> InlineKeyboardButton:
    if button.url:
        return InlineKeyboardButton(text=button.label, url=button.url)
    return InlineKeyboardButton(text=button.label, callback_data=button.data)
