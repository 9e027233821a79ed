"""How much of a document a pack tells, and what it leaves."""

from __future__ import annotations

from pathlib import Path

import pytest

from digests.report.coverage import Coverage, check_left, cover
from digests.report.document import read_document
from digests.report.loading import load_pack
from tests.unit.invented_pack import DOCUMENT, write_pack

ROOT = Path(__file__).parents[2]
SOURCE = ROOT.parent / "shared" / "source" / "henan-report.txt"

LEFT = """
left:
  - section: growth
    text: The second market opened in 2019
    reason: {zh: 与本主题无关, en: off the subject}
"""


def covered(pack: Path) -> Coverage:
    report = load_pack(pack)
    return cover(report, read_document(report, DOCUMENT.encode()))


def counts(coverage: Coverage, kind: str) -> tuple[int, int, int]:
    (count,) = [count for count in coverage.counts if count.kind == kind]
    return count.total, count.used, count.left


def test_a_number_and_a_sentence_that_no_fact_uses_are_named(tmp_path: Path) -> None:
    unused = {(found.kind, found.section, found.text) for found in covered(write_pack(tmp_path)).unused}
    assert ("sentences", "growth", "Thesecondmarketopenedin2019") in unused
    assert ("numbers", "growth", "3.50亿") not in unused
    assert any(kind == "numbers" and section == "growth" for kind, section, _ in unused)


def test_what_a_pack_leaves_with_a_reason_is_counted_apart(tmp_path: Path) -> None:
    pack = write_pack(tmp_path)
    total, used, left = counts(covered(pack), "sentences")
    (pack / "coverage.yaml").write_text(LEFT, encoding="utf-8")
    assert counts(covered(pack), "sentences") == (total, used, left + 1)


def test_a_left_string_that_is_not_in_its_section_is_refused(tmp_path: Path) -> None:
    pack = write_pack(tmp_path)
    (pack / "coverage.yaml").write_text(LEFT.replace("second", "third"), encoding="utf-8")
    report = load_pack(pack)
    (complaint,) = check_left(report, read_document(report, DOCUMENT.encode()))
    assert complaint[:2] == (("left", 0), "left")


@pytest.mark.skipif(
    not SOURCE.exists(), reason=f"the report's text is not beside the checkout: {SOURCE.name}"
)
def test_every_sentence_clause_number_date_and_name_of_the_report_is_told_or_left() -> None:
    report = load_pack(ROOT / "data" / "henan-cbec-2023")
    coverage = cover(report, read_document(report, SOURCE.read_bytes()))
    assert coverage.unused == ()
    assert all(count.used >= 0.95 * count.total for count in coverage.counts)
