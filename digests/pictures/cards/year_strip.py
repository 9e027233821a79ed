"""The strip of years under a milestone: all milestones, and what the card is about standing out."""

from __future__ import annotations

from collections.abc import Iterable

from digests.dates import PartialDate, Precision
from digests.pictures.cards.scale import Scale, years_of
from digests.pictures.context import Context
from digests.pictures.layout.boxes import Box
from digests.pictures.layout.frame import inner
from digests.pictures.layout.sheet import Sheet
from digests.pictures.style import INNER, MARGIN, SMALL, WIDTH

_HEIGHT, _PROUD = 9.0, 4.0
_THINNEST = 2.4
_BETWEEN = 8.0
#: The room that a year’s number needs, and how many years may lie between two numbers.
_LABELLED = 34.0
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000)


def draw_year_strip(sheet: Sheet, context: Context, y: float, current: Iterable[PartialDate]) -> float:
    """The years of the library's milestones, with *current* dates in the accent; where it ends."""
    milestones = context.library.milestones
    years = years_of(milestones)
    if years is None or len(milestones) == 1:
        return y
    scale = Scale(*years, start=MARGIN, length=INNER)
    y += _PROUD
    sheet.fill(Box(MARGIN, y, INNER, _HEIGHT), sheet.palette.panel)
    for milestone in milestones:
        _mark(sheet, scale, y, milestone.date, sheet.palette.quiet, proud=0.0)
    for when in current:
        _mark(sheet, scale, y, when, sheet.palette.accent, proud=_PROUD)
    y = _label_years(sheet, scale, y + _HEIGHT + 3)
    words = context.say(
        "All milestones by date: a dot is a day, a bar a month, a frame a year. In colour: this card"
    )
    return sheet.paragraph(inner(y), words, SMALL, sheet.palette.soft)


def _mark(sheet: Sheet, scale: Scale, y: float, when: PartialDate, color: str, *, proud: float) -> None:
    """A point for a day, a filled span for a month, an outlined one for a year."""
    span = scale.span(when)
    if span is None or not scale.start <= span[0] < scale.start + scale.length:
        return
    if when.precision is Precision.DAY:
        sheet.dot((span[0] + span[1]) / 2, y + _HEIGHT / 2, _HEIGHT / 3 + proud / 3, color)
        return
    box = Box(span[0], y - proud, max(span[1] - span[0], _THINNEST), _HEIGHT + 2 * proud)
    if when.precision is Precision.YEAR:
        sheet.outline(box, color)
    else:
        sheet.fill(box, color)


def _label_years(sheet: Sheet, scale: Scale, y: float) -> float:
    """As many years as have room, the first one always."""
    each, free = scale.length / (scale.last - scale.first + 1), 0.0
    step = next(step for step in _STEPS if step * each >= _LABELLED)
    for year in range(scale.first, scale.last + 1, step):
        x = scale.start + (year - scale.first) * each
        width = sheet.width(str(year), SMALL)
        if x >= free and x + 2 + width <= WIDTH - MARGIN:
            sheet.line((x, y - 3), (x, y + 1), sheet.palette.quiet)
            sheet.text(x + 2, y - 1, str(year), SMALL, sheet.palette.soft)
            free = x + width + _BETWEEN
    return y + SMALL.line
