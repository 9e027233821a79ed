"""The strip of years that every card has: all milestones, and what the card is about standing out."""

from __future__ import annotations

from collections.abc import Iterable

from digests.dates import PartialDate, Precision
from digests.pictures.context import Context
from digests.pictures.frame import INNER
from digests.pictures.sheet import Sheet
from digests.pictures.strip import Scale, years_of
from digests.pictures.style import MARGIN, TINY

_HEIGHT, _PROUD = 9.0, 4.0
_THINNEST = 2.4
_LABELLED = 34.0  # the room that a year's number needs


def draw_year_strip(sheet: Sheet, context: Context, y: float, current: Iterable[PartialDate]) -> float:
    """The years of the library's milestones, with *current* dates in the accent; where it ends."""
    years = years_of(context.library.milestones)
    if years is None:
        return y
    scale = Scale(*years, start=MARGIN, length=INNER)
    y += _PROUD
    sheet.box(MARGIN, y, INNER, _HEIGHT, sheet.palette.panel, behind=True)
    for milestone in context.library.milestones:
        _mark(sheet, scale, y, milestone.date, sheet.palette.quiet, proud=0.0)
    for when in current:
        _mark(sheet, scale, y, when, sheet.palette.accent, proud=_PROUD)
    return _label_years(sheet, scale, y + _HEIGHT + 3)


def _mark(sheet: Sheet, scale: Scale, y: float, when: PartialDate, color: str, *, proud: float) -> None:
    """A point for a day, a filled span for a month, an outlined one for a year."""
    span = scale.span(when)
    if span is None or not scale.start <= span[0] < scale.start + scale.length:
        return
    if when.precision is Precision.DAY:
        sheet.dot((span[0] + span[1]) / 2, y + _HEIGHT / 2, _HEIGHT / 3 + proud / 3, color)
        return
    width = max(span[1] - span[0], _THINNEST)
    if when.precision is Precision.YEAR:
        sheet.box(span[0], y - proud, width, _HEIGHT + 2 * proud, None, edge=color, edge_width=0.9)
        return
    sheet.box(span[0], y - proud, width, _HEIGHT + 2 * proud, color)


def _label_years(sheet: Sheet, scale: Scale, y: float) -> float:
    years = range(scale.first, scale.last + 1)
    each = scale.length / len(years)
    step = max(1, round(_LABELLED / each + 0.49))
    for year in years[::step]:
        x = scale.start + (year - scale.first) * each
        sheet.line([(x, y - 3), (x, y + 1)], sheet.palette.quiet)
        sheet.text(x + 2, y - 1, str(year), TINY, sheet.palette.soft)
    return y + TINY * 1.5
