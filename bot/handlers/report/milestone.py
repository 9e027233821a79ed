"""/milestone: one milestone's card."""

from __future__ import annotations

from bot.handlers.report.dated import dated, nearest_screen, typed_date
from bot.handlers.report.timeline import show_timeline
from bot.telegram.deep_links import LinkKind
from bot.views.buttons import distinct, entry_button, figure_button, place_button, share_buttons
from bot.views.screen import Button, Rows, Screen, ViewRequest, action, in_rows
from bot.views.suggestions import problem_screen, unknown
from digests.inputs import InputError
from digests.inputs.dates import When
from digests.pages.formatting import format_date
from digests.pages.kinds import kind_names
from digests.queries import MilestoneCard, milestone_card
from digests.report.library import UnknownFact
from digests.report.model import Milestone

#: A code of customs, such as 1210, has that many digits.
_SHORTEST_CODE = 3


def show_milestone(request: ViewRequest) -> Screen:
    """``/milestone [date | words]``: one card; without an argument the first."""
    library, wanted = request.library, request.argument
    if not wanted:
        return _card(request, library.milestones[0])
    try:
        return _card(request, library.milestone(wanted))
    except UnknownFact:
        pass
    try:
        when = typed_date(request)
    except InputError as error:
        return problem_screen(request, "milestone", error)
    return _of_words(request) if when is None else _of_date(request, when)


def _of_date(request: ViewRequest, when: When) -> Screen:
    """The milestone of a date, a list when there are several, or the nearest ones."""
    found = dated(request.library, when)
    if len(found) == 1:
        return _card(request, found[0])
    return show_timeline(request) if found else nearest_screen(request, when)


def _of_words(request: ViewRequest) -> Screen:
    """The first milestone that a search finds; a number too short to mean anything finds none."""
    library, wanted = request.library, request.argument
    if wanted.isdecimal() and len(wanted) < _SHORTEST_CODE:
        return unknown(request, "milestone")
    hits = (hit.id for hit in library.search(wanted, limit=50).hits if hit.kind == "milestone")
    chosen = next((library.milestone(hit) for hit in hits), None)
    return unknown(request, "milestone") if chosen is None else _card(request, chosen)


def _card(request: ViewRequest, chosen: Milestone) -> Screen:
    card = milestone_card(request.library, chosen.id)
    return Screen(
        request.render("milestone", card=card, kinds=kind_names(request.say)),
        _card_rows(request, card),
        picture=f"milestone:{chosen.id}",
    )


def _card_rows(request: ViewRequest, card: MilestoneCard) -> Rows:
    beside = [
        Button(request.say("‹ Earlier"), action("milestone", card.previous.id), is_beside=True)
        if card.previous
        else None,
        Button(request.say("Later ›"), action("milestone", card.next.id), is_beside=True)
        if card.next
        else None,
    ]
    places = [place_button(request, place) for place in card.milestone.places]
    figures = [
        figure_button(request, request.library.observation(id_)) for id_ in card.milestone.observations
    ]
    entries = [entry_button(request, request.library.entry(entry)) for entry in card.milestone.entries]
    back = Button(request.say("Timeline"), action("timeline", str(card.milestone.date.year or "")))
    cite = Button(request.say("Cite"), action("cite", card.milestone.id))
    words = f"{format_date(card.milestone.date, request.language)} · {card.milestone.title[request.language]}"
    share = share_buttons(request, f"{LinkKind.MILESTONE}-{card.milestone.id}", words)
    rows = (
        tuple(button for button in beside if button),
        *in_rows(places, 3),
        *in_rows(distinct(figures), 1),
        *in_rows(distinct(entries), 2),
        (back, cite, *share),
    )
    return tuple(row for row in rows if row)
