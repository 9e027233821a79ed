"""What a digest of a small report tells, and in which order."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from digests.composing.digest import (
    Recalled,
    compose,
    next_recalled,
    recalled_in_month,
    recalled_on_day,
    upcoming,
)
from digests.composing.figure_of_day import _rotation, figure_of_the_day
from digests.composing.quiet_days import quiet_days_before, told_days
from digests.dates import PartialDate
from digests.report.library import Library
from digests.report.loading import load_pack
from digests.schedules import Cadence, Occasion, Schedule
from tests.unit.invented_pack import MILESTONES, write_pack

ONE = MILESTONES.replace("milestones:\n", "")


def library_of(folder: Path, *milestones: tuple[str, str, str]) -> Library:
    """A library with milestones of these ids, dates and weights."""
    entries = [
        ONE.replace("first-market", name).replace('"2018-05-03"', f'"{day}"\n    weight: {weight}')
        for name, day, weight in milestones
    ]
    return Library([load_pack(write_pack(folder, milestones="milestones:\n" + "".join(entries)))])


def ids(items: tuple[Recalled, ...]) -> list[str]:
    return [item.milestone.id for item in items]


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return library_of(
        tmp_path,
        ("later", "2018-05-20", "normal"),
        ("of-the-month", "2016-05", "normal"),
        ("headline", "2017-05-25", "headline"),
        ("earlier", "2017-05-03", "normal"),
        ("on-the-first", "2015-05-01", "normal"),
        ("aside", "2014-05-02", "background"),
        ("of-the-year", "2014", "headline"),
    )


def test_a_month_tells_headlines_then_what_has_no_day_then_day_by_day(library: Library) -> None:
    items = recalled_in_month(library, 2026, 5)
    assert ids(items) == ["headline", "of-the-month", "on-the-first", "earlier", "later"]
    assert [item.years_ago for item in items] == [9, 10, 11, 9, 8]
    assert items[1].on is None
    assert items[2].on == date(2026, 5, 1)
    assert compose(library, Occasion.parse("monthly:2026-05")) is not None


def test_the_first_of_a_month_also_tells_what_is_known_to_the_month_only(library: Library) -> None:
    assert ids(recalled_on_day(library, date(2026, 5, 1))) == ["on-the-first", "of-the-month"]
    assert ids(recalled_on_day(library, date(2026, 5, 3))) == ["earlier"]
    assert ids(recalled_on_day(library, date(2026, 5, 2))) == []


def test_in_its_own_year_nothing_is_told_of_a_day_nor_of_a_month(library: Library) -> None:
    assert ids(recalled_on_day(library, date(2018, 5, 20))) == []
    assert ids(recalled_on_day(library, date(2019, 5, 20))) == ["later"]
    assert ids(recalled_on_day(library, date(2016, 5, 1))) == ["on-the-first"]
    assert ids(recalled_in_month(library, 2017, 5)) == ["of-the-month", "on-the-first"]


def test_a_week_tells_headlines_first_and_then_day_by_day(library: Library) -> None:
    week = compose(library, Occasion.parse("weekly:2026-05-19"))
    assert week is not None
    assert ids(week.items) == ["headline", "later"]
    assert compose(library, Occasion.parse("weekly:2026-05-14")) is not None  # ends on the 20th
    assert compose(library, Occasion.parse("weekly:2026-05-13")) is None


@pytest.mark.parametrize("key", ["weekly:2026-06-08", "monthly:2026-06"])
def test_only_an_empty_day_tells_a_figure_and_no_week_or_month_does(library: Library, key: str) -> None:
    assert compose(library, Occasion.parse(key)) is None
    empty_day = compose(library, Occasion.parse("daily:2026-06-08"))
    assert empty_day is None or empty_day.figure is not None


@pytest.mark.parametrize(("years", "is_round"), [(1, False), (4, False), (5, True), (6, False), (10, True)])
def test_each_fifth_year_is_round(library: Library, years: int, is_round: bool) -> None:
    (item,) = recalled_on_day(library, date(2018 + years, 5, 20))
    assert (item.years_ago, item.is_round) == (years, is_round)


def test_the_next_day_with_anniversaries_lies_after_the_given_one(library: Library) -> None:
    def following(day: date) -> tuple[date, list[str]] | None:
        found = next_recalled(library, day)
        return found and (found[0], ids(found[1]))

    assert following(date(2026, 5, 2)) == (date(2026, 5, 3), ["earlier"])
    assert following(date(2026, 5, 3)) == (date(2026, 5, 20), ["later"])
    assert following(date(2026, 5, 25)) == (date(2027, 5, 1), ["on-the-first", "of-the-month"])


def test_without_an_anniversary_within_four_hundred_days_there_is_no_next_one(tmp_path: Path) -> None:
    small = library_of(tmp_path, ("only", "2026-05-10", "normal"))
    assert next_recalled(small, date(2026, 4, 4)) is None  # it is recalled from 2027 on
    assert next_recalled(small, date(2026, 4, 5)) == (
        date(2027, 5, 10),
        recalled_on_day(small, date(2027, 5, 10)),
    )


def test_upcoming_posts_are_counted_and_leave_out_what_is_empty(library: Library) -> None:
    daily = Schedule(Cadence.DAILY, time(9), "Asia/Shanghai")
    after = datetime(2026, 5, 1, 1, tzinfo=UTC)  # the post of the 1st is due just now
    posts = upcoming(library, daily, after, 2)
    assert [post.due.occasion.key for post in posts] == ["daily:2026-05-03", "daily:2026-05-20"]
    assert [ids(post.digest.items) for post in posts] == [["earlier"], ["later"]]
    assert len(upcoming(library, daily, after, 1)) == 1
    assert len(upcoming(library, daily, after, 99)) == 7  # of four hundred days


def test_with_figures_empty_days_are_upcoming_too() -> None:
    real = Library([load_pack(Path(__file__).parents[2] / "data" / "henan-cbec-2023")])
    daily = Schedule(Cadence.DAILY, time(9), "Asia/Shanghai")
    posts = upcoming(real, daily, datetime(2026, 5, 10, tzinfo=UTC), 3, figures=True)
    assert [post.due.occasion.key for post in posts] == [
        "daily:2026-05-10",
        "daily:2026-05-11",
        "daily:2026-05-12",
    ]
    assert [post.digest.figure is None for post in posts] == [True, False, False]
    assert posts[1].digest.figure == figure_of_the_day(real, date(2026, 5, 11))
    assert all(post.digest.items for post in upcoming(real, daily, datetime(2026, 5, 10, tzinfo=UTC), 3))


def test_figures_of_different_subjects_take_turns() -> None:
    real = Library([load_pack(Path(__file__).parents[2] / "data" / "henan-cbec-2023")])
    subject_of = {o.id: metric.subject for metric in real.metrics for o in metric.observations}
    figures, _ = _rotation(real)
    subjects = [subject_of[figure.id] for figure in figures]
    assert len(set(subjects[: len(set(subjects))])) == len(set(subjects)) > 1


@pytest.mark.parametrize(
    ("texts", "slots"),
    [
        (["2014-05-10"], {(5, 10): 2015}),
        (["2014-05"], {(5, 1): 2015}),
        (["2014-05-10", "2012-05-10", "2013-05-10"], {(5, 10): 2013}),
        (["2014", "--05-10"], {}),
        (["2016-02-29"], {(2, 29): 2017}),
    ],
)
def test_days_are_told_from_the_year_after_the_first_of_their_events(
    texts: list[str], slots: dict[tuple[int, int], int]
) -> None:
    assert told_days(map(PartialDate.parse, texts)) == slots


def test_quiet_days_are_counted_up_to_the_day_before() -> None:
    told = {(5, 10): 2015}
    day = date(2015, 5, 10)
    assert quiet_days_before({}, date(1, 1, 1)) == 0
    assert quiet_days_before(told, day) == day.toordinal() - 1
    assert quiet_days_before(told, date(2015, 5, 11)) == day.toordinal() - 1
    assert quiet_days_before(told, date(2016, 5, 10)) == date(2016, 5, 10).toordinal() - 2


def test_a_day_that_recalls_both_a_leap_day_and_its_eve_is_counted_once() -> None:
    day = date(2021, 1, 1)  # 28 February of 2017 to 2020, and 29 February 2020
    assert quiet_days_before({(2, 29): 2017, (2, 28): 2019}, day) == day.toordinal() - 1 - 5
