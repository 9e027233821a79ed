"""/today and /month: what happened on this date."""

from __future__ import annotations

from datetime import date

from bot.telegram.deep_links import LinkKind, occasion_payload, read_occasion_payload
from bot.views.buttons import LIST_PAGE, distinct, milestone_button, share_buttons
from bot.views.screen import Button, Rows, Screen, ViewRequest, action, in_rows
from bot.views.suggestions import problem_screen
from digests.composing.digest import Recalled, compose, next_recalled, recalled_in_month, recalled_on_day
from digests.inputs import InputError
from digests.inputs.dates import DateInput, read_date, read_month
from digests.pages.formatting import format_date, month_name
from digests.report.library import UnknownFact
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
        is_today=day == request.today,
        items=items,
        in_month=recalled_in_month(request.library, day.year, day.month),
        next_day=next_day,
        next_items=coming,
    )
    rows = _cards(request, items or coming)
    if items:
        payload = f"{LinkKind.OCCASION}-{occasion_payload(Occasion(Cadence.DAILY, day))}"
        rows += (share_buttons(request, payload, _told(request, items)),)
    return Screen(html, rows, picture=_card_of(Cadence.DAILY, day, items))


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


def _told(request: ViewRequest, items: tuple[Recalled, ...]) -> str:
    """What is passed on with a link: each milestone with its date."""
    language = request.language
    milestones = [item.milestone for item in items]
    return "; ".join(f"{format_date(m.date, language)} · {m.title[language]}" for m in milestones)


def show_occasion(request: ViewRequest) -> Screen:
    """A post again, by its occasion, with a card for each of what it tells.

    Raises:
        UnknownFact: there is no such occasion, or nothing was told then.
    """
    try:
        occasion = read_occasion_payload(request.argument)
    except ValueError:
        raise UnknownFact(request.argument) from None
    digest = compose(request.library, occasion)
    if digest is None or not digest.items:
        raise UnknownFact(request.argument)
    html = request.render("digest", digest=digest, occasion=occasion)
    return Screen(html, _cards(request, digest.items), picture=f"digest:{occasion.key}")


def _card_of(cadence: Cadence, first_day: date, items: tuple[Recalled, ...]) -> str | None:
    """The card of an occasion that has something to recall."""
    return f"digest:{Occasion(cadence, first_day).key}" if items else None


def _cards(request: ViewRequest, items: tuple[Recalled, ...]) -> Rows:
    return in_rows(distinct([milestone_button(request, item.milestone) for item in items]), 2)
