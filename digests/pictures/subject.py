"""The figures of one subject: shares of a whole, bars that can be compared, and numbers that cannot."""

from __future__ import annotations

from decimal import Decimal

from digests import queries
from digests.pages.figures import figure_title
from digests.pictures.context import Context
from digests.pictures.frame import INNER, foot, head
from digests.pictures.sheet import Sheet
from digests.pictures.style import BODY, GAP, HEADING, MARGIN, SMALL, TITLE, WIDTH
from digests.pictures.wholes import Whole, draw_whole, whole_of
from digests.report.model import Metric, MetricKind, Observation

_BAR, _NUMBERS_A_ROW = 15.0, 2
#: Ranks have no length, and counts of unlike things cannot be compared.
_NOT_BARS = (MetricKind.RANK, MetricKind.COUNT)


def draw_subject(context: Context, subject_id: str) -> bytes:
    """Every figure of a subject, metric by metric.

    Raises:
        LookupError: there is no such subject, or it has no figures.
    """
    found = queries.find_subject(context.library, subject_id)
    if found is None or not found[1]:
        raise LookupError(subject_id)
    subject, metrics = found
    figures = [observation for metric in metrics for observation in metric.observations]
    sheet = Sheet(context.palette, context.language)
    y = head(sheet, context, context.read(subject.name), _counted(context, figures))
    lone: list[Observation] = []
    for metric in metrics:
        whole = whole_of(context, metric)
        if whole is None and not _comparable(metric):
            lone += metric.observations
            continue
        y = _panel(sheet, context, metric, whole, y) + GAP
    y = _numbers(sheet, context, lone, y)
    return foot(sheet, context, y - GAP, figures)


def _counted(context: Context, figures: list[Observation]) -> str:
    return context.say("%(count)s figures, as printed", count=len(figures))


def _comparable(metric: Metric) -> bool:
    """Whether bars from zero would tell the truth: several plain numbers of one unit."""
    quantities = [observation.quantity for observation in metric.observations]
    return (
        len(quantities) > 1
        and len({quantity.unit for quantity in quantities}) == 1
        and not any(quantity.upper for quantity in quantities)
        and metric.kind not in _NOT_BARS
    )


def _panel(sheet: Sheet, context: Context, metric: Metric, whole: Whole | None, y: float) -> float:
    y = sheet.paragraph(MARGIN, y, context.read(metric.name), HEADING, INNER, strong=True) + 3
    y = draw_whole(sheet, context, whole, y) if whole else _bars(sheet, context, metric, y)
    if metric.note is None:
        return y
    return sheet.paragraph(MARGIN, y, f"* {context.read(metric.note)}", SMALL, INNER, sheet.palette.soft)


def _bars(sheet: Sheet, context: Context, metric: Metric, y: float) -> float:
    largest = max(observation.quantity.number for observation in metric.observations)
    for observation in metric.observations:
        y = sheet.paragraph(MARGIN, y, _apart(context, metric, observation), SMALL, INNER, sheet.palette.soft)
        y = _bar(sheet, context, observation, largest, y + 1)
    return y


def _apart(context: Context, metric: Metric, observation: Observation) -> str:
    """What sets a figure apart in its metric: its label, its place or its time."""
    parts = []
    if observation.label:
        parts.append(context.read(observation.label))
    elif observation.place and observation.place != metric.place:
        parts.append(context.read(context.library.place(observation.place).name))
    parts.append(context.when(observation))
    return context.row(dict.fromkeys(parts))


def _bar(sheet: Sheet, context: Context, observation: Observation, largest: Decimal, y: float) -> float:
    value = context.quantity(observation)
    room = INNER - sheet.width(value, BODY) * 1.06 - 8
    length = max(room * float(observation.quantity.number / largest), 0.8)
    sheet.box(MARGIN, y, length, _BAR, sheet.palette.series[0])
    sheet.text(MARGIN + length + 6, y, value, BODY, strong=True)
    return y + _BAR + 5


def _numbers(sheet: Sheet, context: Context, observations: list[Observation], y: float) -> float:
    """Numbers that stand alone, two a row."""
    width = (INNER - GAP) / _NUMBERS_A_ROW
    values = [sheet.width(context.quantity(observation), TITLE) * 1.05 for observation in observations]
    size = min(TITLE, TITLE * width / max(values, default=width))
    for start in range(0, len(observations), _NUMBERS_A_ROW):
        row = observations[start : start + _NUMBERS_A_ROW]
        ends = [
            _number(sheet, context, observation, MARGIN + place * (width + GAP), y, width, size)
            for place, observation in enumerate(row)
        ]
        y = max(ends) + GAP
    return y


def _number(
    sheet: Sheet, context: Context, observation: Observation, x: float, y: float, width: float, size: float
) -> float:
    value = context.quantity(observation)
    sheet.line([(x, y), (min(x + width, WIDTH), y)], sheet.palette.line)
    y = sheet.text(x, y + 4, value, size, sheet.palette.series[0], strong=True)
    words = [figure_title(context.library, observation, context.language), context.when(observation)]
    text = context.row(words)
    return sheet.paragraph(x, y, text, SMALL, width, sheet.palette.soft)
