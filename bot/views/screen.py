"""What a command shows: a neutral page with buttons, before it becomes Telegram's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from bot.telegram.callback_data import SEPARATOR, ViewCallback
from bot.telegram.calls.limits import CALLBACK_LIMIT
from digests.pages import Pages
from digests.report.library import Library
from digests.text import Language, columns

#: A row of buttons on a phone 390 px wide, the gaps and margins in it, and a column of text (px).
_ROW, _GAP, _MARGINS, _COLUMN = 354, 6, 18, 7.3


@dataclass(frozen=True, slots=True)
class Button:
    """A button: its label, and either callback data or a link.

    ``is_beside``: it turns to a neighbour of this screen, so that the way back stays the same.
    """

    label: str
    data: str = ""
    url: str = ""
    is_beside: bool = False


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Screen:
    """A neutral page, its buttons, the size at which it is paged (UTF-16 units), and its picture's key.

    ``pages``: how many pages a view has of which this is one; such a page is one message.
    """

    html: Markup
    rows: Rows = ()
    page_size: int = 4096
    picture: str | None = None
    pages: int = 1


@dataclass(frozen=True, slots=True)
class ViewRequest:
    """What a reader asks: the argument of a command and a page, in a language, on a day, of a library.

    ``username`` is the bot's, for links to it; empty while it is not known.
    """

    argument: str
    language: Language
    today: date
    library: Library
    pages: Pages
    page: int = 0
    username: str = ""

    def render(self, view: str, **values: object) -> Markup:
        """The page of a view in the reader's language."""
        return self.pages.render(view, self.language, self.library, **values)

    def say(self, phrase: str, **values: object) -> str:
        """A phrase in the reader's language."""
        return self.pages.say(self.language, phrase, **values)


#: A pure function from a request to a screen.
View = Callable[[ViewRequest], Screen]


def action(command: str, argument: str = "", page: int = 0) -> str:
    """The data of a button that shows a view; an argument too long for 64 bytes is cut."""
    data = ViewCallback(command=command, argument="", page=page)
    room = CALLBACK_LIMIT - len(data.pack().encode())
    data.argument = cut(argument.replace(SEPARATOR, " "), room)
    return data.pack()


def fits(command: str, argument: str) -> bool:
    """Whether a button can carry an argument, with a page, uncut."""
    data = ViewCallback(command=command, argument="", page=99)
    return len(data.pack().encode()) + len(argument.encode()) <= CALLBACK_LIMIT


def cut(text: str, room: int) -> str:
    """As much of a text as *room* bytes hold, cut between characters."""
    return text.encode(errors="ignore")[:room].decode(errors="ignore")


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


def label_room(count: int) -> int:
    """How many columns of text each of *count* buttons in a row shows whole on a phone."""
    return int(((_ROW - _GAP * (count - 1)) / count - _MARGINS) / _COLUMN)


def _fit(row: tuple[Button, ...]) -> bool:
    return max(columns(button.label) for button in row) <= label_room(len(row))
