"""A unit chart: one square a milestone, stacked by time and coloured by kind, with the kinds below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from digests.pages.kinds import kind_names
from digests.pictures.context import Context
from digests.pictures.layout.boxes import Box
from digests.pictures.layout.sheet import Sheet
from digests.pictures.style import GAP, INNER, MARGIN, SMALL, WIDTH
from digests.pictures.timeline.periods import Periods
from digests.report.model import Milestone, MilestoneKind

_HEIGHT, _LARGEST_SQUARE = 78.0, 10.0
#: A square of this size or more has a gap to the next one.
_APART = 3.0
_SWATCH = 7.0
#: Between two names of columns.
_BETWEEN = 5.0


def draw_unit_chart(
    sheet: Sheet, context: Context, periods: Periods, milestones: Sequence[Milestone], y: float
) -> float:
    """The chart of dated milestones; where the next part begins."""
    columns = periods.columns(context, milestones)
    most = max(len(held) for _, held in columns)
    step = min(_LARGEST_SQUARE + 1, _HEIGHT / most)
    pitch = INNER / len(columns)
    floor = y + step * most
    for position, (_, held) in enumerate(columns):
        _stack(sheet, held, MARGIN + pitch * (position + 0.5), floor, step)
    sheet.line((MARGIN, floor + 1), (WIDTH - MARGIN, floor + 1), sheet.palette.quiet)
    _name_columns(sheet, [name for name, _ in columns], floor + 1)
    y = floor + 1 + SMALL.line
    if periods.span > 1:
        words = context.say("each column: %(years)s years", years=periods.span)
        y = sheet.text(MARGIN, y, words, SMALL, sheet.palette.soft)
    return draw_kinds(sheet, context, milestones, y + 4)


def _stack(sheet: Sheet, held: Sequence[Milestone], middle: float, floor: float, step: float) -> None:
    gap = 1.0 if step >= _APART else 0.0
    width = min(_LARGEST_SQUARE, max(step - gap, _SWATCH))
    kinds = list(MilestoneKind)
    for position, milestone in enumerate(sorted(held, key=lambda m: kinds.index(m.kind))):
        box = Box(middle - width / 2, floor - step * (position + 1), width, step - gap)
        sheet.fill(box, sheet.palette.kinds[milestone.kind])


def _name_columns(sheet: Sheet, names: Sequence[str], y: float) -> None:
    """As many names as have room, the first one always."""
    pitch, free = INNER / len(names), MARGIN
    for position, name in enumerate(names):
        width = sheet.width(name, SMALL)
        left = MARGIN + pitch * (position + 0.5) - width / 2
        left = min(max(left, MARGIN), WIDTH - MARGIN - width)
        if left >= free:
            sheet.text(left, y, name, SMALL, sheet.palette.soft)
            free = left + width + _BETWEEN


def draw_kinds(sheet: Sheet, context: Context, milestones: Sequence[Milestone], y: float) -> float:
    """The colour, name and count of each kind, in rows; where the next part begins."""
    names, counts = kind_names(context.say), Counter(milestone.kind for milestone in milestones)
    x = MARGIN
    for kind in (kind for kind in MilestoneKind if counts[kind]):
        words = f"{names[kind.value]} {counts[kind]}"
        width = _SWATCH + 4 + sheet.width(words, SMALL)
        if x > MARGIN and x + width > WIDTH - MARGIN:
            x, y = MARGIN, y + SMALL.line
        sheet.fill(Box(x, y + 4, _SWATCH, _SWATCH), sheet.palette.kinds[kind])
        sheet.text(x + _SWATCH + 4, y, words, SMALL)
        x += width + GAP
    return y + SMALL.line
