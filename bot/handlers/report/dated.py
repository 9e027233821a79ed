"""Milestones of a typed date or span, and the nearest where there is none."""

from __future__ import annotations

from datetime import date

from bot.views.buttons import milestone_button
from bot.views.screen import Button, Screen, ViewRequest, action, in_rows
from digests.inputs import InputError
from digests.inputs.dates import DateInput, When, find_when
from digests.report.library import Library
from digests.report.model import Milestone

_NEAREST = 3


def typed_date(request: ViewRequest) -> When | None:
    """The date or span that an argument is; None when it is something else, such as a bare number.

    Raises:
        InputError: it is shaped like a date, and there is none such.
    """
    text = request.argument.strip()
    try:
        return find_when(text, request.today)
    except InputError:
        if text.isdecimal():  # 1210 is a code of customs, no year
            return None
        raise


def dated(library: Library, when: When) -> tuple[Milestone, ...]:
    """The milestones that lie in a date or span, in order of time."""
    return tuple(milestone for milestone in library.milestones if when.covers(milestone.date))


def nearest_screen(request: ViewRequest, when: When) -> Screen:
    """Say that there is nothing then, and show what is nearest."""
    found = _nearest(request.library, when)
    is_day = isinstance(when, DateInput) and when.day is not None
    html = request.render("nearest", wanted=request.argument, milestones=found, is_day=is_day)
    rows = in_rows([milestone_button(request, milestone) for milestone in found], 1)
    return Screen(html, (*rows, (Button(request.say("Timeline"), action("timeline")),)))


def _nearest(library: Library, when: When) -> list[Milestone]:
    """In order of time."""
    far = [(_distance(when, milestone), milestone) for milestone in library.milestones]
    close = sorted(((days, m) for days, m in far if days is not None), key=lambda pair: pair[0])[:_NEAREST]
    return sorted((milestone for _, milestone in close), key=lambda milestone: milestone.date.sort_key)


def _distance(when: When, milestone: Milestone) -> int | None:
    """Days between a date or span and a milestone; None for a milestone of an unknown year."""
    begins, ends = milestone.date.first_day(), milestone.date.last_day()
    if begins is None or ends is None:
        return None
    if isinstance(when, DateInput):
        when = when.in_year(begins.year)
    first, last = when.first_day() or date.min, when.last_day() or date.max
    return max((first - ends).days, (begins - last).days, 0)
