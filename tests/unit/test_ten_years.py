"""Ten simulated years of schedules, held against zoneinfo: no post twice, none lost, none off its time."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digests.schedules import Cadence, Due, Schedule, next_due

#: Zones with half and three-quarter hours, changes at midnight, changed rules, and a moved date line.
ZONES = [
    "Asia/Shanghai", "Asia/Kathmandu", "Europe/Berlin", "America/New_York", "America/Havana",
    "America/Sao_Paulo", "Africa/Casablanca", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Tehran",
    "Africa/Cairo", "America/Nuuk", "Asia/Pyongyang",
]  # fmt: skip
FIRST, LAST = datetime(2010, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC)


def told(schedule: Schedule, begin: datetime = FIRST, end: datetime = LAST) -> list[Due]:
    found = [next_due(schedule, begin)]
    while found[-1].at < end:
        found.append(next_due(schedule, found[-1].at))
    return found[:-1]


def days_of(zone: ZoneInfo, begin: datetime, end: datetime) -> set[date]:
    """The days that a zone really had, found by walking every six hours."""
    steps = int((end - begin) / timedelta(hours=6))
    return {(begin + timedelta(hours=6 * n)).astimezone(zone).date() for n in range(steps)}


@pytest.mark.parametrize("zone", ZONES)
def test_a_daily_post_comes_once_on_every_day_that_a_zone_has(zone: str) -> None:
    posts = told(Schedule(Cadence.DAILY, time(2, 30), zone))
    days = Counter(due.occasion.first_day for due in posts)
    inner = days_of(ZoneInfo(zone), FIRST + timedelta(days=2), LAST - timedelta(days=2))
    assert set(days.values()) == {1}
    assert inner <= set(days)
    assert set(days) - inner <= days_of(ZoneInfo(zone), FIRST - timedelta(days=1), LAST + timedelta(days=1))


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("cadence", [Cadence.WEEKLY, Cadence.MONTHLY])
def test_weeks_and_months_follow_each_other_without_a_gap(zone: str, cadence: Cadence) -> None:
    posts = told(Schedule(cadence, time(0, 30), zone))
    for due, following in pairwise(posts):
        assert following.occasion == due.occasion.following
        assert following.at > due.at
    if cadence is Cadence.MONTHLY:
        ends = {due.occasion.last_day for due in posts}
        assert all(day.day == monthrange(day.year, day.month)[1] for day in ends)
        assert {date(2012, 2, 29), date(2016, 2, 29), date(2014, 2, 28)} <= ends


@settings(max_examples=60)
@given(
    st.sampled_from(ZONES),
    st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59])),
    st.datetimes(datetime(2010, 1, 1), datetime(2019, 1, 1), timezones=st.just(UTC)),
)
def test_the_shown_time_is_the_chosen_one_except_where_the_zone_leaves_it_out(
    zone: str, at: time, begin: datetime
) -> None:
    for due in told(Schedule(Cadence.DAILY, at, zone), begin, begin + timedelta(days=60)):
        local = due.at.astimezone(ZoneInfo(zone))
        wanted = datetime.combine(due.occasion.first_day, at)
        if local.replace(tzinfo=None) == wanted:
            assert local.fold == 0  # of a time that comes twice it is the first
        else:
            back = wanted.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).astimezone(ZoneInfo(zone))
            assert back.replace(tzinfo=None) != wanted
            assert local.replace(tzinfo=None) > wanted


@settings(max_examples=40)
@given(st.sampled_from(ZONES), st.lists(st.integers(1, 40 * 3600), min_size=1, max_size=30))
def test_however_often_somebody_looks_nothing_is_told_twice_or_left_out(zone: str, steps: list[int]) -> None:
    """A planner that looks at any moments, asleep between them, tells what one that never sleeps does."""
    schedule = Schedule(Cadence.DAILY, time(2, 30), zone)
    begin = datetime(2014, 3, 20, tzinfo=UTC)
    now, due, seen = begin, next_due(schedule, begin), []
    for step in steps:
        now += timedelta(seconds=step)
        while due.at <= now:
            seen.append(due)
            due = next_due(schedule, due.at)
    assert seen == [each for each in told(schedule, begin, now + timedelta(days=1)) if each.at <= now]
