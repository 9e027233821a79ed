"""Bars from zero of the figures of one metric: amounts that can be compared, and shares of a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from digests.pictures.layout.boxes import Box
from digests.pictures.layout.sheet import Sheet
from digests.pictures.style import BODY, INNER, MARGIN, SMALL, STRONG, WIDTH

_BAR, _BETWEEN = 11.0, 6.0
_LINES = 2


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure: its name, its value in words, its length, and what follows from it.

    ``number`` is what the length is measured by; ``is_ours`` when it is computed here, not printed.
    """

    name: str
    value: str
    number: Decimal
    aside: str = ""
    is_ours: bool = False
    is_chosen: bool = False


def draw_bars(sheet: Sheet, bars: Sequence[Bar], whole: Decimal, y: float, *, track: bool = False) -> float:
    """Bars one under the other, *whole* being as long as the room; with *track* the whole is shown.

    Where the next part begins.
    """
    for bar in bars:
        y = _words(sheet, bar, y) + 2
        room = Box(MARGIN, y, INNER, _BAR)
        if track:
            sheet.fill(room, sheet.palette.panel)
        box = Box(MARGIN, y, max(INNER * float(bar.number / whole), 0.8), _BAR)
        if bar.is_ours:
            sheet.outline(box, sheet.palette.quiet)
        else:
            sheet.fill(box, sheet.palette.accent if bar.is_chosen else sheet.palette.data)
        y += _BAR + _BETWEEN
    return y


def _words(sheet: Sheet, bar: Bar, y: float) -> float:
    """The name at the left, the value at the right, and what follows from it below."""
    width = sheet.width(bar.value, STRONG)
    room = INNER - width - 10
    if room < INNER / 4:  # a long value stands on lines of its own
        y = sheet.paragraph(Box(MARGIN, y, INNER, 0), bar.name, BODY, limit=_LINES)
        y = sheet.paragraph(Box(MARGIN, y, INNER, 0), bar.value, STRONG, limit=_LINES)
    else:
        sheet.text(WIDTH - MARGIN, y, bar.value, STRONG, align="right")
        y = max(sheet.paragraph(Box(MARGIN, y, room, 0), bar.name, BODY, limit=_LINES), y + STRONG.line)
    return sheet.text(MARGIN, y - 1, bar.aside, SMALL, sheet.palette.soft) if bar.aside else y
