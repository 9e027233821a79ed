"""Screens become Telegram messages: classic text in pages, with an inline keyboard."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from aiogram.enums import ParseMode
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.classic import classic_messages
from bot.encoding import ReadyKeyboard, ready, ready_body
from bot.screens import Button, Question, Reader, Rows, Screen, action
from digests.pages import Pages
from digests.text import Language

_CACHED = 2048


@dataclass(frozen=True, slots=True)
class Reply:
    """One message: Telegram's HTML and its keyboard."""

    text: str
    keyboard: ReadyKeyboard | None
    body: bytes  # of a request that sends it, but for the address
    picture: str | None = None

    @classmethod
    def of(cls, text: str, rows: Rows, picture: str | None = None) -> Reply:
        """A reply of text and buttons, encoded once."""
        buttons = keyboard(rows)
        return cls(text, buttons, ready_body(text, buttons, parse_mode=ParseMode.HTML), picture)


class Replies:
    """Makes the replies of reader commands, each once for the same question."""

    def __init__(self, pages: Pages, readers: dict[str, Reader]) -> None:
        self._pages = pages
        self._readers = readers
        self._prepared: OrderedDict[tuple[str, str, Language, str, str], tuple[Reply, ...]] = OrderedDict()

    def __contains__(self, command: str) -> bool:
        return command in self._readers

    def answer(self, command: str, question: Question, page: int = 0) -> Reply:
        """The reply of a reader command; a page beyond the last is the last."""
        key = (command, question.argument, question.language, question.library.version, str(question.today))
        prepared = self._prepared.get(key)
        if prepared is None:
            prepared = self._prepared[key] = _prepare(
                command, question.argument, self._readers[command](question)
            )
            if len(self._prepared) > _CACHED:
                self._prepared.popitem(last=False)
        self._prepared.move_to_end(key)
        return prepared[min(page, len(prepared) - 1)]

    def show(self, screen: Screen) -> list[Reply]:
        """Every page of a screen at once; the keyboard stands under the last."""
        texts = classic_messages(screen.html, screen.page_size)
        last = len(texts) - 1
        return [Reply.of(text, screen.rows if n == last else ()) for n, text in enumerate(texts)]


def _prepare(command: str, argument: str, screen: Screen) -> tuple[Reply, ...]:
    """The pages of a screen, ready to be sent."""
    texts = classic_messages(screen.html, screen.page_size)
    pagers = (_pager(command, argument, page, len(texts)) for page in range(len(texts)))
    return tuple(
        Reply.of(text, (*pager, *screen.rows), screen.picture)
        for text, pager in zip(texts, pagers, strict=True)
    )


def _pager(command: str, argument: str, page: int, count: int) -> Rows:
    if count == 1:
        return ()
    before = Button("‹", action(command, argument, page - 1)) if page else None
    after = Button("›", action(command, argument, page + 1)) if page + 1 < count else None
    here = Button(f"{page + 1}/{count}", action(command, argument, page))
    return (tuple(button for button in (before, here, after) if button),)


def keyboard(rows: Rows) -> ReadyKeyboard | None:
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
