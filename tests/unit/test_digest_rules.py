"""What is told on which day, week and month."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.views.classic import classic_messages
from digests.composing.digest import compose, next_recalled, recalled_in_month, upcoming
from digests.composing.figure_of_day import figure_of_the_day
from digests.composing.post_composer import PostComposer
from digests.pages import Pages
from digests.posts import Audience, PostKind
from digests.queries import compare
from digests.report.library import Library
from digests.report.loading import load_pack
from digests.report.model import Weight
from digests.schedules import Cadence, Occasion, Schedule
from digests.text import Language
from tests.unit.invented_pack import METRICS, MILESTONES, write_pack

PACK = Path(__file__).parents[2] / "data" / "henan-cbec-2023"


@pytest.fixture(scope="module")
def library() -> Library:
    return Library([load_pack(PACK)])


def told(library: Library, cadence: Cadence, day: date) -> list[str]:
    digest = compose(library, Occasion.containing(cadence, day))
    return [item.milestone.id for item in digest.items] if digest else []


def test_a_day_recalls_what_is_known_to_that_day(library: Library) -> None:
    assert told(library, Cadence.DAILY, date(2026, 5, 10)) == ["xi-visit"]
    assert told(library, Cadence.DAILY, date(2026, 5, 11)) == []


def test_the_first_of_a_month_recalls_what_is_known_to_the_month(library: Library) -> None:
    digest = compose(library, Occasion(Cadence.DAILY, date(2026, 8, 1)))
    assert digest is not None
    (item,) = digest.items
    assert (item.milestone.id, item.on, item.years_ago) == ("zhengzhou-first-pilot", None, 14)


def test_a_month_tells_its_headlines_first_and_keeps_the_precision(library: Library) -> None:
    items = recalled_in_month(library, 2026, 5)
    assert [(item.milestone.id, item.on) for item in items] == [
        ("medicine-pilot-2021", None),
        ("xi-visit", date(2026, 5, 10)),
        ("zone-leading-group", None),
    ]


def test_a_fact_is_not_recalled_in_its_own_year_nor_before(library: Library) -> None:
    assert "medicine-pilot-2021" not in told(library, Cadence.MONTHLY, date(2021, 5, 1))
    assert "medicine-pilot-2021" in told(library, Cadence.MONTHLY, date(2022, 5, 1))


def test_nothing_is_told_of_an_empty_month(library: Library) -> None:
    assert compose(library, Occasion(Cadence.MONTHLY, date(2026, 10, 1))) is None


def test_a_year_or_a_day_without_a_year_is_never_recalled(library: Library) -> None:
    year = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    told_in_a_year = {milestone for day in year for milestone in told(library, Cadence.DAILY, day)}
    assert {"press-conference", "ewto-proposed", "park-certification"}.isdisjoint(told_in_a_year)


def test_a_week_covers_seven_days_and_the_month_whose_first_lies_in_it(library: Library) -> None:
    assert told(library, Cadence.WEEKLY, date(2026, 7, 27)) == ["zhengzhou-first-pilot"]
    assert told(library, Cadence.WEEKLY, date(2026, 5, 4)) == ["xi-visit"]
    assert told(library, Cadence.WEEKLY, date(2026, 5, 11)) == []


def test_a_week_over_new_year_counts_the_years_of_each_day(tmp_path: Path) -> None:
    second = MILESTONES.replace("first-market", "new-year").replace("2018-05-03", "2018-01-02")
    last = MILESTONES.replace("first-market", "old-year").replace("2018-05-03", "2018-12-30")
    milestones = MILESTONES + second.replace("milestones:\n", "") + last.replace("milestones:\n", "")
    small = Library([load_pack(write_pack(tmp_path, milestones=milestones))])
    digest = compose(small, Occasion.containing(Cadence.WEEKLY, date(2026, 12, 28)))
    assert digest is not None
    assert [(item.milestone.id, item.years_ago) for item in digest.items] == [
        ("old-year", 8),
        ("new-year", 9),
    ]


def test_multiples_of_five_are_marked(library: Library) -> None:
    items = recalled_in_month(library, 2026, 5)
    assert {item.milestone.id for item in items if item.is_round} == {
        "zone-leading-group",
        "medicine-pilot-2021",
    }


def worth_a_day(library: Library) -> set[str]:
    observations = [o for metric in library.metrics for o in metric.observations]
    headlines = {o.id for o in observations if o.weight is Weight.HEADLINE}
    normal = [o for o in observations if o.weight is Weight.NORMAL]
    return headlines | {o.id for o in normal if compare(library, o) is not None}


@pytest.mark.parametrize("year", [2026, 2028, 9998])
def test_every_figure_worth_a_day_is_told_on_empty_days_before_one_repeats(
    library: Library, year: int
) -> None:
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    empty = [day for day in days if not told(library, Cadence.DAILY, day)]
    figures = [figure.id for day in empty if (figure := figure_of_the_day(library, day))]
    rounds = len(worth_a_day(library))
    for start in range(len(figures) - rounds):
        assert set(figures[start : start + rounds]) == worth_a_day(library)


def test_the_figures_go_on_over_new_year_without_a_gap(library: Library) -> None:
    days = [date(2026, 1, 2) + timedelta(days=n) for n in range(400)]
    empty = [day for day in days if not told(library, Cadence.DAILY, day)]
    order = [
        figure.id for day in empty[: len(worth_a_day(library))] if (figure := figure_of_the_day(library, day))
    ]
    last, first = (figure_of_the_day(library, day) for day in (date(2026, 12, 31), date(2027, 1, 2)))
    assert last is not None
    assert first is not None
    assert order[(order.index(last.id) + 1) % len(order)] == first.id


def test_what_is_only_background_is_no_anniversary_and_no_figure_of_the_day(library: Library) -> None:
    background = {m.id for m in library.milestones if m.weight is Weight.BACKGROUND}
    months = (recalled_in_month(library, 2026, month) for month in range(1, 13))
    assert background
    assert background.isdisjoint(item.milestone.id for items in months for item in items)


def test_a_pack_of_background_figures_tells_none_on_an_empty_day(tmp_path: Path) -> None:
    ranked = METRICS.replace("period:", "weight: background\n        period:")
    small = Library([load_pack(write_pack(tmp_path, metrics=ranked))])
    assert all(o.weight is Weight.BACKGROUND for metric in small.metrics for o in metric.observations)
    assert compose(small, Occasion(Cadence.DAILY, date(2026, 1, 3))) is None


@pytest.mark.parametrize("cadence", list(Cadence))
@pytest.mark.parametrize("year", [1, 2, 9998, 9999])
def test_the_ends_of_the_calendar_overflow_nothing(library: Library, cadence: Cadence, year: int) -> None:
    for day in (date(year, 1, 1), date(year, 12, 31)):
        compose(library, Occasion.containing(cadence, day, 3))
        next_recalled(library, day)
        schedule = Schedule(cadence, time(9), "Asia/Shanghai", 3 if cadence is Cadence.WEEKLY else 0)
        posts = upcoming(library, schedule, datetime(year, day.month, day.day, tzinfo=UTC), 3, figures=True)
        assert len(posts) <= 3


@pytest.mark.parametrize("cadence", list(Cadence))
@pytest.mark.parametrize("language", list(Language))
def test_every_digest_of_a_leap_year_composes_and_fits_one_message(
    library: Library, cadence: Cadence, language: Language
) -> None:
    composer = PostComposer(lambda: library, Pages())
    days = [date(2028, 1, 1) + timedelta(days=n) for n in range(366)]
    for occasion in dict.fromkeys(Occasion.containing(cadence, day) for day in days):
        post = composer.compose(occasion, Audience(language))
        if post is None:
            assert cadence is not Cadence.DAILY
            continue
        assert post.facts
        assert len(classic_messages(post.html)) == 1
        assert (post.kind is PostKind.RECALL) == bool(told(library, cadence, occasion.first_day))


def test_the_next_posts_are_those_that_have_content(library: Library) -> None:
    schedule = Schedule(Cadence.MONTHLY, time(9), "Asia/Shanghai")
    posts = upcoming(library, schedule, datetime(2026, 9, 15, tzinfo=UTC), 3)
    assert [post.due.occasion.key for post in posts] == [
        "monthly:2026-11",
        "monthly:2026-12",
        "monthly:2027-01",
    ]
