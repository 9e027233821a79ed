"""/today and /month: what happened on this date."""

from __future__ import annotations

import re
from datetime import date

from bot.views.buttons import LIST_PAGE, milestone_button
from bot.views.screen import Button, Screen, ViewRequest, action
from bot.views.suggestions import unknown
from digests.digest import Recalled, next_recalled, recalled_in_month, recalled_on_day
from digests.pages.formatting import month_name
from digests.schedules import Cadence, Occasion

_MONTH_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # noqa: SIM905 - reads better in a row
_MONTHS_IN_A_YEAR = 12


def show_today(request: ViewRequest) -> Screen:
    """``/today``: the day's anniversaries; on an empty day this month's, and the next date that has one."""
    today = request.today
    items = recalled_on_day(request.library, today)
    next_day, coming = next_recalled(request.library, today) or (today, ())
    html = request.render(
        "today",
        today=today,
        items=items,
        in_month=recalled_in_month(request.library, today.year, today.month),
        next_day=next_day,
        next_items=coming,
    )
    return Screen(html, _cards(request, items or coming), picture=_card_of(Cadence.DAILY, today, items))


def show_month(request: ViewRequest) -> Screen:
    """``/month [n]``: a month's anniversaries; this month's without an argument."""
    month = parse_month(request.argument) if request.argument else request.today.month
    if month is None:
        return unknown(request, "month")
    items = recalled_in_month(request.library, request.today.year, month)
    html = request.render("month", month=month, items=items)
    before, after = (month - 2) % 12 + 1, month % 12 + 1
    beside = tuple(Button(month_name(n, request.language), action("month", str(n))) for n in (before, after))
    picture = _card_of(Cadence.MONTHLY, request.today.replace(month=month, day=1), items)
    return Screen(html, (*_cards(request, items), beside), LIST_PAGE, picture)


def _card_of(cadence: Cadence, first_day: date, items: tuple[Recalled, ...]) -> str | None:
    """The card of an occasion that has something to recall."""
    return f"digest:{Occasion(cadence, first_day).key}" if items else None


def parse_month(text: str) -> int | None:
    """Read ``5``, ``5月``, ``May`` or ``2026-05``; None when it is no month."""
    number = re.fullmatch(r"(?:\d{4}[-年])?(\d{1,2})月?", text.strip())
    if number:
        month = int(number[1])
        return month if 1 <= month <= _MONTHS_IN_A_YEAR else None
    name = text.strip().lower()[:3]
    return _MONTH_NAMES.index(name) + 1 if name in _MONTH_NAMES else None


def _cards(request: ViewRequest, items: tuple[Recalled, ...]) -> tuple[tuple[Button, ...], ...]:
    return tuple((milestone_button(request, item.milestone),) for item in items[:6])
