"""/milestone: one milestone's card."""

from __future__ import annotations

from bot.views.buttons import figure_button, place_button
from bot.views.screen import Button, Rows, Screen, ViewRequest, action, in_rows
from bot.views.suggestions import unknown
from digests.dates import PartialDate
from digests.pages.kinds import kind_names
from digests.queries import MilestoneCard, milestone_card
from digests.report.library import UnknownFact
from digests.report.model import Milestone


def show_milestone(request: ViewRequest) -> Screen:
    """``/milestone [date | words]``: one card; without an argument the first."""
    chosen = find_milestone(request)
    if chosen is None:
        return unknown(request, "milestone")
    card = milestone_card(request.library, chosen.id)
    return Screen(
        request.render("milestone", card=card, kinds=kind_names(request.say)),
        _card_rows(request, card),
        picture=f"milestone:{chosen.id}",
    )


def find_milestone(request: ViewRequest) -> Milestone | None:
    """The milestone that an argument means: an id, a date, or words that a search finds."""
    library, wanted = request.library, request.argument
    if not wanted:
        return library.milestones[0]
    try:
        return library.milestone(wanted)
    except UnknownFact:
        pass
    dated = [milestone for milestone in library.milestones if str(milestone.date) == _as_date(wanted)]
    if dated:
        return dated[0]
    hits = (hit.id for hit in library.search(wanted, limit=50).hits if hit.kind == "milestone")
    return next((library.milestone(hit) for hit in hits), None)


def _as_date(text: str) -> str | None:
    try:
        return str(PartialDate.parse(text))
    except ValueError:
        return None


def _card_rows(request: ViewRequest, card: MilestoneCard) -> Rows:
    beside = [
        Button(request.say("‹ Earlier"), action("milestone", card.previous.id)) if card.previous else None,
        Button(request.say("Later ›"), action("milestone", card.next.id)) if card.next else None,
    ]
    places = [place_button(request, place) for place in card.milestone.places]
    figures = [
        figure_button(request, request.library.observation(id_)) for id_ in card.milestone.observations
    ]
    back = Button(request.say("Timeline"), action("timeline", str(card.milestone.date.year or "")))
    rows = (
        tuple(button for button in beside if button),
        *in_rows(places, 3),
        *in_rows(figures[:4], 1),
        (back,),
    )
    return tuple(row for row in rows if row)
