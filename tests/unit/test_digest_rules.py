"""What is told on which day, week and month."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.views.classic import classic_messages
from digests.composing import PostComposer
from digests.digest import compose, figure_of_the_day, recalled_in_month, upcoming
from digests.pages import Pages
from digests.posts import Audience, PostKind
from digests.report.library import Library
from digests.report.loading import load_pack
from digests.schedules import Cadence, Occasion, Schedule
from digests.text import Language
from tests.unit.invented_pack import MILESTONES, write_pack

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


def test_a_month_tells_everything_of_it_and_keeps_the_precision(library: Library) -> None:
    items = recalled_in_month(library, 2026, 5)
    assert [(item.milestone.id, item.on) for item in items] == [
        ("zone-leading-group", None),
        ("medicine-pilot-2021", None),
        ("xi-visit", date(2026, 5, 10)),
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


def test_every_figure_is_told_on_empty_days_before_one_repeats(library: Library) -> None:
    figures = sum(len(metric.observations) for metric in library.metrics)
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    empty = [day for day in days if not told(library, Cadence.DAILY, day)]
    seen = Counter(figure.id for day in empty[:figures] if (figure := figure_of_the_day(library, day)))
    assert set(seen.values()) == {1}
    assert len(seen) == figures


def test_the_figures_go_on_over_new_year_without_a_gap(library: Library) -> None:
    order = [observation.id for metric in library.metrics for observation in metric.observations]
    last, first = (figure_of_the_day(library, day) for day in (date(2026, 12, 31), date(2027, 1, 2)))
    assert last is not None
    assert first is not None
    assert order[(order.index(last.id) + 1) % len(order)] == first.id


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
