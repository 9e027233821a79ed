"""Ways back: each button carries the trail of screens behind it, so that every screen can be left.

A trail is written into callback data, newest screen last, as far as 64 bytes hold it; the oldest
screens are dropped first. One screen is a letter, its page if it is not the first, and its argument:
``t2:2016`` is the third page of ``/timeline 2016``. Nothing is stored.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.telegram.callback_data import SEPARATOR, ViewCallback
from bot.views.buttons import ITEMS
from bot.views.screen import Button, Rows, ViewRequest, action
from digests.report.library import Library
from digests.text import Language, Text

#: What the items of a page may take of a message's 4,096 characters: its heading and notes take the rest.
_PAGE_ROOM = 2900
#: Beside an item's own words: its date or value, and its place among the notes (characters).
_ITEM_EXTRA = 100

#: The letter of each view that can be returned to.
_LETTERS = {
    "timeline": "t", "milestone": "m", "today": "d", "month": "o", "zones": "z", "growth": "g",
    "metrics": "f", "figures": "F", "abstract": "a", "measures": "e", "results": "r", "problems": "p",
    "outlook": "k", "lists": "l", "search": "s", "audit": "u", "about": "i", "help": "h", "privacy": "y",
    "cite": "c", "data": "x", "entry": "n", "entries": "N", "point": "q", "finding": "v",
    "start": "S",  # with what a link opened; the menu itself is no step of a trail
}  # fmt: skip
_COMMANDS = {letter: command for command, letter in _LETTERS.items()}
_BETWEEN = ">"
_PLACE = re.compile(r"([A-Za-z])(\d{0,4})(?::(.*))?")
#: Nobody goes back more screens than that one by one.
_LONGEST_TRAIL = 4
_REFERENCE = "~"
_REFERENCE_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Place:
    """A screen that a reader is on, or can return to."""

    command: str
    argument: str = ""
    page: int = 0

    def __str__(self) -> str:
        page = str(self.page) if self.page else ""
        argument = f":{self.argument}" if self.argument else ""
        return f"{_LETTERS[self.command]}{page}{argument}"

    @property
    def is_menu(self) -> bool:
        """Whether it is the menu, which each screen has a button of its own for."""
        return self.command == "start" and not self.argument

    def is_same_thing(self, other: Place) -> bool:
        """Whether both show the same, on whatever page."""
        return (self.command, self.argument) == (other.command, other.argument)


def read_trail(library: Library, text: str) -> tuple[Place, ...]:
    """The screens of a trail, newest last; what is not understood is left out."""
    matches = (_PLACE.fullmatch(part) for part in text.split(_BETWEEN))
    return tuple(
        Place(_COMMANDS[match[1]], resolved(library, match[3] or ""), int(match[2] or 0))
        for match in matches
        if match and match[1] in _COMMANDS
    )


def linked(request: ViewRequest, here: Place, trail: tuple[Place, ...], rows: Rows) -> Rows:
    """A screen's buttons with the trail in each, and below them the ways back."""
    back = trail[-1] if trail else None
    kept = [
        tuple(_carrying(button, here, trail) for button in row if not (back and _leads_to(button, back)))
        for row in rows
    ]
    return (*(row for row in kept if row), *_ways_back(request, here, trail))


def menu_button(request: ViewRequest) -> Button:
    """The button that opens the menu from anywhere."""
    return Button("‹ " + request.say("Menu"), action("start"))


def with_menu(request: ViewRequest, rows: Rows) -> Rows:
    """Rows with a way to the menu: beside a way back when that stands alone in the last row."""
    menu = menu_button(request)
    if any(button.data == menu.data for row in rows for button in row):
        return rows
    if rows and len(rows[-1]) == 1 and rows[-1][0].label.startswith("‹ "):
        return (*rows[:-1], (rows[-1][0], menu))
    return (*rows, (menu,))


def _ways_back(request: ViewRequest, here: Place, trail: tuple[Place, ...]) -> Rows:
    if here.is_menu:
        return ()
    if not trail:
        return ((menu_button(request),),)
    back = Button("‹ " + request.say("Back"), _data(trail[-1], trail[:-1]))
    return ((back, menu_button(request)),)


def _carrying(button: Button, here: Place, trail: tuple[Place, ...]) -> Button:
    """A button with the trail of the screen that it opens; others are left as they are."""
    target = _target(button)
    if target is None or target.is_menu or here.is_menu or here.command not in _LETTERS:
        return button
    passed = trail if button.is_beside or target.is_same_thing(here) else (*trail, here)
    return replace(button, data=_data(target, _before(target, passed)))


def _before(target: Place, passed: tuple[Place, ...]) -> tuple[Place, ...]:
    """The part of a trail before a screen that was passed already: going there is going back."""
    for number, place in enumerate(passed):
        if place.is_same_thing(target):
            return passed[:number]
    return passed


def _leads_to(button: Button, place: Place) -> bool:
    target = _target(button)
    return target is not None and target == place


def _target(button: Button) -> Place | None:
    if not button.data.startswith(f"{ViewCallback.__prefix__}{SEPARATOR}"):
        return None
    data = ViewCallback.unpack(button.data)
    return Place(data.command, data.argument, data.page)


def _data(target: Place, trail: tuple[Place, ...]) -> str:
    """The data of a button with as much of a trail as 64 bytes hold."""
    for length in range(min(len(trail), _LONGEST_TRAIL), 0, -1):
        passed = trail[-length:]
        whole, short = _packed(target, passed), _packed(_short(target), [_short(each) for each in passed])
        if found := whole or short:
            return found
    return action(target.command, target.argument, target.page)


def _packed(target: Place, trail: Sequence[Place]) -> str | None:
    """Callback data; None when it is too long, or an argument holds the signs of a trail."""
    if any(_BETWEEN in place.argument for place in trail):
        return None
    written = _BETWEEN.join(str(place) for place in trail)
    data = ViewCallback(command=target.command, argument=target.argument, page=target.page, trail=written)
    try:
        return data.pack()
    except ValueError:
        return None


def _short(place: Place) -> Place:
    return replace(place, argument=_reference(place.argument))


def _reference(fact_id: str) -> str:
    """A short name of a fact, for buttons in which its id leaves no room for the way back."""
    if len(fact_id) <= _REFERENCE_LENGTH or not re.fullmatch(r"[a-z0-9-]+", fact_id):
        return fact_id
    return _REFERENCE + hashlib.sha256(fact_id.encode()).hexdigest()[: _REFERENCE_LENGTH - 1]


def resolved(library: Library, argument: str) -> str:
    """The id that a short name stands for; any other argument as it is."""
    return _references(library).get(argument, argument) if argument.startswith(_REFERENCE) else argument


@lru_cache(maxsize=8)
def _references(library: Library) -> dict[str, str]:
    return {_reference(fact_id): fact_id for fact_id in _ids(library)}


def _ids(library: Library) -> Iterator[str]:
    yield from (milestone.id for milestone in library.milestones)
    yield from (figure.id for metric in library.metrics for figure in metric.observations)
    yield from (place.id for place in library.places)
    for report in library.reports:
        yield from (subject.id for subject in report.subjects)
        yield from (rule.id for rule in report.audit)
        yield from (comparison.id for comparison in report.growth)
        yield from (fact.id for theme in report.themes for fact in (theme, *theme.points))
        yield from (entries.id for entries in report.lists)
        yield from (entry.id for entries in report.lists for entry in entries.entries)


def paged(sizes: Sequence[int], page: int) -> tuple[slice, int, int]:
    """The part of a list on a page, the page that there is, and how many pages there are.

    *sizes*: how long each item is (characters). A page has ITEMS of them, or fewer that fit one message.
    """
    starts = [0]
    room = _PAGE_ROOM
    for number, size in enumerate(sizes):
        room -= size + _ITEM_EXTRA
        if number - starts[-1] == ITEMS or (room < 0 and number > starts[-1]):
            starts.append(number)
            room = _PAGE_ROOM - size - _ITEM_EXTRA
    page = min(max(page, 0), len(starts) - 1)
    return slice(starts[page], [*starts, len(sizes)][page + 1]), page, len(starts)


def size_of(language: Language, *words: Text | None) -> int:
    """How long an item is that shows these words (characters)."""
    return sum(len(text[language]) for text in words if text)


def pager(here: Place, pages: int) -> Rows:
    """Buttons that turn the pages of a list, with the number of this one; none for a single page."""
    if pages == 1:
        return ()
    turned = (("‹", here.page - 1), (f"{here.page + 1}/{pages}", here.page), ("›", here.page + 1))
    row = tuple(
        Button(label, action(here.command, here.argument, page), is_beside=True)
        for label, page in turned
        if 0 <= page < pages
    )
    return (row,)
