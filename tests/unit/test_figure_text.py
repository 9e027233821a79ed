"""One text of a figure, for pages, posts, hits, buttons and pictures."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import combinations
from pathlib import Path

import pytest

from digests.pages.figures import COMPUTED, VERDICT_MARKS, FigureText, figure_text
from digests.pages.formatting import places_of
from digests.queries import compare, place_card, recomputed, told_places
from digests.report.audit import Verdict
from digests.report.library import Library
from digests.report.loading import load_pack
from digests.report.model import AuditKind, Sourced
from digests.text import Language
from tests.unit.invented_pack import METRICS, ZONES, write_pack
from tests.unit.test_answers_fit import library, pages
from tests.unit.test_layouts import page_of

ZH, EN = Language.ZH, Language.EN


def told(figure: str, language: Language = EN, *, beside_a_date: bool = False, here: str = "") -> FigureText:
    observation = library().observation(figure)
    return figure_text(library(), observation, language, beside_a_date=beside_a_date, here=here)


@pytest.mark.parametrize(
    ("figure", "zh", "en"),
    [
        ("share-luoyang-2021", "3.06%（2021年）", "3.06% (2021)"),
        ("trade-2021", "8208.1亿元（2021年*）", "CNY 820.81 billion (2021*)"),
        ("core-area-companies", "1200余家（截至2021年）", "more than 1,200 firms (as of 2021)"),
        ("cbec-growth-results", "196.58%（2014–2021年）⚠️", "196.58% (2014–2021)⚠️"),
        ("retail-pilots-henan", "7个（时间未载）", "7 (date not stated)"),
    ],
)
def test_a_value_stands_with_its_time_and_its_doubt(figure: str, zh: str, en: str) -> None:
    assert (told(figure, ZH).told, told(figure, EN).told) == (zh, en)


def test_below_a_dated_event_a_figure_without_a_time_is_the_reports() -> None:
    assert told("zones-henan", ZH, beside_a_date=True).when == "据2023年2月的报告，时间未载"
    assert told("zones-henan", EN, beside_a_date=True).when == "as in the report of February 2023"
    assert told("share-luoyang-2021", EN, beside_a_date=True).when == "2021"


def test_who_says_so_and_another_place_are_told_with_the_value() -> None:
    assert told("market-share-kaola").told == "22.4% (2021; China; iiMedia Research)"
    assert told("talent-gap").attribution in told("talent-gap").told
    assert told("trade-2021").scope == ""
    assert told("market-share-kaola", here="china").scope == ""


@pytest.mark.parametrize(
    ("label", "kept"),
    [("towns", ""), ("towns that hold a market", "towns that hold a market")],
)
def test_a_label_that_the_value_repeats_is_left_out(tmp_path: Path, label: str, kept: str) -> None:
    labelled = METRICS.replace(
        "basis: not-stated}", f"basis: not-stated}}\n        label: {{zh: 镇, en: {label}}}"
    )
    small = Library([load_pack(write_pack(tmp_path, metrics=labelled))])
    assert figure_text(small, small.observation("town-count"), EN).label == kept


@pytest.mark.parametrize("language", [ZH, EN])
def test_no_two_figures_read_the_same(language: Language) -> None:
    figures = [told(o.id, language) for metric in library().metrics for o in metric.observations]
    for one, other in combinations(figures, 2):
        assert one.line != other.line
        assert one.short != other.short


def test_only_the_doubted_figure_is_marked_not_what_it_is_held_against() -> None:
    assert told("trade-growth-average").doubt == VERDICT_MARKS[Verdict.INCONSISTENT]
    assert told("carriage-hubs").doubt == VERDICT_MARKS[Verdict.NOT_CHECKABLE]
    assert (told("trade-2012").doubt, told("cbec-volume-2014").doubt) == ("", "")


def test_a_share_is_compared_with_the_others_and_with_its_total() -> None:
    comparison = compare(library(), library().observation("share-luoyang-2021"))
    assert comparison is not None
    assert [other.id for other in comparison.others] == ["share-zhengzhou-2021", "share-nanyang-2021"]
    assert (comparison.rank, comparison.count) == (3, 3)
    assert comparison.share is not None
    assert comparison.share.amount == Decimal("61.8")


def test_a_sum_of_others_is_not_ranked_among_them() -> None:
    largest = compare(library(), library().observation("market-share-tmall"))
    together = compare(library(), library().observation("market-share-alibaba"))
    assert largest is not None
    assert together is not None
    assert (largest.rank, largest.count, together.rank) == (1, 5, 0)


def test_a_figure_after_one_that_is_less_than_a_number_is_at_least_so_many_times_it() -> None:
    comparison = compare(library(), library().observation("cbec-volume-2021"))
    assert comparison is not None
    assert (comparison.times, comparison.is_at_least) == (Decimal("2018.3"), True)
    assert "是后者的2,018倍以上" in page_of("metrics", "cbec-volume-2021", ZH)
    assert "the other is 2.51 times this" in page_of("metrics", "trade-2012", EN)


@pytest.mark.parametrize("language", [ZH, EN])
def test_a_page_cites_every_place_of_its_facts(language: Language) -> None:
    for metric in library().metrics:
        for observation in metric.observations:
            assert_cited(page_of("metrics", observation.id, language), observation, language)


def assert_cited(html: str, fact: Sourced, language: Language) -> None:
    notes = set(re.findall(r'<li id="note-\d+">(.*?)</li>', html))
    assert {place.replace("'", "&#39;") for place in places_of(library(), fact, language)} <= notes


@pytest.mark.parametrize("language", [ZH, EN])
def test_contradictions_come_first_with_both_places_and_confirmations_last(language: Language) -> None:
    html = page_of("audit", "", language)
    verdicts = [
        verdict for verdict in VERDICT_MARKS for _ in re.findall(f"{VERDICT_MARKS[verdict]} <b>", html)
    ]
    marks = re.findall(f"({'|'.join(VERDICT_MARKS.values())}) <b>", html)
    assert marks == [VERDICT_MARKS[verdict] for verdict in verdicts]
    for part in recomputed(library()):
        for finding in part.findings:
            if finding.rule.kind is AuditKind.CONTRADICTION and finding.rule.also:
                title = finding.rule.title[language].replace("'", "&#39;")
                cited = re.search(rf"<b>{re.escape(title)}</b><sup>(.*?)</sup>", html)
                assert cited is not None
                assert cited[1].count("<a ") >= 2


def test_what_states_nothing_is_computed_and_never_confirmed() -> None:
    remainders = [
        f for part in recomputed(library()) for f in part.findings if f.rule.kind is AuditKind.REMAINDER
    ]
    assert remainders
    assert {finding.verdict for finding in remainders} == {Verdict.COMPUTED}
    assert "✅" not in page_of("metrics", "share-luoyang-2021", ZH)


@pytest.mark.parametrize("language", [ZH, EN])
def test_every_number_of_ours_is_marked_and_the_mark_explained(language: Language) -> None:
    for command, argument in (("zones", ""), ("zones", "luoyang"), ("growth", ""), ("audit", "")):
        html = page_of(command, argument, language)
        assert f'id="note-{COMPUTED}"' in html
        for line in html.splitlines():
            assert "≈" not in line.partition("<blockquote>")[0] or COMPUTED in line or "÷" in line, line


def test_every_place_of_the_pack_has_something_to_tell() -> None:
    assert told_places(library()) == library().places
    zhoukou = place_card(library(), library().place("zhoukou"))
    assert "周口港" in page_of("zones", "zhoukou", ZH)
    assert [entry.name.zh for entry in zhoukou.entries] == ["周口港"]
    assert zhoukou.themes


def test_of_a_place_that_is_only_named_the_page_says_so(tmp_path: Path) -> None:
    more = ZONES + "  - {id: nowhere, level: city, name: {zh: 无处, en: Nowhere}}\n"
    small = Library([load_pack(write_pack(tmp_path, zones=more))])
    card = place_card(small, small.place("nowhere"))
    assert card.is_empty
    assert small.place("nowhere") not in told_places(small)
    assert "no more than the name" in pages().render("place", EN, small, card=card)


def test_no_view_and_no_template_words_a_quantity_by_itself() -> None:
    root = Path(__file__).parents[2]
    views = [*root.glob("bot/**/*.py"), *root.glob("digests/pages/templates/*.html")]
    assert len(views) > 50
    worded = re.compile(r"quantity\.word\(|words\.quantity|quantity\|")
    assert [str(path) for path in views if worded.search(path.read_text(encoding="utf-8"))] == []
