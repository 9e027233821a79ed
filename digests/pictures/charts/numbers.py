"""Numbers that stand alone, two a row; the last one of an odd count has the row to itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from digests.pictures.layout.boxes import Box
from digests.pictures.layout.sheet import Sheet
from digests.pictures.style import GAP, INNER, LOWEST, MARGIN, SMALL, TITLE, WIDTH

_A_ROW = 2
_LINES = 5
_SMALLEST = 14.0


@dataclass(frozen=True, slots=True)
class Number:
    """A figure as printed, and what it is of when."""

    value: str
    words: tuple[str, ...]


def draw_numbers(sheet: Sheet, numbers: Sequence[Number], y: float) -> tuple[float, int]:
    """As many as there is room for, in one size; where the next part begins, and how many."""
    width = (INNER - GAP) / _A_ROW
    widest = max(
        (number.value for number in numbers), key=lambda value: sheet.width(value, TITLE), default=""
    )
    size = max(sheet.fitted(widest, TITLE, width).size, _SMALLEST)
    for start in range(0, len(numbers), _A_ROW):
        if y > LOWEST:
            return y, start
        row = numbers[start : start + _A_ROW]
        each = width if len(row) == _A_ROW else INNER
        y = max(
            _number(sheet, number, Box(MARGIN + place * (width + GAP), y, each, 0), size)
            for place, number in enumerate(row)
        )
        y += GAP / 2
    return y, len(numbers)


def _number(sheet: Sheet, number: Number, box: Box, size: float) -> float:
    sheet.line((box.x, box.y), (min(box.right, WIDTH - MARGIN), box.y), sheet.palette.line)
    face = TITLE.sized(size)
    y = sheet.paragraph(Box(box.x, box.y + 3, box.width, 0), number.value, face, sheet.palette.data, 2)
    return sheet.row(Box(box.x, y, box.width, 0), number.words, SMALL, sheet.palette.soft, _LINES)
