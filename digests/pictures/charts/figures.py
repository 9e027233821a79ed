"""Figures in words: what sets each apart, when it was, and the marks of what is to be said of it."""

from __future__ import annotations

from digests import queries
from digests.pages.figures import IMPLIED
from digests.pictures.context import Context
from digests.pictures.layout.notes import Notes
from digests.report.model import AuditKind, Metric, Observation, PeriodBasis
from digests.text import Text


def name_in_metric(context: Context, metric: Metric, observation: Observation) -> str:
    """What sets a figure apart in its metric: its label, or its place; empty when only its time does."""
    if observation.label:
        return context.read(observation.label)
    place = observation.place
    return context.scope(observation) if place and place != metric.place else ""


def full_name(context: Context, observation: Observation) -> str:
    """What a figure measures, with what sets it apart."""
    name = context.read(context.library.metric_of(observation.id).name)
    return f"{name}{context.say(': ')}{context.read(observation.label)}" if observation.label else name


def marks_of(context: Context, notes: Notes, observation: Observation, *, told: bool = False) -> str:
    """The marks of a figure's notes: who says so, its own, its metric's, and what contradicts it.

    Without what :func:`marks_of_metric` marks, when that is *told* above.
    """
    common = _common(context.library.metric_of(observation.id))
    own = [text for text in (observation.attribution, observation.note) if text not in common]
    texts = [*([] if told else common), *own, *_doubts(context, observation)]
    return notes.mark(*(context.read(text) for text in texts if text))


def marks_of_metric(context: Context, notes: Notes, metric: Metric) -> str:
    """The marks of what holds for every figure of a metric."""
    return notes.mark(*(context.read(text) for text in _common(metric)))


def _common(metric: Metric) -> list[Text]:
    """Who says so, when all figures have one origin, and the metric's note."""
    origins = {observation.attribution for observation in metric.observations}
    texts = [*(origins if len(origins) == 1 else ()), metric.note]
    return [text for text in texts if text]


def _doubts(context: Context, observation: Observation) -> list[Text]:
    return [
        finding.rule.title
        for part in queries.recomputed(context.library)
        for finding in part.findings
        if finding.rule.kind is AuditKind.CONTRADICTION
        and observation.id in (finding.rule.stated, *finding.rule.inputs)
    ]


def note_times(context: Context, figures: list[Observation]) -> list[str]:
    """What is to be said once of the times of figures."""
    bases = {figure.period.basis for figure in figures}
    lines = []
    if PeriodBasis.IMPLIED in bases:
        lines.append(f"{IMPLIED} {context.say('the period follows from the context')}")
    if PeriodBasis.NOT_STATED in bases:
        lines.append(context.say("Where no time is given, the report states none."))
    return lines
