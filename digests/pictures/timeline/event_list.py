"""Milestones as a list, by year or span of years: the year, then date, title and kind of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from digests.dates import PartialDate
from digests.pages.formatting import month_name, word_date_briefly
from digests.pages.kinds import kind_names
from digests.pictures.context import Context
from digests.pictures.layout.boxes import Box
from digests.pictures.layout.sheet import Sheet
from digests.pictures.style import BODY, GAP, HEADING, LOWEST, MARGIN, SMALL, SMALL_STRONG, WIDTH
from digests.pictures.timeline.periods import Periods
from digests.report.model import Milestone, Weight
from digests.text import Language

#: So many are told in one picture; the others are counted.
_MOST = 30
#: So few are told with their full titles and summaries.
_FEW = 9
_SQUARE, _BEFORE_DATE, _COLUMN_GAP = 7.0, 4.0, 7.0
_TITLE_LINES, _SUMMARY_LINES = 3, 4


@dataclass(frozen=True, slots=True)
class _Group:
    """The milestones of a period that are told, and how many there are."""

    name: str
    told: tuple[Milestone, ...]
    count: int


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where dates and titles begin."""

    mark: float
    date: float
    title: float


def draw_event_list(
    sheet: Sheet, context: Context, periods: Periods, milestones: Sequence[Milestone], y: float
) -> float:
    """The list; where the next part begins."""
    groups = _groups(context, periods, milestones)
    columns = _columns(sheet, context, periods, groups)
    told = 0
    for group in groups:
        if y > LOWEST:
            break
        told += group.count
        sheet.line((MARGIN, y), (WIDTH - MARGIN, y), sheet.palette.line)
        y = _draw_group(sheet, context, periods, group, columns, y + 4) + 4
    if left := len(milestones) - told:
        words = context.say("and %(count)s more", count=left)
        y = sheet.text(MARGIN, y, words, SMALL, sheet.palette.soft)
    return y


def _groups(context: Context, periods: Periods, milestones: Sequence[Milestone]) -> list[_Group]:
    """By period, those without a year last; of too many, the weightiest of each period are told."""
    parts = [(start, list(held)) for start, held in groupby(milestones, key=periods.start_of)]
    ranks = [(_rank(m, place), m.id) for _, held in parts for place, m in enumerate(held)]
    chosen = {milestone_id for _, milestone_id in sorted(ranks)[:_MOST]}
    return [
        _Group(
            context.say("no year") if start is None else periods.name(start),
            tuple(m for m in held if m.id in chosen),
            len(held),
        )
        for start, held in parts
    ]


def _rank(milestone: Milestone, place: int) -> tuple[int, int]:
    """Smaller for what is told sooner: its weight, then its place in its period."""
    return list(Weight).index(milestone.weight), place


def _columns(sheet: Sheet, context: Context, periods: Periods, groups: Sequence[_Group]) -> _Columns:
    names = [group.name for group in groups]
    left = max(sheet.width(name, HEADING) for name in names)
    left = max(left, *(sheet.width(_counted(context, group), SMALL) for group in groups))
    dates = [_date(context, periods, m.date) for group in groups for m in group.told]
    mark = MARGIN + left + _COLUMN_GAP
    date = mark + _SQUARE + _BEFORE_DATE
    return _Columns(mark, date, date + max(sheet.width(d, SMALL) for d in dates) + _COLUMN_GAP)


def _counted(context: Context, group: _Group) -> str:
    return context.say_count("%(count)s event", "%(count)s events", group.count)


def _date(context: Context, periods: Periods, when: PartialDate) -> str:
    """A date without the year that its group names; the year, when nothing else is known."""
    if when.month is None or periods.span > 1:
        return word_date_briefly(when, context.language)
    month = month_name(when.month, context.language)
    if context.language is Language.ZH:
        return f"{month}{when.day}日" if when.day else month
    return f"{when.day} {month[:3]}" if when.day else month[:3]


def _draw_group(
    sheet: Sheet, context: Context, periods: Periods, group: _Group, columns: _Columns, y: float
) -> float:
    lowest = sheet.text(MARGIN, y - 1.5, group.name, HEADING)
    if group.count > 1:
        lowest = sheet.text(MARGIN, lowest - 2, _counted(context, group), SMALL, sheet.palette.soft)
    told = 0
    for milestone in group.told:
        if y > LOWEST:
            break
        told += 1
        sheet.fill(Box(columns.mark, y + 4.5, _SQUARE, _SQUARE), sheet.palette.kinds[milestone.kind])
        date = _date(context, periods, milestone.date)
        sheet.text(columns.date, y + 0.8, date, SMALL, sheet.palette.soft)
        y = _draw_title(sheet, context, milestone, columns.title, y) + 2
    if more := group.count - told:
        words = context.say("and %(count)s more", count=more)
        y = sheet.text(columns.title, y, words, SMALL, sheet.palette.soft)
    return max(y, lowest)


def _draw_title(sheet: Sheet, context: Context, milestone: Milestone, x: float, y: float) -> float:
    """The title, and behind it the kind in its colour, in the last line or below."""
    kind = kind_names(context.say)[milestone.kind.value]
    lines = sheet.fold(context.read(milestone.short_title), BODY, WIDTH - MARGIN - x, _TITLE_LINES)
    for line in lines:
        last, y = y, sheet.text(x, y, line, BODY)
    end = x + sheet.width(lines[-1], BODY) + 6
    if end + sheet.width(kind, SMALL_STRONG) <= WIDTH - MARGIN:
        sheet.text(end, last + 0.8, kind, SMALL_STRONG, sheet.palette.kinds[milestone.kind])
        return y
    return sheet.text(x, y, kind, SMALL_STRONG, sheet.palette.kinds[milestone.kind])


def draw_told(sheet: Sheet, context: Context, milestones: Sequence[Milestone], y: float) -> float:
    """A few milestones with their dates, full titles and summaries; where the next part begins."""
    for milestone in milestones:
        color = sheet.palette.kinds[milestone.kind]
        sheet.fill(Box(MARGIN, y + 4.5, _SQUARE, _SQUARE), color)
        x = MARGIN + _SQUARE + _BEFORE_DATE
        kind = kind_names(context.say)[milestone.kind.value]
        date = context.date(milestone.date)
        sheet.text(x, y, date, SMALL_STRONG, color)
        end = x + sheet.width(f"{date}  ", SMALL_STRONG)
        y = sheet.text(end, y, kind, SMALL, color)
        box = Box(x, y, WIDTH - MARGIN - x, 0)
        y = sheet.paragraph(box, context.read(milestone.title), HEADING, limit=_TITLE_LINES)
        below = Box(x, y, box.width, 0)
        summary = context.read(milestone.summary)
        y = sheet.paragraph(below, summary, BODY, sheet.palette.soft, _SUMMARY_LINES) + GAP * 0.7
    return y


def are_few(milestones: Sequence[Milestone]) -> bool:
    """Whether there is room for summaries."""
    return len(milestones) <= _FEW
