"""What a command shows: a neutral page with buttons, before it becomes Telegram's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bot.telegram.limits import CALLBACK_LIMIT
from digests.pages import Pages
from digests.report.library import Library
from digests.text import Language, columns

#: The columns of text that a row of buttons has on a phone.
_PHONE_COLUMNS = 48


@dataclass(frozen=True, slots=True)
class Button:
    """A button that shows another screen (``command|argument|page``) or opens a link."""

    label: str
    data: str = ""
    url: str = ""


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Screen:
    """A neutral page, its buttons, the size at which it is paged (UTF-16 units), and its picture's key."""

    html: str
    rows: Rows = ()
    page_size: int = 4096
    picture: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What a reader asks: the argument of a command, in a language, on a day, of a library."""

    argument: str
    language: Language
    today: date
    library: Library
    pages: Pages

    def render(self, view: str, **values: object) -> str:
        """The page of a view in the reader's language."""
        return self.pages.render(view, self.language, self.library, **values)

    def say(self, phrase: str, **values: object) -> str:
        """A phrase in the reader's language."""
        return self.pages.say(self.language, phrase, **values)


#: A reader command: a pure function from a question to a screen.
Reader = Callable[[Question], Screen]


def action(command: str, argument: str = "", page: int = 0) -> str:
    """The data of a button.

    An argument too long for 64 bytes is cut between characters; the separator cannot stand in it.
    """
    argument = argument.replace("|", " ")
    tail = f"|{page}" if page else ""
    room = CALLBACK_LIMIT - len(f"{command}|{tail}".encode())
    cut = argument.encode()[:room].decode(errors="ignore")
    return f"{command}|{cut}{tail}"


@dataclass(frozen=True, slots=True)
class Action:
    """A pressed button, read back."""

    command: str
    argument: str
    page: int

    @classmethod
    def parse(cls, data: str) -> Action | None:
        """Read what :func:`action` wrote; None for anything else."""
        parts = data.split("|")
        if not 2 <= len(parts) <= 3 or not parts[0].isidentifier():  # noqa: PLR2004 - command, argument, page
            return None
        page = parts[2] if len(parts) > 2 else "0"  # noqa: PLR2004 - the third part
        return cls(parts[0], parts[1], int(page)) if page.isascii() and page.isdigit() else None


def in_rows(buttons: list[Button], width: int) -> Rows:
    """Buttons in rows of *width*, or fewer where a phone would cut their labels short."""
    rows: list[tuple[Button, ...]] = []
    for button in buttons:
        last = rows[-1] if rows else ()
        together = (*last, button)
        if last and len(together) <= width and _fit(together):
            rows[-1] = together
        else:
            rows.append((button,))
    return tuple(rows)


def _fit(row: tuple[Button, ...]) -> bool:
    return max(columns(button.label) for button in row) <= _PHONE_COLUMNS // len(row)
