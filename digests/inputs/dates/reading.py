"""Dates and spans as commands take them, each within its bounds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from digests.inputs import InputError
from digests.inputs.dates.calendar_dates import (
    FORMS,
    MONTH_NAME,
    DateInput,
    DateKind,
    check_date,
    cleaned,
    find_date,
)
from digests.inputs.dates.relative import find_relative, with_absolute
from digests.inputs.dates.spans import RangeInput, When, find_named_span, find_span
from digests.inputs.normalize import normalize, shown

#: No date or span is written longer (characters).
_LONGEST_DATE = 80
#: Two years.
LONGEST_PAUSE_DAYS = 731


def find_when(text: str, today: date, *, expected: bool = False) -> When | None:
    """The date or span that a text is, or None when it is not shaped like one.

    Raises:
        InputError: it is shaped like one and there is no such date, or it is out of bounds or ambiguous.
    """
    plain = normalize(text).strip(" .,;!?")
    if len(plain) > _LONGEST_DATE:
        return None
    plain = with_absolute(plain, today)
    plain = re.sub(rf"^(?:next|this|coming|in) (?={MONTH_NAME}|\d{{4}})", "", plain)
    try:
        found = find_named_span(plain, today) or find_relative(plain, today) or _short_range(plain)
        found = found or find_date(plain, expected=expected) or find_span(plain, today)
    except InputError as error:
        values = error.values | {"given": shown(text)}
        raise type(error)(error.phrase, forms=error.forms, near=error.near, **values) from None
    return found and _within(found, text)


def _short_range(plain: str) -> RangeInput | None:
    """``2016-18``: a second year in two digits, where it can be no month."""
    match = re.fullmatch(r"(\d{2})(\d{2})-(\d{2})年?", cleaned(plain))
    if match is None or int(match[3]) <= max(int(match[2]), 12):
        return None
    return RangeInput(DateInput(int(match[1] + match[2])), DateInput(int(match[1] + match[3])))


def _within(when: When, text: str) -> When:
    """Hold both ends within the bounds of years."""
    ends = (when.first, when.last) if isinstance(when, RangeInput) else (when,)
    for end in ends:
        if end is not None:
            check_date(end.year, end.month, end.day, text)
    return when


def read_when(text: str, today: date) -> When:
    """The date or span that a text is.

    Raises:
        InputError: it is none.
    """
    found = find_when(text, today, expected=True)
    if found is None:
        raise InputError("I cannot read “%(given)s” as a date.", given=shown(text), forms=FORMS)
    return found


def read_range(text: str, today: date) -> RangeInput:
    """A span; a single date is the span from itself to itself. Raises InputError like `read_when`."""
    found = read_when(text, today)
    return found if isinstance(found, RangeInput) else RangeInput(found, found)


def read_date(text: str, today: date) -> DateInput:
    """A single date, not a span. Raises InputError like `read_when`."""
    found = read_when(text, today)
    if isinstance(found, RangeInput):
        raise InputError("“%(given)s” is a span: write one date.", given=shown(text), forms=FORMS)
    return found


def read_month(text: str, today: date) -> int:
    """A month of any year, 1 to 12: ``5``, ``五月``, ``May``, ``2026-05``, ``下个月``.

    Raises:
        InputError: it is none.
    """
    forms = ("5", "5月", "May")
    found = find_when(text, today, expected=True)
    if isinstance(found, DateInput) and found.month is not None:
        return found.month
    raise InputError("“%(given)s” has no such month: months are 1 to 12.", given=shown(text), forms=forms)


#: A date that is a month.
_MONTHS = (DateKind.MONTH, DateKind.MONTH_OF_ANY_YEAR)


def read_pause(text: str, today: date) -> date:
    """The day until which posts pause: after *today* and at most two years ahead.

    A date, or how long: ``2027-01-01``, ``until 1 Jan``, ``暂停到下周五``, ``2 weeks``, ``三个月``. A month
    without “until” is the time of the pause, which ends with it: ``pause in August``.

    Raises:
        InputError: it is none, or out of these bounds.
    """
    plain = re.sub(r"^(?:paused?|stop)\b:? ?|^(?:暂停|停):? ?", "", normalize(text))
    bare = re.sub(r"^(?:until|till|to)\b ?|^(?:直?到|至) ?", "", plain).strip()
    is_until, plain = bare != plain.strip(), re.sub(r"^(?:for|in|during)\b ?|^在", "", bare).strip()
    relative = find_relative(plain, today, as_duration=True)
    found = relative or read_when(plain or text, today)
    date_found = (found.first or found.last) if isinstance(found, RangeInput) else found
    if relative is None and not is_until and date_found is not None and date_found.kind in _MONTHS:
        day: date | None = date_found.coming(today).last_day() + timedelta(days=1)
    else:
        day = _first_after(date_found, today)
    latest = today + timedelta(days=LONGEST_PAUSE_DAYS)
    if day and today < day <= latest:
        return day
    raise InputError(
        "A pause ends after today and by %(latest)s at the latest.",
        latest=latest.isoformat(),
        given=shown(text),
        forms=_pauses(today),
    )


@contextmanager
def offering_pauses(today: date) -> Iterator[None]:
    """Have a date that cannot be read be told with pauses that work, and not with dates of the past.

    Raises:
        InputError: the date cannot be read.
    """
    try:
        yield
    except InputError as error:
        if error.near or not error.forms:
            raise
        raise InputError(error.phrase, forms=_pauses(today), near=(), **error.values) from None


def _pauses(today: date) -> tuple[str, ...]:
    return f"{today.year + 1}-01-01", f"{today.year + 1}年1月1日", "pause 2 weeks"


def read_preview(text: str, today: date) -> DateInput:
    """The day or month whose post is wanted; one without a year is the coming one.

    Raises:
        InputError: it is neither.
    """
    found = read_date(text, today).coming(today)
    if found.kind in {DateKind.DAY, DateKind.MONTH}:
        return found
    raise InputError(
        "“%(given)s” is a year: write a day or a month.",
        given=shown(text),
        forms=(f"{found.year}-11", f"{found.year}-05-10", "5月10日"),
    )


def _first_after(when: DateInput | None, today: date) -> date | None:
    """The first day of a date; of one without a year, the first such day after *today*."""
    if when is None:
        return None
    day = when.in_year(today.year).first_day()
    return day if when.year is not None or day > today else when.in_year(today.year + 1).first_day()
