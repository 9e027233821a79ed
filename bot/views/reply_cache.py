"""Screens become Telegram messages, classic or rich, with an inline keyboard."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

from aiogram.enums import ParseMode
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.telegram.prepared import PreparedKeyboard, page_body, ready, text_body
from bot.views.classic import classic_messages
from bot.views.rich import rich_messages
from bot.views.screen import Button, Question, Reader, Rows, Screen, action
from digests.pages import Pages
from digests.subscriptions import Layout

_CACHED = 2048


@dataclass(frozen=True, slots=True)
class Reply:
    """One message: Telegram's HTML, rich or classic, and its keyboard.

    ``classic`` are the messages that say the same as a rich one, for a server that does not take it.
    """

    text: str
    keyboard: PreparedKeyboard | None
    body: bytes  # of a request that sends it, but for the address
    picture: str | None = None
    layout: Layout = Layout.CLASSIC
    classic: tuple[Reply, ...] = ()

    @classmethod
    def of(cls, text: str, rows: Rows, picture: str | None = None) -> Reply:
        """A classic reply of text and buttons, encoded once."""
        buttons = keyboard(rows)
        return cls(text, buttons, text_body(text, buttons, parse_mode=ParseMode.HTML), picture)

    @classmethod
    def rich(cls, page: str, rows: Rows, classic: tuple[Reply, ...]) -> Reply:
        """A rich reply, encoded once."""
        buttons = keyboard(rows)
        return cls(page, buttons, page_body(page, buttons), classic[0].picture, Layout.RICH, classic)


class ReplyCache:
    """Makes the replies of reader commands, each once for the same question."""

    def __init__(self, pages: Pages, readers: dict[str, Reader]) -> None:
        self._pages = pages
        self._readers = readers
        self._prepared: OrderedDict[tuple[str, ...], tuple[Reply, ...]] = OrderedDict()

    def __contains__(self, command: str) -> bool:
        return command in self._readers

    def answer(
        self,
        command: str,
        question: Question,
        page: int = 0,
        layout: Layout = Layout.CLASSIC,
        *,
        offering: bool = False,
    ) -> Reply:
        """The reply of a reader command; a page beyond the last is the last.

        *offering*: with a button for its picture, where a classic page is sent without it.
        """
        version, today = question.library.version, str(question.today)
        key = (command, question.argument, question.language, version, today, layout, str(offering))
        prepared = self._prepared.get(key)
        if prepared is None:
            screen = self._readers[command](question)
            offer = _offer(question, screen.picture) if offering or layout is Layout.RICH else ()
            prepared = self._prepared[key] = _prepare(command, question.argument, screen, layout, offer)
            if len(self._prepared) > _CACHED:
                self._prepared.popitem(last=False)
        self._prepared.move_to_end(key)
        return prepared[min(page, len(prepared) - 1)]

    def show(self, screen: Screen, layout: Layout = Layout.CLASSIC) -> list[Reply]:
        """Every page of a screen at once; the keyboard stands under the last."""
        texts = classic_messages(screen.html, screen.page_size)
        last = len(texts) - 1
        classic = [Reply.of(text, screen.rows if n == last else ()) for n, text in enumerate(texts)]
        if layout is Layout.CLASSIC:
            return classic
        pages = rich_messages(screen.html)
        # only a page that is one message can be replaced by its classic ones when it is refused
        return [Reply.rich(pages[0], screen.rows, tuple(classic))] if len(pages) == 1 else classic


def _offer(question: Question, picture: str | None) -> Rows:
    if picture is None:
        return ()
    return ((Button(f"🖼 {question.say('Picture')}", action("picture", picture)),),)


def _prepare(command: str, argument: str, screen: Screen, layout: Layout, offer: Rows) -> tuple[Reply, ...]:
    """The pages of a screen, ready to be sent; a rich page holds its picture, a classic one may offer it."""
    texts = classic_messages(screen.html, screen.page_size)
    classic = tuple(
        Reply.of(text, (*offer, *pager, *screen.rows), screen.picture)
        for text, pager in zip(texts, _pagers(command, argument, len(texts)), strict=True)
    )
    if layout is Layout.CLASSIC:
        return classic
    pages = rich_messages(screen.html)
    return tuple(
        Reply.rich(page, (*pager, *screen.rows), (classic[min(number, len(classic) - 1)],))
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


def keyboard(rows: Rows) -> PreparedKeyboard | None:
    """Buttons as Telegram's keyboard; None when there are none."""
    if not rows:
        return None
    return ready(
        InlineKeyboardMarkup(inline_keyboard=[[_button(button) for button in row] for row in rows if row])
    )


def _button(button: Button) -> InlineKeyboardButton:
    if button.url:
        return InlineKeyboardButton(text=button.label, url=button.url)
    return InlineKeyboardButton(text=button.label, callback_data=button.data)
