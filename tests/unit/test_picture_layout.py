"""Every picture can be read: no text on another, outside, too small or too pale, whatever the report."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from io import BytesIO
from itertools import combinations
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw

from digests import queries
from digests.composing.digest import compose
from digests.pages import Pages
from digests.pictures import Context, Theme
from digests.pictures.gallery import lay_out
from digests.pictures.layout.boxes import Box, TextBox
from digests.pictures.layout.rendering import render
from digests.pictures.layout.sheet import Sheet
from digests.pictures.style import WIDTH
from digests.report.library import Library
from digests.report.loading import load_pack
from digests.report.model import Report
from digests.schedules import Cadence, Occasion
from digests.text import Language
from tests.unit import generated_packs
from tests.unit.colours import contrast

PACK = Path(__file__).parents[2] / "data" / "henan-cbec-2023"
#: Pixels: how wide a phone shows a picture, and the smallest text on it.
PHONE, SMALLEST = 390, 11
#: Units that two boxes may share: less than a third of a pixel.
SLACK = 0.3
#: Units by which hinting may move the edge of ink.
EDGE = 0.7


def packs() -> dict[str, Report]:
    return {
        "henan": load_pack(PACK),
        "tiny": generated_packs.tiny(),
        "dense": generated_packs.dense(),
        "long": generated_packs.long(),
    }


@cache
def library(name: str) -> Library:
    return Library([packs()[name]])


@cache
def pages() -> Pages:
    return Pages()


def occasions() -> Iterator[Occasion]:
    days = [date(2028, 1, 1) + timedelta(days=offset) for offset in range(366)]
    yield from (Occasion(Cadence.DAILY, day) for day in days)
    yield from (Occasion(Cadence.WEEKLY, day) for day in days[::7])
    yield from (Occasion.parse(f"monthly:2028-{month:02}") for month in range(1, 13))


def keys(known: Library) -> list[str]:
    """Every picture that a chat can ask for, and every card of a year's digests."""
    years = {str(m.date.year) for m in known.milestones if m.date.year}
    told = {place for m in known.milestones if m.date.year for place in m.places}
    return [
        *("timeline", *(f"timeline:{wanted}" for wanted in sorted(years | told))),
        *(["zones", *(f"zones:{place.id}" for place in known.places)] if known.designations else []),
        *(["growth"] if queries.growth(known) else []),
        *(f"subject:{subject.id}" for subject, metrics in queries.subjects(known) if metrics),
        *(f"milestone:{milestone.id}" for milestone in known.milestones),
        *(f"figure:{o.id}" for metric in known.metrics for o in metric.observations),
        *(f"digest:{o.key}" for o in occasions() if (digest := compose(known, o)) and digest.items),
        *(f"digest:daily:2028-10-{day:02}" for day in range(2, 9)),
    ]


def sheets(name: str, language: Language, theme: Theme) -> Iterator[tuple[str, Sheet]]:
    for key in keys(library(name)):
        yield key, lay_out(Context(library(name), language, theme, pages()), key)


def behind(sheet: Sheet, text: TextBox) -> str:
    """The colour that a text is read on: that of the last shape filled around it."""
    around = [fill.color for fill in sheet.fills if fill.box.holds(text.box, 1.0)]
    return around[-1] if around else sheet.palette.ground


def faults(sheet: Sheet) -> list[str]:
    canvas = Box(0, 0, WIDTH, sheet.height)
    texts = [text for text in sheet.texts if text.text.strip()]
    found = [
        f"{one.text!r} lies on {other.text!r}"
        for one, other in combinations(texts, 2)
        if one.box.overlaps(other.box, SLACK)
    ]
    found += [f"{text.text!r} is outside" for text in texts if not canvas.holds(text.box)]
    found += [f"{text.text!r} is too small" for text in texts if text.face.size * PHONE / WIDTH < SMALLEST]
    found += [
        f"{text.text!r} is too pale" for text in texts if contrast(text.color, behind(sheet, text)) < 4.5
    ]
    found += [
        f"{text.text!r} crosses the edge of a shape"
        for text in texts
        for fill in sheet.fills
        if fill.box.overlaps(text.box, 1.0) and not fill.box.holds(text.box, 1.0)
    ]
    return found


@pytest.mark.parametrize("theme", list(Theme))
@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("name", ["henan", "tiny", "dense", "long"])
def test_no_text_is_covered_cut_small_or_pale(name: str, language: Language, theme: Theme) -> None:
    found = {key: bad for key, sheet in sheets(name, language, theme) if (bad := faults(sheet))}
    assert found == {}


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("name", ["henan", "tiny", "dense", "long"])
def test_a_picture_is_never_taller_than_four_times_its_width(name: str, language: Language) -> None:
    tall = {
        key: sheet.height for key, sheet in sheets(name, language, Theme.LIGHT) if sheet.height > 4 * WIDTH
    }
    assert tall == {}


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("key", ["timeline", "growth", "zones", "subject:market", "digest:daily:2026-05-10"])
def test_no_ink_of_a_text_lies_outside_its_recorded_box(key: str, language: Language) -> None:
    sheet = lay_out(Context(library("henan"), language, Theme.LIGHT, pages()), key)
    sheet.fills, sheet.outlines, sheet.lines = [], [], []
    with Image.open(BytesIO(render(sheet))) as picture:
        image = picture.convert("RGB")
    scale, brush = image.width / WIDTH, ImageDraw.Draw(image)
    for text in sheet.texts:
        box = text.box
        corners = (box.x - EDGE, box.y - EDGE, box.right + EDGE, box.bottom + EDGE)
        brush.rectangle([corner * scale for corner in corners], fill=sheet.palette.ground, width=0)
    difference = ImageChops.difference(image, Image.new("RGB", image.size, sheet.palette.ground))
    assert difference.getbbox() is None
