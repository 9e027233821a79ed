"""/timeline: the milestones of the years, of a place, or with a keyword."""

from __future__ import annotations

from dataclasses import replace

from bot.handlers.report.dated import dated, nearest_screen, typed_date
from bot.handlers.report.search import found
from bot.views.buttons import distinct, milestone_button
from bot.views.navigation import paged, size_of
from bot.views.screen import Button, Rows, Screen, ViewRequest, action, in_rows
from bot.views.suggestions import problem_screen
from digests.inputs import InputError
from digests.inputs.dates import RangeInput, When
from digests.queries import Timeline, YearRange, timeline

_YEARS_A_ROW = 5
#: Telegram shows a hundred buttons at most; more years are folded into decades.
_MOST_YEARS = 80


def show_timeline(request: ViewRequest) -> Screen:
    """``/timeline [date | range | place | keyword]``."""
    try:
        when = typed_date(request) if request.argument else None
    except InputError as error:
        return problem_screen(request, "timeline", error)
    if when is not None:
        return _of_dates(request, when)
    told = _of_words(request)
    if told.keyword and not told.milestones:
        return found(request, "timeline")
    return _list(request, told)


def _of_words(request: ViewRequest) -> Timeline:
    """The milestones of a place or a keyword; a number is a keyword, since no date has its form."""
    library, wanted = request.library, request.argument
    if not wanted.isdecimal():
        return timeline(library, wanted)
    years = timeline(library).years
    return Timeline(tuple(library.milestones_about(wanted)), years, keyword=wanted)


def _of_dates(request: ViewRequest, when: When) -> Screen:
    """The milestones of a date or span; years are named as numbers, what is shorter as it was typed."""
    milestones = dated(request.library, when)
    if not milestones:
        return nearest_screen(request, when)
    years = _whole_years(request, when)
    typed = None if years else request.argument
    return _list(request, Timeline(milestones, timeline(request.library).years, years, None, typed))


def _whole_years(request: ViewRequest, when: When) -> YearRange | None:
    known = [year for year, _ in timeline(request.library).years]
    ends = (when.first, when.last) if isinstance(when, RangeInput) else (when, when)
    if any(end is not None and (end.year is None or end.month is not None) for end in ends):
        return None
    first, last = (end.year if end else None for end in ends)
    return YearRange(first or known[0], last or known[-1])


def _list(request: ViewRequest, found: Timeline) -> Screen:
    """A page of the milestones."""
    sizes = [size_of(request.language, milestone.title) for milestone in found.milestones]
    part, _, pages = paged(sizes, request.page)
    shown = replace(found, milestones=found.milestones[part])
    html = request.render("timeline", timeline=shown, first=part.start + 1, of=found)
    return Screen(html, _timeline_rows(request, shown), picture=_picture_of(found), pages=pages)


def _picture_of(found: Timeline) -> str | None:
    """The picture of years that have milestones, of a place, or of everything; none of a keyword."""
    years = [milestone.date.year for milestone in found.milestones if milestone.date.year]
    if not years or found.keyword:
        return None
    if found.place:
        return f"timeline:{found.place.id}"
    return f"timeline:{YearRange(min(years), max(years))}" if found.range else "timeline"


def _timeline_rows(request: ViewRequest, shown: Timeline) -> Rows:
    """A card for each milestone of the page, and the years."""
    cards = [milestone_button(request, milestone) for milestone in shown.milestones]
    years = [
        Button(str(span), action("timeline", span.typed), is_beside=bool(request.argument))
        for span in _spans(shown)
    ]
    rows = (*in_rows(distinct(cards), 2), *in_rows(years, _YEARS_A_ROW))
    if not request.argument:
        return rows
    return (*rows, (Button(request.say("All years"), action("timeline")),))


def _spans(shown: Timeline) -> list[YearRange]:
    """The years to turn to: all of the library; of very many, decades or centuries, and those within one."""
    years = [year for year, _ in shown.years]
    if len(years) > _MOST_YEARS and shown.range and shown.range.first < shown.range.last:
        years = [year for year in years if year in shown.range]
    for length in (1, 10, 100):
        firsts = sorted({year // length * length for year in years})
        if len(firsts) <= _MOST_YEARS:
            break
    return [YearRange(first, first + length - 1) for first in firsts]
