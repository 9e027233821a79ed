"""Everything is found, in either language, by words and by figures."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from digests.report.library import Library, near
from digests.report.loading import load_pack


@cache
def library() -> Library:
    return Library([load_pack(Path(__file__).parents[2] / "data" / "henan-cbec-2023")])


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("2021年跨境电商规模", "cbec-volume-2021"),
        ("10.51", "core-area-size"),
        ("１０．５１", "core-area-size"),
        ("2018.3", "cbec-volume-2021"),
        ("201.83", "cbec-volume-2021"),
        ("6,408.8", "cbec-cumulative"),
        ("Luoyang", "luoyang"),
        ("luoyang", "luoyang"),
        ("许昌", "xuchang"),
        ("许昌假发", "market-procurement"),
        ("人才缺口", "talent-gap"),
        ("Liege", "liege"),
    ],
)
def test_the_best_hit_is_what_was_meant(words: str, expected: str) -> None:
    assert library().search(words)[0].id == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [("宛", "nanyang"), ("海关", "b2b-pilot"), ("零费区", "mode-zero-fee"), ("1210", "wco-model")],
)
def test_short_terms_are_found(words: str, expected: str) -> None:
    assert expected in {hit.id for hit in library().search(words)}


@pytest.mark.parametrize("words", ["", " ", "zzzzqqq", "🀄", "%", "'; drop table"])
def test_what_is_not_there_is_not_found(words: str) -> None:
    assert library().search(words) == ()


def test_a_misspelt_name_has_near_ones() -> None:
    assert near("Luoyan", ["Luoyang", "Kaifeng"]) == ["Luoyang"]
