"""What a pack held against its document shows: copies, quotations from elsewhere, dropped words, dates."""

from __future__ import annotations

from pathlib import Path

import pytest

from digests.report.document import read_document
from digests.report.evidence import verify
from digests.report.loading import load_pack
from digests.report.review import review_against
from tests.unit.invented_pack import write_pack

ROOT = Path(__file__).parents[2]
PACK = ROOT / "data" / "henan-cbec-2023"
SOURCE = ROOT.parent / "shared" / "source" / "henan-report.txt"

ZH_DOCUMENT = """茶业报告

一、增长

2019年茶叶贸易额为3.50亿元，全县大部分茶园都位于南山脚下的河谷地带。占比较高的是“雨前茶”。

二、城镇

共有12个镇，其中被称为“茶都”的是河口镇。
"""
ZH_REPORT = """
id: tea
revision: 1
name: {zh: 茶, en: Tea}
data_licence: {zh: 公有领域, en: public domain}
publication:
  title: {zh: 茶业报告, en: The Tea Report}
  authors: [{name: {zh: 某人, en: Somebody}}]
  journal: {zh: 茶, en: Tea}
  issue: {zh: 第1期, en: No. 1}
  published: "2020-01"
  publisher: {zh: 茶社, en: Tea house}
  summary: {zh: 关于茶。, en: On tea.}
  evidence: [茶业报告]
document: {sha256: SHA, language: zh, note: {zh: 全文, en: full text}}
sections:
  - {id: growth, heading: 一、增长, number: 一, title: {zh: 增长, en: Growth}}
  - {id: towns, heading: 二、城镇, number: 二, title: {zh: 城镇, en: Towns}}
"""
ZH_MILESTONES = """
milestones:
  - id: trade
    date: "2019"
    origin: prose
    kind: platform
    title: {zh: 贸易, en: Trade}
    summary: {zh: SUMMARY, en: Something.}
    places: [teatown]
    source: {section: growth, evidence: [EVIDENCE]}
"""
ZH_METRICS = """
subjects:
  - {id: trade-subject, name: {zh: 贸易, en: Trade}}
metrics:
  - id: tea-trade
    subject: trade-subject
    kind: amount
    place: teatown
    name: {zh: 茶叶贸易, en: Tea trade}
    observations:
      - id: trade-2019
        quantity: {printed: PRINTED, value: "3.50", unit: yi}
        period: {basis: stated, start: "2019", end: "2019"}
        source: {section: growth, evidence: [茶叶贸易额为3.50亿元]}
"""


def against(tmp_path: Path, summary: str, evidence: str = "2019年", printed: str = "3.50亿元") -> list[str]:
    """What is said of one summary when the pack is held against its Chinese document."""
    pack = write_pack(
        tmp_path,
        ZH_DOCUMENT,
        report=ZH_REPORT,
        milestones=ZH_MILESTONES.replace("SUMMARY", summary).replace("EVIDENCE", evidence),
        metrics=ZH_METRICS.replace("PRINTED", printed),
    )
    report = load_pack(pack)
    document = read_document(report, ZH_DOCUMENT.encode())
    found = [*review_against(report, document), *verify(report, ZH_DOCUMENT.encode()).complaints]
    return [f"{rule}: {message}" for _, rule, message in found]


def test_a_run_of_more_than_twelve_characters_of_the_document_is_copied(tmp_path: Path) -> None:
    (problem,) = against(tmp_path, "那时茶园都位于南山脚下的河谷地带")
    assert problem == "copied: '茶园都位于南山脚下的河谷地带' (14 characters) stands so in the document"
    assert against(tmp_path, "那时茶园多在南山脚下的河谷地带") == []


def test_names_and_quotations_are_not_copied(tmp_path: Path) -> None:
    assert against(tmp_path, "“茶园都位于南山脚下的河谷地带”") == []


def test_a_quotation_stands_in_a_section_that_is_cited(tmp_path: Path) -> None:
    assert against(tmp_path, "名为“雨前茶”") == []
    assert against(tmp_path, "名为“茶都”") == ["quotation: '茶都' is quoted and stands in towns: cite it"]
    (nowhere,) = against(tmp_path, "名为“明前茶”")
    assert nowhere == "quotation: '明前茶' is quoted and stands nowhere in the document"


def test_a_word_of_scope_in_the_evidence_is_not_dropped(tmp_path: Path) -> None:
    (problem,) = against(tmp_path, "全县茶园在河谷", "2019年, 全县大部分茶园")
    assert problem == "scope: the evidence '全县大部分茶园' says '大部分', the text does not"
    assert against(tmp_path, "大部分茶园在河谷", "2019年, 全县大部分茶园") == []


def test_a_printed_value_has_the_spaces_of_the_document(tmp_path: Path) -> None:
    (problem,) = against(tmp_path, "贸易", printed="3.50 亿元")
    assert problem == "spacing: the document prints '3.50 亿元' with other spaces"


@pytest.mark.skipif(
    not SOURCE.exists(), reason=f"the report's text is not beside the checkout: {SOURCE.name}"
)
def test_our_pack_copies_nothing_and_cites_what_it_quotes() -> None:
    report = load_pack(PACK)
    assert list(review_against(report, read_document(report, SOURCE.read_bytes()))) == []


def test_a_date_stands_in_its_evidence(tmp_path: Path) -> None:
    (problem,) = against(tmp_path, "贸易", evidence="茶叶贸易额")
    assert problem == "date: no evidence holds 2019年"


def test_a_stated_period_stands_in_the_section(tmp_path: Path) -> None:
    pack = write_pack(
        tmp_path,
        ZH_DOCUMENT,
        report=ZH_REPORT,
        milestones=ZH_MILESTONES.replace("SUMMARY", "贸易").replace("EVIDENCE", "2019年"),
        metrics=ZH_METRICS.replace("PRINTED", "3.50亿元").replace(
            'start: "2019", end: "2019"', 'end: "2020"'
        ),
    )
    report = load_pack(pack)
    (found,) = review_against(report, read_document(report, ZH_DOCUMENT.encode()))
    assert found[1:] == ("period", "2020年 is not in section 'growth'")
