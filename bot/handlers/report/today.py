"""/today and /month: what happened on this date."""

from __future__ import annotations

from datetime import date

from bot.views.buttons import LIST_PAGE, distinct, milestone_button
from bot.views.screen import Button, Rows, Screen, ViewRequest, action, in_rows
from bot.views.suggestions import problem_screen
from digests.composing.digest import Recalled, next_recalled, recalled_in_month, recalled_on_day
from digests.inputs import InputError
from digests.inputs.dates import DateInput, read_date, read_month
from digests.pages.formatting import month_name
from digests.schedules import Cadence, Occasion


def show_today(request: ViewRequest) -> Screen:
    """``/today [date]``: a day's anniversaries; on an empty day its month's, and the next that has one."""
    try:
        found = read_date(request.argument, request.today) if request.argument else None
    except InputError as error:
        return problem_screen(request, "today", error)
    if found is not None and found.day is None:
        return show_month(request)
    # without its year: the anniversary of this year is meant
    this = DateInput(None, found.month, found.day).in_year(request.today.year) if found else None
    day = this.first_day() if this else request.today
    items = recalled_on_day(request.library, day)
    next_day, coming = next_recalled(request.library, day) or (day, ())
    html = request.render(
        "today",
        today=day,
        items=items,
        in_month=recalled_in_month(request.library, day.year, day.month),
        next_day=next_day,
        next_items=coming,
    )
    return Screen(html, _cards(request, items or coming), picture=_card_of(Cadence.DAILY, day, items))


def show_month(request: ViewRequest) -> Screen:
    """``/month [month]``: a month's anniversaries; this month's without an argument."""
    try:
        month = read_month(request.argument, request.today) if request.argument else request.today.month
    except InputError as error:
        return problem_screen(request, "month", error)
    items = recalled_in_month(request.library, request.today.year, month)
    html = request.render("month", month=month, items=items)
    before, after = (month - 2) % 12 + 1, month % 12 + 1
    beside = tuple(
        Button(month_name(n, request.language), action("month", str(n)), is_beside=True)
        for n in (before, after)
    )
    picture = _card_of(Cadence.MONTHLY, request.today.replace(month=month, day=1), items)
    return Screen(html, (*_cards(request, items), beside), LIST_PAGE, picture)


def _card_of(cadence: Cadence, first_day: date, items: tuple[Recalled, ...]) -> str | None:
    """The card of an occasion that has something to recall."""
    return f"digest:{Occasion(cadence, first_day).key}" if items else None


def _cards(request: ViewRequest, items: tuple[Recalled, ...]) -> Rows:
    return in_rows(distinct([milestone_button(request, item.milestone) for item in items]), 2)
