"""A term of a pack is worded in one way."""

from __future__ import annotations

from pathlib import Path

import pytest

from digests.report.loading import load_pack
from digests.report.review import review
from tests.unit.invented_pack import MILESTONES, write_pack

WORDING = """
wording:
  - {zh: 市场, en: [market], avoid: [bazaar]}
  - {zh: 茶市场, en: [tea exchange]}
"""


@pytest.mark.parametrize(
    ("zh", "en", "problem"),
    [
        ("市场开张。", "The markets open.", None),
        ("市场开张。", "The supermarket opens.", "'市场' is 'market' in English"),
        ("茶市场开张。", "The tea exchange opens.", None),
        ("茶市场开张。", "The tea market opens.", "'茶市场' is 'tea exchange' in English"),
        ("市场开张。", "The market, a bazaar, opens.", "'bazaar' is 'market' elsewhere"),
    ],
)
def test_a_term_is_worded_as_the_pack_says(tmp_path: Path, zh: str, en: str, problem: str | None) -> None:
    before = "summary: {zh: 第一个市场开张。, en: The first market opens.}"
    milestones = MILESTONES.replace(before, f'summary: {{zh: {zh}, en: "{en}"}}')
    pack = write_pack(tmp_path, milestones=milestones)
    (pack / "wording.yaml").write_text(WORDING, encoding="utf-8")
    found = [message for _, rule, message in review(load_pack(pack)) if rule == "term"]
    assert found == ([] if problem is None else [problem])
