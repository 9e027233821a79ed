from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.schedules import Cadence, Due, Occasion, Schedule, due_at, end_of_day, next_due, stale_at

ZONES = [
    "Asia/Shanghai", "Asia/Kolkata", "Europe/Berlin", "America/New_York", "America/Havana", "America/Nuuk",
    "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Kiritimati", "Africa/Cairo", "UTC",
]  # fmt: skip
days = st.dates(date(2005, 1, 1), date(2035, 12, 31))
instants = st.datetimes(datetime(2005, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC))
schedules = st.builds(
    lambda cadence, at, timezone, weekday: Schedule(
        cadence, at, timezone, weekday if cadence is Cadence.WEEKLY else 0
    ),
    st.sampled_from(Cadence),
    st.builds(time, st.integers(0, 23), st.sampled_from([0, 1, 29, 30, 59])),
    st.sampled_from(ZONES),
    st.integers(0, 6),
)


@given(st.sampled_from(Cadence), days, st.integers(0, 6))
def test_a_key_names_its_occasion(cadence, day, weekday):
    occasion = Occasion.containing(cadence, day, weekday)
    assert Occasion.parse(occasion.key) == occasion


@given(st.sampled_from(Cadence), days, st.integers(0, 6))
def test_an_occasion_holds_the_day_it_was_asked_for_and_the_next_one_begins_after_it(cadence, day, weekday):
    occasion = Occasion.containing(cadence, day, weekday)
    assert occasion.first_day <= day <= occasion.last_day
    assert occasion.following.first_day == occasion.last_day + timedelta(days=1)


@given(days, st.integers(0, 6))
def test_a_week_begins_on_the_chosen_weekday_and_has_seven_days(day, weekday):
    week = Occasion.containing(Cadence.WEEKLY, day, weekday)
    assert week.first_day.weekday() == weekday
    assert (week.last_day - week.first_day).days == 6


@pytest.mark.parametrize(
    ("key", "last_day"),
    [
        ("daily:2026-05-10", date(2026, 5, 10)),
        ("weekly:2026-05-11", date(2026, 5, 17)),
        ("monthly:2024-02", date(2024, 2, 29)),
    ],
)
def test_keys_are_written_as_people_read_them(key, last_day):
    assert Occasion.parse(key).key == key
    assert Occasion.parse(key).last_day == last_day


@pytest.mark.parametrize("key", ["", "daily", "hourly:2026-05-10", "daily:2026-02-30", "monthly:2026-05-10"])
def test_what_is_no_occasion_is_refused_with_what_would_be(key):
    with pytest.raises(ValueError, match="write daily:2026-05-10"):
        Occasion.parse(key)


def test_a_month_that_begins_on_another_day_is_refused():
    with pytest.raises(ValueError, match="begins on the 1st"):
        Occasion(Cadence.MONTHLY, date(2026, 5, 2))


@given(schedules, instants)
def test_what_is_due_next_lies_ahead(schedule, after):
    assert next_due(schedule, after).at > after


@given(schedules, instants)
def test_nothing_is_due_between_an_instant_and_the_next_due_one(schedule, after):
    due = next_due(schedule, after)
    between = after + (due.at - after) / 2
    assert next_due(schedule, between) == due
    assert next_due(schedule, due.at - timedelta.resolution) == due


@given(schedules, instants)
def test_following_the_due_instants_tells_each_occasion_once_and_in_order(schedule, after):
    due, told = next_due(schedule, after), []
    for _ in range(10):
        told.append(due)
        due = next_due(schedule, due.at)
    assert len({due.occasion for due in told}) == len(told)
    assert told == sorted(told, key=lambda due: due.occasion.first_day)


@given(schedules, instants)
def test_a_post_comes_at_its_wall_clock_time_unless_a_clock_change_leaves_that_out(schedule, after):
    due = next_due(schedule, after)
    zone = ZoneInfo(schedule.timezone)
    wanted = datetime.combine(due.occasion.first_day, schedule.at, tzinfo=zone)
    shown = due.at.astimezone(zone).replace(tzinfo=None)
    exists = wanted.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wanted.replace(tzinfo=None)
    assert shown == wanted.replace(tzinfo=None) if exists else shown > wanted.replace(tzinfo=None)


@given(schedules, instants)
def test_a_post_is_never_stale_when_it_is_due(schedule, after):
    due = next_due(schedule, after)
    assert stale_at(schedule, due.occasion, None) > due.at


def test_a_time_that_does_not_exist_moves_forward():
    schedule = Schedule(Cadence.DAILY, time(2, 30), "Europe/Berlin")
    due = next_due(schedule, datetime(2026, 3, 28, 12, tzinfo=UTC))
    assert due == Due(datetime(2026, 3, 29, 1, 30, tzinfo=UTC), Occasion.parse("daily:2026-03-29"))
    assert due.at.astimezone(ZoneInfo("Europe/Berlin")).time() == time(3, 30)


def test_a_time_that_exists_twice_fires_once_the_first():
    schedule = Schedule(Cadence.DAILY, time(2, 30), "Europe/Berlin")
    first = next_due(schedule, datetime(2026, 10, 24, 12, tzinfo=UTC))
    assert first.at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert next_due(schedule, first.at).occasion.key == "daily:2026-10-26"


def test_a_day_that_a_zone_left_out_has_no_daily_post_but_keeps_its_week():
    before = datetime(2011, 12, 29, 12, tzinfo=UTC)  # Samoa had no 30 December 2011
    daily = Schedule(Cadence.DAILY, time(9), "Pacific/Apia")
    told = next_due(daily, before)
    assert told.occasion.key == "daily:2011-12-29"
    assert next_due(daily, told.at).occasion.key == "daily:2011-12-31"
    weekly = Schedule(Cadence.WEEKLY, time(9), "Pacific/Apia", weekday=4)
    assert next_due(weekly, before).occasion.key == "weekly:2011-12-30"


def test_a_month_is_told_on_its_first_day():
    schedule = Schedule(Cadence.MONTHLY, time(9), "Asia/Shanghai")
    due = next_due(schedule, datetime(2026, 1, 31, 12, tzinfo=UTC))
    assert due == Due(datetime(2026, 2, 1, 1, tzinfo=UTC), Occasion.parse("monthly:2026-02"))


def test_an_instant_that_is_due_is_not_due_again():
    schedule = Schedule(Cadence.DAILY, time(9), "Asia/Shanghai")
    due = datetime(2026, 5, 10, 1, tzinfo=UTC)
    assert next_due(schedule, due).at == due + timedelta(days=1)


@pytest.mark.parametrize(
    ("cadence", "key", "expected"),
    [
        (Cadence.DAILY, "daily:2026-05-10", datetime(2026, 5, 10, 16, tzinfo=UTC)),
        (Cadence.WEEKLY, "weekly:2026-05-11", datetime(2026, 5, 13, 1, tzinfo=UTC)),
        (Cadence.MONTHLY, "monthly:2026-05", datetime(2026, 5, 8, 1, tzinfo=UTC)),
    ],
)
def test_a_day_is_stale_when_it_ends_a_week_after_two_days_a_month_after_seven(cadence, key, expected):
    schedule = Schedule(cadence, time(9), "Asia/Shanghai")
    assert stale_at(schedule, Occasion.parse(key), None) == expected


def test_the_allowed_lateness_replaces_the_life_of_every_cadence():
    schedule = Schedule(Cadence.DAILY, time(23), "Asia/Shanghai")
    occasion = Occasion.parse("daily:2026-05-10")
    assert stale_at(schedule, occasion, timedelta(hours=3)) == due_at(schedule, occasion) + timedelta(hours=3)


def test_a_post_that_a_clock_change_moved_behind_its_day_still_has_an_hour():
    schedule = Schedule(Cadence.DAILY, time(23, 30), "America/Nuuk")  # 23:00 became 00:00
    occasion = Occasion.parse("daily:2024-03-30")
    due = due_at(schedule, occasion)
    assert due >= end_of_day(occasion.first_day, schedule.timezone)
    assert stale_at(schedule, occasion, None) == due + timedelta(hours=1)


def test_a_lateness_of_nothing_is_not_the_same_as_none():
    schedule = Schedule(Cadence.DAILY, time(9), "Asia/Shanghai")
    occasion = Occasion.parse("daily:2026-05-10")
    assert stale_at(schedule, occasion, timedelta()) == due_at(schedule, occasion)


def test_a_post_that_a_clock_change_moved_to_the_very_end_of_its_day_still_has_an_hour():
    schedule = Schedule(Cadence.DAILY, time(23), "America/Nuuk")  # 23:00 became 00:00
    occasion = Occasion.parse("daily:2024-03-30")
    due = due_at(schedule, occasion)
    assert due == end_of_day(occasion.first_day, "America/Nuuk")
    assert stale_at(schedule, occasion, None) == due + timedelta(hours=1)


def test_a_day_ends_at_midnight_of_its_own_zone():
    assert end_of_day(date(2026, 5, 10), "Asia/Shanghai") == datetime(2026, 5, 10, 16, tzinfo=UTC)
    assert end_of_day(date(2026, 5, 10), "America/New_York") == datetime(2026, 5, 11, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("timezone", "after", "at", "key"),
    [
        ("Pacific/Kiritimati", datetime(2026, 5, 9, 10), datetime(2026, 5, 9, 19), "daily:2026-05-10"),
        ("Pacific/Kiritimati", datetime(2026, 5, 9, 19), datetime(2026, 5, 10, 19), "daily:2026-05-11"),
        ("Pacific/Pago_Pago", datetime(2026, 5, 10, 19), datetime(2026, 5, 10, 20), "daily:2026-05-10"),
        ("Pacific/Pago_Pago", datetime(2026, 5, 10, 20), datetime(2026, 5, 11, 20), "daily:2026-05-11"),
    ],
)
def test_the_next_post_is_found_at_both_ends_of_the_world(timezone, after, at, key):
    due = next_due(Schedule(Cadence.DAILY, time(9), timezone), after.replace(tzinfo=UTC))
    assert due == Due(at.replace(tzinfo=UTC), Occasion.parse(key))


@pytest.mark.parametrize(("weekday", "day"), [(0, 11), (1, 12), (2, 13), (5, 16), (6, 10)])
def test_a_weekly_post_comes_on_the_first_day_of_its_week(weekday, day):
    schedule = Schedule(Cadence.WEEKLY, time(9), "Asia/Shanghai", weekday)
    due = next_due(schedule, datetime(2026, 5, 10, 0, 59, tzinfo=UTC))
    assert due == Due(datetime(2026, 5, day, 1, tzinfo=UTC), Occasion.parse(f"weekly:2026-05-{day}"))


def test_weeks_and_months_at_the_ends_of_the_calendar_stay_in_it():
    assert Occasion.containing(Cadence.WEEKLY, date(1, 1, 1), 3).first_day == date(1, 1, 1)
    assert Occasion.containing(Cadence.WEEKLY, date(1, 1, 3), 3).first_day == date(1, 1, 1)
    assert Occasion.containing(Cadence.WEEKLY, date(1, 1, 4), 3).first_day == date(1, 1, 4)
    assert Occasion.parse("weekly:9999-12-27").last_day == date.max
    assert Occasion.parse("weekly:9999-12-25").last_day == date.max
    assert Occasion.parse("weekly:9999-12-24").last_day == date(9999, 12, 30)
    assert Occasion.parse("monthly:9999-12").last_day == date.max


def test_a_week_begins_on_monday_unless_another_day_is_chosen():
    assert Occasion.containing(Cadence.WEEKLY, date(2026, 5, 10)).key == "weekly:2026-05-04"
    assert Occasion.containing(Cadence.DAILY, date(2026, 5, 10), 3).key == "daily:2026-05-10"
    assert Occasion.containing(Cadence.MONTHLY, date(2026, 5, 10), 3).key == "monthly:2026-05"
    assert Schedule(Cadence.DAILY, time(9), "UTC").weekday == 0


@pytest.mark.parametrize("key", ["daily:2026-05-10", "weekly:2026-05-11", "monthly:2026-12"])
def test_the_following_occasion_is_of_the_same_cadence(key):
    occasion = Occasion.parse(key)
    expected = {"daily": "daily:2026-05-11", "weekly": "weekly:2026-05-18", "monthly": "monthly:2027-01"}
    assert occasion.following.key == expected[occasion.cadence]


def test_a_wrong_key_is_told_with_examples_of_all_cadences():
    with pytest.raises(ValueError, match="no occasion") as caught:
        Occasion.parse("yearly:2026")
    assert str(caught.value) == (
        "'yearly:2026' is no occasion: write daily:2026-05-10, weekly:2026-05-11 or monthly:2026-05"
    )
