"""The figures of one subject: shares of a whole, bars that can be compared, and numbers that cannot."""

from __future__ import annotations

from digests import queries
from digests.pictures.charts.comparison import draw_comparison, is_comparable
from digests.pictures.charts.figures import full_name, marks_of, marks_of_metric, note_times
from digests.pictures.charts.numbers import Number, draw_numbers
from digests.pictures.context import Context
from digests.pictures.layout.frame import foot, head, inner
from digests.pictures.layout.notes import Notes
from digests.pictures.layout.sheet import Sheet
from digests.pictures.style import GAP, HEADING, LOWEST, SMALL
from digests.report.model import Metric, Observation

#: No panel begins below, for it may be high.
_LOWEST_PANEL = LOWEST * 0.4


def draw_subject(context: Context, subject_id: str) -> Sheet:
    """Every figure of a subject, metric by metric; what is too much for one picture is counted.

    Raises:
        LookupError: there is no such subject, or it has no figures.
    """
    found = queries.find_subject(context.library, subject_id)
    if found is None or not found[1]:
        raise LookupError(subject_id)
    subject, metrics = found
    figures = [observation for metric in metrics for observation in metric.observations]
    sheet, notes = Sheet(context.theme, context.language), Notes()
    counted = context.say_count("%(count)s figure, as printed", "%(count)s figures, as printed", len(figures))
    y = head(sheet, context, context.read(subject.name), counted)
    y, shown = _panels(sheet, context, notes, metrics, y)
    lone = [o for metric in metrics if not is_comparable(context, metric) for o in metric.observations]
    y, count = draw_numbers(sheet, [_number(context, notes, observation) for observation in lone], y)
    lone = lone[:count]
    if left := len(figures) - len(shown) - len(lone):
        words = context.say("%(count)s more, not shown", count=left)
        y = sheet.paragraph(inner(y), words, SMALL, sheet.palette.soft)
    y = notes.draw(sheet, y)
    for line in note_times(context, [*shown, *lone]):
        y = sheet.paragraph(inner(y), line, SMALL, sheet.palette.soft)
    return foot(sheet, context, y - GAP / 2, [*shown, *lone])


def _panels(
    sheet: Sheet, context: Context, notes: Notes, metrics: tuple[Metric, ...], y: float
) -> tuple[float, list[Observation]]:
    """The metrics that can be compared; where the next part begins, and the figures they show."""
    shown: list[Observation] = []
    for metric in metrics:
        if is_comparable(context, metric) and y < _LOWEST_PANEL:
            y = (
                sheet.paragraph(
                    inner(y), context.read(metric.name) + marks_of_metric(context, notes, metric), HEADING
                )
                + 2
            )
            y = draw_comparison(sheet, context, notes, metric, y) + GAP / 2
            shown += metric.observations
    return y, shown


def _number(context: Context, notes: Notes, observation: Observation) -> Number:
    name = full_name(context, observation) + marks_of(context, notes, observation)
    parts = (name, context.when_briefly(observation))
    return Number(context.quantity(observation), tuple(part for part in parts if part))
