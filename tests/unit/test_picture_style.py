"""Pictures can be read by everybody: contrast, colour blindness, and text that breaks where it may."""

from __future__ import annotations

from itertools import combinations, pairwise
from math import dist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.pictures.placing import placed
from digests.pictures.style import PALETTES, Palette, Theme
from digests.pictures.wrapping import wrapped

#: How people without one kind of cone see linear RGB (Machado, Oliveira and Fernandes, 2009, full severity).
SEEN = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def linear(color: str) -> list[float]:
    """A colour as linear RGB."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def luminance(color: str) -> float:
    red, green, blue = linear(color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The ratio that WCAG 2.2 defines."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def lab(rgb: list[float]) -> tuple[float, float, float]:
    """CIE L*a*b* under D65: equal distances look about equally far apart; 2.3 is just noticeable."""
    red, green, blue = rgb
    xyz = (
        (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505,
        0.2126 * red + 0.7152 * green + 0.0722 * blue,
        (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089,
    )
    x, y, z = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def seen(color: str, eyes: str) -> tuple[float, float, float]:
    mixed = [
        sum(weight * part for weight, part in zip(row, linear(color), strict=True)) for row in SEEN[eyes]
    ]
    return lab([min(1.0, max(0.0, part)) for part in mixed])


@pytest.mark.parametrize("palette", PALETTES.values(), ids=[theme.value for theme in PALETTES])
def test_every_text_colour_stands_out_from_what_lies_behind(palette: Palette) -> None:
    for behind in (palette.ground, palette.panel):
        for text in (palette.ink, palette.soft, palette.accent, *palette.series):
            assert contrast(text, behind) >= 4.5, (text, behind)
        assert contrast(palette.quiet, behind) >= 3, behind


@pytest.mark.parametrize("palette", PALETTES.values(), ids=[theme.value for theme in PALETTES])
def test_text_on_a_filled_shape_can_be_read(palette: Palette) -> None:
    assert contrast(palette.ground, palette.series[0]) >= 4.5


@pytest.mark.parametrize("eyes", SEEN)
@pytest.mark.parametrize("theme", list(Theme))
def test_colours_are_told_apart_by_all_eyes(theme: Theme, eyes: str) -> None:
    palette = PALETTES[theme]
    for one, other in combinations((palette.accent, *palette.series), 2):
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


@given(st.lists(st.tuples(st.floats(0, 500), st.floats(1, 60)), min_size=1, max_size=30), st.floats(1, 900))
def test_labels_never_lie_over_each_other_nor_outside(labels: list[tuple[float, float]], room: float) -> None:
    wanted, heights = sorted(label[0] for label in labels), [label[1] for label in labels]
    middles = placed(wanted, heights, 0.0, room)
    edges = [
        (middle - height / 2, middle + height / 2) for middle, height in zip(middles, heights, strict=True)
    ]
    assert edges[0][0] >= -0.001
    assert edges[-1][1] <= max(room, sum(heights)) + 0.001
    for before, after in pairwise(edges):
        assert before[1] <= after[0] + 0.001
