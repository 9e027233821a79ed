"""What an editor is told before a pack is published, and what our own packs hold to."""

from __future__ import annotations

from pathlib import Path

import pytest

from digests.report.loading import load_pack
from digests.report.review import review
from tests.unit.invented_pack import MILESTONES, ZONES, write_pack

PACK = Path(__file__).parents[2] / "data" / "henan-cbec-2023"

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
