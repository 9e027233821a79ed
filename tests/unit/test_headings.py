"""A post, its card and its line in a preview never name a day where a month is all that is known."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from bot.cli.preview import occasions
from digests.composing.digest import Digest, compose
from digests.composing.post_composer import PostComposer
from digests.pages import Pages
from digests.pages.headings import card_heading, digest_heading, digest_summary
from digests.posts import Audience
from digests.schedules import Cadence, Occasion
from digests.text import Language
from tests.unit.test_answers_fit import library

_DAY = re.compile(r"\d日|历史上的今天|\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|[Oo]n this day")
_WEEK = re.compile("本周|[Tt]his week")
_MONTH = re.compile("本月|month")


def digests(cadence: Cadence) -> list[Digest]:
    """What a leap year's occasions tell."""
    days = [date(2028, 1, 1) + timedelta(days=n) for n in range(366)]
    told = dict.fromkeys(Occasion.containing(cadence, day) for day in days)
    return [digest for occasion in told if (digest := compose(library(), occasion))]


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("cadence", list(Cadence))
def test_no_heading_is_more_precise_than_what_it_heads(cadence: Cadence, language: Language) -> None:
    walked = digests(cadence)
    assert walked
    for digest in walked:
        for heading in (
            digest_heading(digest, language),
            card_heading(digest, language),
            digest_summary(library(), digest, language).partition(": " if language is Language.EN else "：")[
                0
            ],
        ):
            has_days = any(item.on for item in digest.items)
            has_months = any(item.on is None for item in digest.items)
            if digest.figure:
                assert not re.search("历史上|history|[Oo]n this day", heading)
                continue
            assert bool(_MONTH.search(heading)) == (has_months or cadence is Cadence.MONTHLY), heading
            if not has_days or cadence is Cadence.MONTHLY:
                assert not _DAY.search(heading), heading
                assert not _WEEK.search(heading), heading


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("cadence", list(Cadence))
def test_a_post_names_no_day_for_what_is_known_to_a_month(cadence: Cadence, language: Language) -> None:
    composer = PostComposer(library, Pages())
    for digest in digests(cadence):
        if digest.items and not any(item.on for item in digest.items):
            post = composer.compose(digest.occasion, Audience(language))
            assert post is not None
            headings = re.findall(r"<h[12]>(.*?)</h[12]>", post.html)
            assert len(headings) == 1 + len(digest.items)
            assert not any(_DAY.search(heading) for heading in headings), headings


@pytest.mark.parametrize(
    ("cadence", "day", "zh", "en"),
    [
        (Cadence.DAILY, date(2026, 5, 10), "历史上的今天 · 2026年5月10日", "On this day · 10 May 2026"),
        (Cadence.DAILY, date(2026, 12, 1), "历史上的本月 · 12月", "This month in history · December"),
        (Cadence.DAILY, date(2026, 10, 2), "今日一数 · 2026年10月2日", "Figure of the day · 2 October 2026"),
        (
            Cadence.WEEKLY,
            date(2026, 5, 4),
            "历史上的本周 · 2026年5月4日至10日",
            "This week in history · 4–10 May 2026",
        ),
        (Cadence.WEEKLY, date(2029, 1, 29), "历史上的本月 · 2月", "This month in history · February"),
        (Cadence.MONTHLY, date(2026, 5, 1), "历史上的本月 · 5月", "This month in history · May"),
    ],
)
def test_a_digest_is_headed_by_the_precision_of_its_dates(
    cadence: Cadence, day: date, zh: str, en: str
) -> None:
    digest = compose(library(), Occasion.containing(cadence, day))
    assert digest is not None
    assert [digest_heading(digest, language) for language in (Language.ZH, Language.EN)] == [zh, en]


@pytest.mark.parametrize("cadence", list(Cadence))
def test_the_occasions_of_a_preview_end_with_the_calendar(cadence: Cadence) -> None:
    (last,) = list(occasions(cadence, date.max, 62))
    assert last.last_day == date.max
    begun = [each.first_day for each in occasions(Cadence.MONTHLY, date(2026, 5, 1), 62)]
    assert begun == [date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)]
