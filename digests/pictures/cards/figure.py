"""The card of one figure: what is measured, the figure, its time and place, and what to compare it with."""

from __future__ import annotations

from digests.pictures.charts.comparison import draw_comparison, is_comparable
from digests.pictures.charts.figures import full_name, marks_of, note_times
from digests.pictures.context import Context
from digests.pictures.layout.frame import foot, head_line, inner, report_names
from digests.pictures.layout.notes import Notes
from digests.pictures.layout.sheet import Sheet
from digests.pictures.style import BODY, GAP, HEADING, HERO, INNER, MARGIN, SMALL, SMALL_STRONG, TITLE
from digests.report.model import Observation

_TITLE_LINES = 5


def draw_figure(context: Context, observation_id: str) -> Sheet:
    """A figure's card.

    Raises:
        UnknownFact: there is none of that id.
    """
    return figure_card(context, context.library.observation(observation_id), report_names(context))


def figure_card(context: Context, observation: Observation, belongs_to: list[str]) -> Sheet:
    """A figure's card under a line that says what it belongs to."""
    sheet, notes = Sheet(context.theme, context.language), Notes()
    y = head_line(sheet, belongs_to) + 7
    title = full_name(context, observation) + marks_of(context, notes, observation)
    y = sheet.paragraph(inner(y), title, HEADING, limit=_TITLE_LINES)
    value = context.quantity(observation)
    face = sheet.fitted(value, HERO, INNER)
    face = face if face.size >= TITLE.size else TITLE
    y = sheet.paragraph(inner(y + 2), value, face, sheet.palette.accent, 3) + 2
    circumstances = context.row((context.scope(observation), context.when(observation)))
    y = sheet.paragraph(inner(y), circumstances, BODY, sheet.palette.soft)
    y, compared = _comparison(sheet, context, notes, observation, y + GAP)
    y = notes.draw(sheet, y)
    for line in note_times(context, compared or [observation]):
        y = sheet.paragraph(inner(y), line, SMALL, sheet.palette.soft)
    return foot(sheet, context, y - GAP / 2, [observation, *compared])


def _comparison(
    sheet: Sheet, context: Context, notes: Notes, observation: Observation, y: float
) -> tuple[float, list[Observation]]:
    """The other figures of its metric, when they can be compared; where it ends, and what it shows."""
    metric = context.library.metric_of(observation.id)
    if len(metric.observations) == 1 or not is_comparable(context, metric):
        return y, []
    heading = context.say("In comparison")
    y = sheet.text(MARGIN, y, heading, SMALL_STRONG, sheet.palette.soft) + 2
    return draw_comparison(sheet, context, notes, metric, y, observation.id), list(metric.observations)
