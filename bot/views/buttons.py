"""Buttons that several views share."""

from __future__ import annotations

import re

from bot.telegram.callback_data import AddChatCallback, ChatKind
from bot.telegram.deep_links import opening, sharing
from bot.views.screen import Button, ViewRequest, action, label_room
from digests.pages.figures import figure_text
from digests.pages.formatting import date_of_any_year, word_date_briefly
from digests.report.model import Entry, Milestone, Observation, Origin, Point, Theme
from digests.text import columns

#: About one phone screen and a half: a page of a long list (UTF-16 units).
LIST_PAGE = 1600
#: The items of a list on one page, each with a button of its own.
ITEMS = 8
#: What a button as wide as a phone shows.
_WIDEST = label_room(1)
#: Where a label is cut it does not end with one of these.
_LOOSE_ENDS = frozenset(
    ("a", "an", "and", "at", "by", "for", "from", "in", "its", "of", "on", "or", "that", "the", "to", "with")
)
#: Nor with a compound that qualifies what follows, such as “cross-border”.
_COMPOUND = r"[a-z]{2,}-[a-z]+"
#: So much of a label must be left before a colon or a comma, for it to end there (columns).
_ENOUGH = 16


def milestone_button(request: ViewRequest, milestone: Milestone) -> Button:
    """A button that opens a milestone's card, with the sign that the text gives it."""
    title = milestone.short_title[request.language]
    word = date_of_any_year if milestone.date.year is None else word_date_briefly
    dated = f"{word(milestone.date, request.language)} {title}"
    sign = milestone_sign(milestone)
    return Button(fitting(f"{sign} {dated}", f"{sign} {title}"), action("milestone", milestone.id))


def milestone_sign(milestone: Milestone) -> str:
    """◆ for what the chronology lists, ◇ for what the text tells."""
    return "◆" if milestone.origin is Origin.CHRONOLOGY else "◇"


def fitting(label: str, *shorter: str) -> str:
    """The first of several forms of a label that a phone shows whole, else the last, cut at a word."""
    for form in (label, *shorter):
        if len(form) <= _WIDEST and columns(form) <= _WIDEST:
            return form
    return _cut((label, *shorter)[-1])


def _cut(label: str) -> str:
    """A label without its end: up to a colon or comma, else to a word that can stand last."""
    kept = label[:_WIDEST]  # each character takes a column at least
    while columns(kept) > _WIDEST:
        kept = kept[:-1]
    clause = max(kept.rfind(sign) for sign in "，、,;；:：（(")
    if clause > 0 and columns(kept[:clause]) >= _ENOUGH:
        return kept[:clause].rstrip()
    words = kept.split(" ")[:-1]
    while words and (words[-1].casefold() in _LOOSE_ENDS or re.fullmatch(_COMPOUND, words[-1])):
        words.pop()
    whole = " ".join(words).rstrip(" ·")
    return whole if columns(whole) >= _ENOUGH else kept


def place_button(request: ViewRequest, place_id: str) -> Button:
    """A button that opens a place's card."""
    name = request.library.place(place_id).name[request.language]
    return Button(fitting(f"📍 {name}"), action("zones", place_id))


def figure_button(request: ViewRequest, observation: Observation) -> Button:
    """A button that opens a figure's card."""
    told = figure_text(request.library, observation, request.language)
    when = f"{told.when} · " if told.is_dated and told.when else ""
    is_named = told.label[:1].isupper()  # a place or a firm says more than the beginning of a long name
    last = f"{told.value} · {when}{told.label if is_named else told.name}"
    forms = (told.short, f"{told.value} · {told.title}", last)
    return Button(fitting(*(f"📊 {form}" for form in forms)), action("metrics", observation.id))


def entry_button(request: ViewRequest, entry: Entry) -> Button:
    """A button that opens an entry of a list."""
    return Button(fitting(f"▪️ {entry.name[request.language]}"), action("entry", entry.id))


def point_button(request: ViewRequest, argument: Theme | Point) -> Button:
    """A button that opens one argument of the report."""
    return Button(fitting(f"📄 {argument.title[request.language]}"), action("point", argument.id))


def distinct(buttons: list[Button]) -> list[Button]:
    """The buttons without repeated targets, and with a number where labels would be the same."""
    by_data = {button.data: button for button in buttons}
    seen: dict[str, int] = {}
    found = []
    for button in by_data.values():
        seen[button.label] = seen.get(button.label, 0) + 1
        number = seen[button.label]
        label = button.label if number == 1 else f"{button.label} ({number})"
        found.append(Button(label, button.data, button.url, button.is_beside))
    return found


def share_buttons(request: ViewRequest, payload: str, words: str) -> tuple[Button, ...]:
    """The button that sends a link to this screen, with words, to whom the reader chooses.

    None while the bot's name is not known.
    """
    if not request.username:
        return ()
    link = opening(request.username, payload)
    return (Button(request.say("Share this"), url=sharing(link, words)),)


def add_buttons(request: ViewRequest) -> tuple[Button, Button]:
    """Buttons that add the bot to a channel or a group."""
    return (
        Button("📣 " + request.say("Add to a channel"), AddChatCallback(kind=ChatKind.CHANNEL).pack()),
        Button("👥 " + request.say("Add to a group"), AddChatCallback(kind=ChatKind.GROUP).pack()),
    )
