"""The timeline: every milestone on one strip, by its kind, as exactly as its date is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from digests import queries
from digests.dates import PartialDate, Precision
from digests.pages.formatting import month_name, word_date_briefly
from digests.pages.kinds import kind_names
from digests.pictures.context import Context
from digests.pictures.frame import foot, head
from digests.pictures.placing import placed
from digests.pictures.sheet import Sheet
from digests.pictures.strip import Scale, years_of
from digests.pictures.style import LEADING, MARGIN, SMALL, TINY, WIDTH
from digests.report.model import Milestone, MilestoneKind
from digests.text import Language

_AXIS, _LANE, _MARK, _GUTTER = 28.0, 7.4, 5.2, 22.0
_TEXT = 9.4
_LINE = _TEXT * 1.34
#: So much longer than its labels a strip is, that they can lie near their marks.
_SLACK = 1.12
_BETWEEN_LABELS, _STACKED = 4.5, 1.12
_MONTHS = range(1, 13)
#: So few milestones are told with their summaries.
_FEW = 9


@dataclass(frozen=True, slots=True)
class _Label:
    """A milestone in words, folded."""

    milestone: Milestone
    date: str
    title: tuple[str, ...]  # the first line begins with the date
    summary: tuple[str, ...]

    @property
    def height(self) -> float:
        return len(self.title) * _LINE + len(self.summary) * SMALL * LEADING + _BETWEEN_LABELS


def draw_timeline(context: Context, wanted: str = "") -> bytes:
    """The milestones that *wanted* chooses (a year, years, a place; all when empty), downwards in time.

    Raises:
        LookupError: it chooses none.
    """
    found = queries.timeline(context.library, wanted)
    years = years_of(found.milestones)
    if years is None:
        raise LookupError(wanted)
    sheet = Sheet(context.palette, context.language)
    y = head(sheet, context, _title(context, found), _legend(context, found))
    lanes = [kind for kind in MilestoneKind if any(m.kind is kind for m in found.milestones)]
    y = _lane_names(sheet, context, lanes, y)
    labels = _labels(sheet, context, found.milestones, len(lanes))
    height = sum(label.height for label in labels) * _SLACK
    scale = Scale(*years, start=y, length=height)
    end = y + height
    _draw_axis(sheet, context, scale, len(lanes))
    end = max(end, _draw_labels(sheet, labels, scale, lanes))
    return foot(sheet, context, end, found.milestones)


def _title(context: Context, found: queries.Timeline) -> str:
    if found.range:
        return f"{context.say('Timeline')} · {found.range}"
    if found.place:
        return f"{context.say('Timeline')} · {context.read(found.place.name)}"
    return context.say("Timeline")


def _legend(context: Context, found: queries.Timeline) -> str:
    return context.say(
        "%(count)s milestones, dated as in the report: ●\u00a0day ■\u00a0month □\u00a0year\u00a0only",
        count=len(found.milestones),
    )


def _color(sheet: Sheet, lane: int) -> str:
    series = sheet.palette.series
    return series[lane % len(series)]


def _lane_x(lane: int) -> float:
    return MARGIN + _AXIS + (lane + 0.5) * _LANE


def _lane_names(sheet: Sheet, context: Context, lanes: list[MilestoneKind], y: float) -> float:
    """The kinds over their lanes, downwards in Chinese and upwards in English; where the strip begins."""
    names = [kind_names(context.say)[kind.value] for kind in lanes]
    if context.language is Language.ZH:
        end = y + max(len(name) for name in names) * TINY * _STACKED
        for lane, name in enumerate(names):
            for row, character in enumerate(name):
                at = y + row * TINY * _STACKED
                sheet.text(_lane_x(lane), at, character, TINY, _color(sheet, lane), align="center")
        return end + 5
    end = y + max(sheet.width(name, TINY) for name in names)
    for lane, name in enumerate(names):
        sheet.upright(_lane_x(lane), end, name, TINY, _color(sheet, lane))
    return end + 5


def _labels(sheet: Sheet, context: Context, milestones: tuple[Milestone, ...], lanes: int) -> list[_Label]:
    width = WIDTH - MARGIN - _labels_x(lanes)
    labels = []
    for milestone in milestones:
        when = word_date_briefly(milestone.date, context.language)
        title = sheet.fold(f"{when}  {context.read(milestone.title)}", _TEXT, width)
        few = len(milestones) <= _FEW
        summary = sheet.fold(context.read(milestone.summary), SMALL, width) if few else []
        labels.append(_Label(milestone, when, tuple(title), tuple(summary)))
    return labels


def _labels_x(lanes: int) -> float:
    return MARGIN + _AXIS + lanes * _LANE + _GUTTER


def _draw_axis(sheet: Sheet, context: Context, scale: Scale, lanes: int) -> None:
    left, right = MARGIN + _AXIS, MARGIN + _AXIS + lanes * _LANE
    sheet.box(left, scale.start, lanes * _LANE, scale.length, sheet.palette.panel, behind=True)
    is_one_year = scale.first == scale.last
    ticks = (
        [(scale.first, month) for month in _MONTHS]
        if is_one_year
        else [(year, 1) for year in range(scale.first, scale.last + 1)]
    )
    for year, month in ticks:
        y = scale.at(date(year, month, 1))
        sheet.line([(left - 4, y), (right, y)], sheet.palette.line)
        text = month_name(month, context.language)[:3] if is_one_year else str(year)
        sheet.text(left - 6, y + 1, text, SMALL, sheet.palette.soft, align="right")


def _draw_labels(sheet: Sheet, labels: list[_Label], scale: Scale, lanes: list[MilestoneKind]) -> float:
    """Marks, labels and the lines between them; where the lowest label ends."""
    marks = [_mark_of(scale, label.milestone.date) for label in labels]
    middles = placed(marks, [label.height for label in labels], scale.start, scale.length)
    for label, mark, middle in zip(labels, marks, middles, strict=True):
        lane = lanes.index(label.milestone.kind)
        top = middle - label.height / 2
        _draw_mark(sheet, scale, label.milestone, lane)
        if label.milestone.date.year:
            _lead(sheet, lane, mark, top + _TEXT * 0.7, len(lanes))
        _draw_label(sheet, label, _labels_x(len(lanes)), top, _color(sheet, lane))
    return middles[-1] + labels[-1].height / 2


def _mark_of(scale: Scale, when: PartialDate) -> float:
    """Where the line to a label begins: the middle of its mark, the top of a year's."""
    span = scale.span(when)
    if when.precision is Precision.YEAR and span:
        return span[0] + _MARK
    return scale.middle(when)


def _draw_mark(sheet: Sheet, scale: Scale, milestone: Milestone, lane: int) -> None:
    """A point for a day, a filled span for a month, an outlined one for a year."""
    span, x, color = scale.span(milestone.date), _lane_x(lane), _color(sheet, lane)
    if span is None:
        return
    if milestone.date.precision is Precision.DAY:
        sheet.dot(x, (span[0] + span[1]) / 2, _MARK / 2, color)
        return
    is_month = milestone.date.precision is Precision.MONTH
    fill, edge = (color, None) if is_month else (None, color)
    inset = 0.0 if is_month else 1.5
    sheet.box(x - _MARK / 2, span[0] + inset, _MARK, span[1] - span[0] - 2 * inset, fill, edge=edge, radius=1)


def _lead(sheet: Sheet, lane: int, mark: float, label: float, lanes: int) -> None:
    right = _labels_x(lanes) - _GUTTER
    points = [
        (_lane_x(lane) + _MARK / 2, mark),
        (right + 2, mark),
        (right + _GUTTER - 6, label),
        (right + _GUTTER - 3, label),
    ]
    sheet.line(points, sheet.palette.quiet, 0.5)


def _draw_label(sheet: Sheet, label: _Label, x: float, y: float, color: str) -> None:
    sheet.text(x, y, label.date, _TEXT, color, strong=True)
    first, *rest = label.title
    sheet.text(x + sheet.width(f"{label.date}  ", _TEXT), y, first.removeprefix(label.date).strip(), _TEXT)
    y += _LINE
    for line in rest:
        sheet.text(x, y, line, _TEXT)
        y += _LINE
    for line in label.summary:
        y = sheet.text(x, y, line, SMALL, sheet.palette.soft)
