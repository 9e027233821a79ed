"""Pictures can be read by everybody: contrast, colour blindness, and text that breaks where it may."""

from __future__ import annotations

from itertools import combinations
from math import dist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.pictures.layout.wrapping import joined, wrapped
from digests.pictures.style import PALETTES, Palette
from digests.report.model import MilestoneKind
from digests.subscriptions import Theme
from tests.unit.colours import SEEN, contrast, seen


@pytest.mark.parametrize("palette", PALETTES.values(), ids=[theme.value for theme in PALETTES])
def test_every_text_colour_stands_out_from_what_lies_behind(palette: Palette) -> None:
    texts = (palette.ink, palette.soft, palette.accent, palette.data, palette.good, *palette.kinds.values())
    for behind in (palette.ground, palette.panel):
        for text in texts:
            assert contrast(text, behind) >= 4.5, (text, behind)
        assert contrast(palette.quiet, behind) >= 3, behind


@pytest.mark.parametrize("palette", PALETTES.values(), ids=[theme.value for theme in PALETTES])
def test_text_on_a_filled_shape_can_be_read(palette: Palette) -> None:
    assert contrast(palette.ground, palette.data) >= 4.5


@pytest.mark.parametrize("palette", PALETTES.values(), ids=[theme.value for theme in PALETTES])
def test_every_kind_of_milestone_has_a_colour_of_its_own(palette: Palette) -> None:
    assert set(palette.kinds) == set(MilestoneKind)
    assert len(set(palette.kinds.values())) == len(MilestoneKind)


@pytest.mark.parametrize("eyes", SEEN)
@pytest.mark.parametrize("theme", list(Theme))
def test_the_colours_of_kinds_are_told_apart_by_all_eyes(theme: Theme, eyes: str) -> None:
    for one, other in combinations(PALETTES[theme].kinds.values(), 2):
        assert dist(seen(one, eyes), seen(other, eyes)) > 12, (one, other)


@pytest.mark.parametrize("eyes", SEEN)
@pytest.mark.parametrize("theme", list(Theme))
def test_the_colours_of_data_and_verdicts_are_told_apart_by_all_eyes(theme: Theme, eyes: str) -> None:
    palette = PALETTES[theme]
    for one, other in combinations((palette.accent, palette.data, palette.good), 2):
        assert dist(seen(one, eyes), seen(other, eyes)) > 9, (one, other)


def wide(limit: int):
    return lambda line: len(line) <= limit


def test_latin_words_stay_whole_and_chinese_breaks_anywhere_but_before_a_closing_mark() -> None:
    assert wrapped("a pilot zone", wide(7)) == ["a pilot", "zone"]
    assert wrapped("郑州获批，综试区", wide(4)) == ["郑州获", "批，综试", "区"]
    assert wrapped("（郑州）试点", wide(2)) == ["（郑", "州）", "试点"]


def test_a_text_of_too_many_lines_ends_with_an_ellipsis() -> None:
    assert wrapped("one two three four", wide(7), limit=2) == ["one two", "three…"]


@given(st.text(alphabet="ab 郑州，（）\u00a0", max_size=60), st.integers(1, 12))
def test_wrapping_loses_nothing_but_spaces(text: str, width: int) -> None:
    joined = "".join(wrapped(text, wide(width)))
    assert "".join(joined.split()) == "".join(text.split())


def test_a_chinese_date_stays_whole() -> None:
    assert wrapped("规模2018年3月", wide(7)) == ["规模", "2018年3月"]


def test_parts_break_between_each_other_where_they_can() -> None:
    assert joined(["one two", "three", "four"], " · ", wide(9)) == ["one two", "three", "four"]
    assert joined(["one", "three", "four"], " · ", wide(12)) == ["one · three", "four"]
