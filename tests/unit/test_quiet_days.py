"""The days on which nothing is recalled, counted in closed form as a calendar counts them."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from digests.composing.quiet_days import quiet_days_before, told_days
from digests.dates import PartialDate

_DATES = st.builds(
    PartialDate, st.integers(1890, 1930), st.integers(1, 12), st.none() | st.integers(1, 28)
) | st.builds(PartialDate, st.just(1904), st.just(2), st.just(29))


@given(st.lists(_DATES, max_size=8), st.integers(1880, 1940), st.integers(0, 364))
def test_quiet_days_are_counted_as_a_calendar_counts_them(
    dates: list[PartialDate], year: int, offset: int
) -> None:
    first, day = date(1880, 1, 1), date(year, 1, 1) + timedelta(days=offset)
    days = (first + timedelta(days=n) for n in range((day - first).days))
    quiet = sum(not any(is_told_on(known, each) for known in dates) for each in days)
    slots = told_days(dates)
    assert quiet_days_before(slots, day) - quiet_days_before(slots, first) == quiet


def is_told_on(known: PartialDate, day: date) -> bool:
    is_of_month = known.day is None and day.day == 1 and known.recalled_in(day.year, day.month)
    return is_of_month or known.recalled_on(day.year) == day
