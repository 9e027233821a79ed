"""Pictures are the same for the same facts, small, and as they were looked at."""

from __future__ import annotations

from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from digests.pages import Pages
from digests.pictures import draw_growth, font_path
from digests.report.library import Library
from digests.report.loading import load_pack
from digests.text import Language

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def library() -> Library:
    return Library([load_pack(ROOT / "data" / "henan-cbec-2023")])


def draw(library: Library, language: Language) -> bytes:
    return draw_growth(library, language, partial(Pages().say, language))


@pytest.mark.parametrize("language", list(Language))
def test_the_growth_chart_looks_as_it_was_looked_at(library: Library, language: Language) -> None:
    with (
        Image.open(BytesIO(draw(library, language))) as drawn,
        Image.open(ROOT / "tests" / "golden" / f"growth-{language}.png") as golden,
    ):
        assert drawn.size == golden.size
        difference = ImageChops.difference(drawn.convert("RGB"), golden.convert("RGB"))
        assert max(ImageStat.Stat(difference).mean) < 2


def test_the_same_facts_give_the_same_bytes(library: Library) -> None:
    assert draw(library, Language.ZH) == draw(library, Language.ZH)


@pytest.mark.parametrize("language", list(Language))
def test_a_picture_is_small_enough_for_an_upload_at_full_speed(library: Library, language: Language) -> None:
    png = draw(library, language)
    assert len(png) < 100_000
    with Image.open(BytesIO(png)) as drawn:
        assert drawn.width <= 1280


def test_the_font_is_the_one_under_an_open_licence() -> None:
    assert "SIL OPEN FONT LICENSE" in (font_path().parent / "OFL.txt").read_text(encoding="utf-8").upper()
