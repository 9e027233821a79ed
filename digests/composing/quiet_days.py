"""Counts the days on which nothing is recalled, in closed form: for any date at the same small cost."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from digests.dates import PartialDate, Precision

_LEAP_DAY = (2, 29)
_EVE = (2, 28)  # the day on which a leap day is recalled in common years
_NEVER = 10_000  # a year after the last one

#: The days of a year that recall something, as month and day, each with the first year that does.
ToldDays = dict[tuple[int, int], int]


def told_days(dates: Iterable[PartialDate]) -> ToldDays:
    """The days on which events of these dates are recalled: a month's on its 1st."""
    first_years: ToldDays = {}
    for known in dates:
        if known.year is not None and known.precision in (Precision.DAY, Precision.MONTH):
            slot = (known.month or 1, known.day or 1)
            first_years[slot] = min(known.year + 1, first_years.get(slot, _NEVER))
    return first_years


def quiet_days_before(told: ToldDays, day: date) -> int:
    """How many days from 1 January of the year 1 until before *day* recall nothing."""
    recalled = sum(_years(first, _last_year(slot, day)) for slot, first in told.items() if slot != _LEAP_DAY)
    if _LEAP_DAY in told:
        recalled += _leap_day_recalled(told, day)
    return day.toordinal() - 1 - recalled


def _leap_day_recalled(told: ToldDays, day: date) -> int:
    """The days that only a leap day makes days of recall: itself, and its eve in common years."""
    first = told[_LEAP_DAY]
    last_eve = min(_last_year(_EVE, day), told.get(_EVE, _NEVER) - 1)
    common = _years(first, last_eve) - _leap_years(first, last_eve)
    return _leap_years(first, _last_year(_LEAP_DAY, day)) + common


def _last_year(slot: tuple[int, int], day: date) -> int:
    """The last year in which a day of the year lies before *day*."""
    return day.year if slot < (day.month, day.day) else day.year - 1


def _years(first: int, last: int) -> int:
    return max(0, last - first + 1)


def _leap_years(first: int, last: int) -> int:
    return _leap_years_until(last) - _leap_years_until(first - 1) if last >= first else 0


def _leap_years_until(year: int) -> int:
    return year // 4 - year // 100 + year // 400
