"""What an editor is told before a pack is published, and what our own packs hold to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from digests.report.checks import walk
from digests.report.loading import load_pack
from digests.report.review import review
from digests.report.review.bilingual import compare
from digests.text import Text
from tests.unit.invented_pack import METRICS, MILESTONES, REPORT, ZONES, write_pack

ROOT = Path(__file__).parents[2]
PACK = ROOT / "data" / "henan-cbec-2023"
SOURCE = ROOT.parent / "shared" / "source" / "henan-report.txt"

LONG = "en: The very first market of the whole county}"
SHORT = "kind: platform\n    short: {zh: 市场, en: First market}"
TOO_LONG = "kind: platform\n    short: {zh: 第一个市场开张的那一天全镇的人都来了, en: Market}"


def told(pack: Path) -> list[str]:
    return [f"{rule}: {message}" for _, rule, message in review(load_pack(pack))]


def test_a_title_too_long_for_a_button_needs_a_short_form(tmp_path: Path) -> None:
    long = MILESTONES.replace("en: The first market}", LONG, 1)
    (problem,) = told(write_pack(tmp_path, milestones=long))
    assert "41 columns wide" in problem
    assert told(write_pack(tmp_path, milestones=long.replace("kind: platform", SHORT))) == []


def test_a_chinese_character_takes_two_columns_of_a_button(tmp_path: Path) -> None:
    (problem,) = told(write_pack(tmp_path, milestones=MILESTONES.replace("kind: platform", TOO_LONG)))
    assert "36 columns wide" in problem


def test_an_epithet_without_its_place_in_the_document_is_named(tmp_path: Path) -> None:
    zones = ZONES.replace("level: city", "level: city, epithet: {zh: 茶都, en: tea capital}")
    (problem,) = told(write_pack(tmp_path, zones=zones))
    assert problem.startswith("epithet: 'teatown'")


@pytest.mark.parametrize("pack", [PACK], ids=lambda pack: pack.name)
def test_our_packs_are_fit_to_publish(pack: Path) -> None:
    assert told(pack) == []


def in_milestone(tmp_path: Path, *, zh: str, en: str) -> list[str]:
    before = "summary: {zh: 第一个市场开张。, en: The first market opens.}"
    assert before in MILESTONES
    summary = f'summary: {{zh: "{zh}", en: "{en}"}}'
    return told(write_pack(tmp_path, milestones=MILESTONES.replace(before, summary)))


@pytest.mark.parametrize(
    ("zh", "en", "problem"),
    [
        ("贸易额3.5亿元。", "Trade was CNY 350 million.", None),
        ("贸易额3.5亿元。", "Trade was CNY 35 million.", "numbers: 350000000 stands in zh and not in en"),
        ("4万余家企业。", "More than 40,000 firms.", None),
        ("4万余家企业。", "40,000 firms.", "qualifier: '万余'"),
        ("2018年5月3日开张。", "It opened on 3 May 2018.", None),
        ("2018年5月3日开张。", "It opened on 3 June 2018.", "numbers: 5 stands in zh and not in en"),
        ("增长1.5倍。", "It grew by 150%.", None),
        ("B2B与O2O。", "B2B and O2O.", None),
        ("六部门，第1期。", "Six departments, No. 1.", None),
        ("占比较高。", "Their share is high.", "qualifier: '较'"),
        ("占比较高。", "Their share is rather high.", None),
        ("两镇相比较。", "The two towns are compared.", None),
        ("市场没有开张。", "The market opened.", "negation: zh denies"),
        ("市场不断增长。", "The market keeps growing.", None),
        ("市场开张。", "The market did not open.", "negation: en denies"),
    ],
)
def test_the_english_says_what_the_chinese_says(
    tmp_path: Path, zh: str, en: str, problem: str | None
) -> None:
    found = in_milestone(tmp_path, zh=zh, en=en)
    assert bool(found) == (problem is not None), found
    assert problem is None or any(one.startswith(problem.replace("'万余'", "'4万余'")) for one in found)


FIGURES = """
figures:
  - number: 1
    title: {zh: 图, en: Chart}
    section: growth
    caption: a chart
    contained: false
    note: {zh: 图片, en: An image}
"""


def test_an_illustration_is_cited_only_where_the_evidence_names_it(tmp_path: Path) -> None:
    milestones = MILESTONES.replace("section: growth,", "section: growth, figure: 1,")
    (problem,) = told(write_pack(tmp_path, report=REPORT + FIGURES, milestones=milestones))
    assert problem == "figure: no evidence names figure 1: the fact does not stand there"


def test_a_footnote_is_cited_in_the_section_that_refers_to_it(tmp_path: Path) -> None:
    metrics = METRICS.replace("{section: towns, evidence", "{section: towns, footnote: 1, evidence")
    (problem,) = told(write_pack(tmp_path, metrics=metrics))
    assert problem == "footnote: footnote 1 belongs to section 'growth'"


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("市场(县城)开张。", "The market opens."),
        ("市场开张。", "The market opens，"),
        ("市场开张。", "The the market opens."),
    ],
)
def test_each_language_has_its_own_punctuation(tmp_path: Path, zh: str, en: str) -> None:
    (problem,) = in_milestone(tmp_path, zh=zh, en=en)
    assert problem.startswith("punctuation: ")


def test_nearly_every_changed_digit_in_an_english_text_of_our_pack_is_found() -> None:
    """What is missed stands in the text twice, or has become another number of it."""
    changed = found = 0
    for path, text in walk(load_pack(PACK)):
        if not isinstance(text, Text) or path[0] in ("units", "errata", "glossary"):
            continue
        for digit in re.finditer(r"(?<![A-Za-z])\d(?![A-Za-z])", text.en):
            other = str((int(digit[0]) + 1) % 10)
            wrong = Text(zh=text.zh, en=text.en[: digit.start()] + other + text.en[digit.end() :])
            changed += 1
            found += any(rule == "numbers" for rule, _ in compare(wrong))
    assert found >= 0.98 * changed > 400
