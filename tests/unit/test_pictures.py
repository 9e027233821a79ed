"""Pictures are the same for the same facts, small, and as they were looked at.

``python -m tests.unit.test_pictures`` draws the golden files anew; each is to be looked at before it is kept.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from digests.pages import Pages
from digests.pictures import Context, Theme, font_path, gallery
from digests.pictures.alt import describe
from digests.report.library import Library
from digests.report.loading import load_pack
from digests.text import Language

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"

KEYS = (
    "timeline",
    "timeline:2012",
    "timeline:2020",
    "zones",
    "zones:luoyang",
    "growth",
    "subject:cbec",
    "subject:market",
    "subject:logistics",
    "milestone:zhengzhou-first-pilot",
    "figure:cbec-volume-2021",
    "figure:share-luoyang-2021",
    "digest:daily:2026-05-10",
    "digest:daily:2026-12-01",
    "digest:monthly:2026-11",
)
LOOKED_AT = (
    *((key, Theme.LIGHT) for key in KEYS),
    *((key, Theme.DARK) for key in ("digest:daily:2026-05-10", "timeline", "zones")),
)


@cache
def library() -> Library:
    return Library([load_pack(ROOT / "data" / "henan-cbec-2023")])


@cache
def pages() -> Pages:
    return Pages()


@cache
def draw(key: str, language: Language, theme: Theme = Theme.LIGHT) -> bytes:
    return gallery.draw(Context(library(), language, theme, pages()), key)


def golden(key: str, language: Language, theme: Theme) -> Path:
    dark = "-dark" if theme is Theme.DARK else ""
    return GOLDEN / f"{key.replace(':', '-')}-{language}{dark}.png"


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(("key", "theme"), LOOKED_AT)
def test_a_picture_looks_as_it_was_looked_at(key: str, language: Language, theme: Theme) -> None:
    with (
        Image.open(BytesIO(draw(key, language, theme))) as drawn,
        Image.open(golden(key, language, theme)) as known,
    ):
        assert drawn.size == known.size
        difference = ImageChops.difference(drawn.convert("RGB"), known.convert("RGB"))
        assert max(ImageStat.Stat(difference).mean) < 2


def test_the_same_facts_give_the_same_bytes() -> None:
    first = draw("digest:daily:2026-05-10", Language.ZH)
    draw.cache_clear()
    assert draw("digest:daily:2026-05-10", Language.ZH) == first


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("key", KEYS)
def test_a_picture_is_small_enough_for_an_upload_at_full_speed(key: str, language: Language) -> None:
    png = draw(key, language)
    assert len(png) < 100_000
    with Image.open(BytesIO(png)) as drawn:
        assert drawn.width <= 1280
        assert drawn.height / drawn.width < 4


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("key", KEYS)
def test_a_picture_is_described_in_words_that_fit_a_caption(key: str, language: Language) -> None:
    words = describe(Context(library(), language, Theme.LIGHT, pages()), key)
    assert 5 < len(words) < 1000


@pytest.mark.parametrize(
    "key",
    ["timeline:1990", "growth:nothing", "milestone:nothing", "subject:nothing", "digest:monthly:2026-10"],
)
def test_a_picture_of_nothing_is_told_as_missing(key: str) -> None:
    with pytest.raises(LookupError):
        gallery.draw(Context(library(), Language.ZH, Theme.LIGHT, pages()), key)


def test_the_font_is_the_one_under_an_open_licence() -> None:
    assert "SIL OPEN FONT LICENSE" in (font_path().parent / "OFL.txt").read_text(encoding="utf-8").upper()


if __name__ == "__main__":
    for known_key, known_theme in LOOKED_AT:
        for known_language in Language:
            golden(known_key, known_language, known_theme).write_bytes(
                draw(known_key, known_language, known_theme)
            )
