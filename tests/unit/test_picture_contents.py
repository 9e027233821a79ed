"""What pictures say: each figure with its time and its doubts, what is computed marked so, nothing lost."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from digests.pages import Pages
from digests.pictures import Context, Theme
from digests.pictures.gallery import lay_out
from digests.pictures.layout.sheet import Sheet
from digests.pictures.style import PALETTES
from digests.report.library import Library
from digests.report.loading import load_pack
from digests.report.model import MilestoneKind, Observation, Report
from digests.text import Language
from tests.unit import generated_packs

PACK = Path(__file__).parents[2] / "data" / "henan-cbec-2023"
EN, ZH = Language.EN, Language.ZH


@cache
def henan() -> Library:
    return Library([load_pack(PACK)])


@cache
def pages() -> Pages:
    return Pages()


def sheet(key: str, language: Language = EN, library: Library | None = None) -> Sheet:
    return lay_out(Context(library or henan(), language, Theme.LIGHT, pages()), key)


def words(key: str, language: Language = EN, library: Library | None = None) -> str:
    return " ".join(text.text for text in sheet(key, language, library).texts)


def of(report: Report) -> Library:
    return Library([report])


def test_one_milestone_is_counted_in_the_singular() -> None:
    assert "1 milestone " in words("timeline:2012")
    assert "5 milestones" in words("timeline:2020")


@pytest.mark.parametrize(("make", "key", "count"), [
    (generated_packs.dense, "timeline", 60),
    (generated_packs.dense, "timeline:2018", 41),
    (generated_packs.long, "timeline", 77),
])  # fmt: skip
def test_a_milestone_that_has_no_room_is_counted(make, key: str, count: int) -> None:
    drawn = sheet(key, EN, of(make()))
    told = sum(text.text in {*_kinds()} for text in drawn.texts)
    more = sum(int(number) for number in re.findall(r"and (\d+) more", words(key, EN, of(make()))))
    assert told + more == count


def _kinds() -> list[str]:
    return [*(kind.value for kind in MilestoneKind if kind is not MilestoneKind.REPORT), "publication"]


def test_headlines_are_told_before_what_is_in_the_background() -> None:
    events = [generated_packs.milestone(n, f"2018-{n % 12 + 1:02}", weight="background") for n in range(50)]
    events.append(
        generated_packs.milestone(50, "2018-12-31", weight="headline", title={"zh": "要", "en": "Main"})
    )
    assert "Main" in words("timeline", EN, of(generated_packs.report("weighed", events)))


def test_a_year_that_is_not_known_is_said_to_be_so() -> None:
    assert "1 of them without a year" in words("timeline")
    assert "no year" in words("timeline")


def test_one_kind_has_one_colour_in_every_picture() -> None:
    wanted = PALETTES[Theme.LIGHT].kinds[MilestoneKind.VISIT]
    for key in ("timeline", "timeline:2014", "milestone:xi-visit"):
        visits = [text for text in sheet(key).texts if text.text == "visit"]
        assert visits
        assert {text.color for text in visits} == {wanted}


@pytest.mark.parametrize("language", list(Language))
def test_shares_come_the_largest_first(language: Language) -> None:
    shares = [text for text in sheet("subject:market", language).texts if re.fullmatch(r"[\d.]+%", text.text)]
    numbers = [float(text.text[:-1]) for text in shares]
    assert numbers[:-1] == sorted(numbers[:-1], reverse=True)  # the last one is what is left, computed


def test_what_is_computed_is_marked_so() -> None:
    assert "2.51 times as much as in 2012 (computed)" in words("growth")
    assert "more than 2,018 times as much as in 2014 (computed)" in words("growth")
    assert "everything else (computed)" in words("subject:cbec")
    assert "≈ CNY 109.25 billion of CNY 201.83 billion (computed)" in words("figure:share-zhengzhou-2021")


def test_a_growth_is_held_against_ours_in_per_cent() -> None:
    assert "(> +150%)" in words("growth")
    assert "✓ +151.1%" in words("growth")
    assert "✓ ≥ 196.58%" in words("growth")  # its start is less than what it is computed from


def test_every_place_that_a_picture_rests_on_is_cited() -> None:
    assert "Abstract" in words("growth")  # 35.3 % stands only there
    assert "摘要" in words("growth", ZH)


def figures_of(subject: str) -> list[Observation]:
    return [o for metric in henan().metrics if metric.subject == subject for o in metric.observations]


@pytest.mark.parametrize("subject", sorted({metric.subject for metric in henan().metrics}))
def test_every_figure_of_a_subject_has_its_time_or_the_remark_that_none_is_stated(subject: str) -> None:
    said = words(f"subject:{subject}")
    for figure in figures_of(subject):
        end = figure.period.end
        assert (str(end.year) if end else "Where no time is given, the report states none.") in said


@pytest.mark.parametrize("subject", sorted({metric.subject for metric in henan().metrics}))
def test_a_doubt_stands_in_the_picture_with_its_mark(subject: str) -> None:
    said = words(f"subject:{subject}", ZH)
    for figure in figures_of(subject):
        assert figure.note is None or figure.note[ZH][:12] in said  # a long one goes on in the next line
    marks = re.findall(r"[①-⑩]", said)
    assert [mark for mark in marks if marks.count(mark) < 2] == []  # each stands at its note, too


@pytest.mark.parametrize(
    ("key", "heading"),
    [
        ("digest:daily:2026-05-10", "On this day"),
        ("digest:daily:2026-12-01", "This month in history · December"),
        ("digest:monthly:2026-11", "This month in history · November"),
        ("digest:weekly:2029-01-29", "This month in history · February"),
        ("digest:weekly:2026-05-04", "This week in history · 4–10 May 2026"),
    ],
)
def test_a_card_is_headed_by_what_its_dates_are_precise_to(key: str, heading: str) -> None:
    assert heading in words(key)


def test_the_strip_of_years_is_explained_and_stands_under_milestones_only() -> None:
    strip = "All milestones by date"
    assert strip in words("digest:daily:2026-05-10")
    assert strip not in words("figure:cbec-volume-2021")


def test_two_designations_of_one_kind_and_place_are_told_apart() -> None:
    told = [d for d in henan().designations if d.kind == "medicine-pilot"]
    said = words("zones")
    assert len(told) == 2
    for designation in told:
        assert designation.note is not None
        assert designation.note[EN] in said


def test_a_map_shows_no_place_of_which_it_says_nothing() -> None:
    report = henan().reports[0]
    assert report.geography is not None
    silent = {tile.name[EN] for tile in report.geography.tiles if tile.place is None}
    assert silent.isdisjoint({text.text for text in sheet("zones").texts})


def test_a_report_without_a_map_shows_its_designations_all_the_same() -> None:
    report = henan().reports[0].model_copy(update={"geography": None})
    assert "Luoyang" in words("zones", EN, of(report))
