"""/timeline: the milestones of the years, of a place, or with a keyword."""

from __future__ import annotations

from bot.views.buttons import LIST_PAGE, milestone_button
from bot.views.screen import Button, Rows, Screen, ViewRequest, action, in_rows
from bot.views.suggestions import unknown
from digests.queries import Timeline, YearRange, timeline

_YEARS_A_ROW = 5
_CARDS_OFFERED = 8


def show_timeline(request: ViewRequest) -> Screen:
    """``/timeline [year | range | place | keyword]``."""
    found = timeline(request.library, request.argument)
    if found.keyword and not found.milestones:
        return unknown(request, "timeline")
    html = request.render("timeline", timeline=found)
    return Screen(html, _timeline_rows(request, found), LIST_PAGE, _picture_of(found))


def _picture_of(found: Timeline) -> str | None:
    """The picture of years that have milestones, of a place, or of everything; none of a keyword."""
    years = [milestone.date.year for milestone in found.milestones if milestone.date.year]
    if not years or found.keyword:
        return None
    if found.place:
        return f"timeline:{found.place.id}"
    return f"timeline:{YearRange(min(years), max(years))}" if found.range else "timeline"


def _timeline_rows(request: ViewRequest, found: Timeline) -> Rows:
    years = [Button(str(year), action("timeline", str(year))) for year, _ in found.years]
    rows = in_rows(years, _YEARS_A_ROW)
    if found.range or found.place or found.keyword:
        cards = [milestone_button(request, milestone) for milestone in found.milestones[:_CARDS_OFFERED]]
        return (*in_rows(cards, 1), *rows, (Button(request.say("All years"), action("timeline")),))
    return rows
