"""What each fact of a report is found by."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from digests.report.model import Metric, Milestone, Observation, Place, Report, Weight
from digests.report.search.document import (
    ALIAS,
    BODY,
    CONTEXT,
    EVIDENCE,
    LABEL,
    LINK,
    NAME,
    VALUE,
    Document,
    HitKind,
    Names,
    both,
    evidence_of,
)
from digests.report.search.texts import argument, lists, sections, statements
from digests.text import Language

#: What the editor's ranks count.
_RANKS = {Weight.HEADLINE: 1.08, Weight.NORMAL: 1.0, Weight.BACKGROUND: 0.97}


def documents(report: Report) -> Iterator[Document]:
    """Every fact of a report, in the report's order."""
    names = Names(report)
    yield from (_place(place, report) for place in report.places)
    yield from (_milestone(milestone, names) for milestone in report.milestones)
    for metric in report.metrics:
        yield from _figures(metric, names)
    for theme in report.themes:
        yield from argument(theme, names)
    yield from lists(report, names)
    yield from _designation_kinds(report, names)
    yield from sections(report)
    yield from statements(report)
    yield from _doubts(report)


def _place(place: Place, report: Report) -> Document:
    held = {d.kind for d in report.designations if d.place == place.id}
    statuses = both(*(kind.name for kind in report.designation_kinds if kind.id in held))
    fields = (
        (NAME, both(place.name)),
        (ALIAS, " | ".join(place.keywords)),
        (NAME, both(place.epithet)),
        (CONTEXT, statuses),
    )
    return Document(
        HitKind.PLACE,
        place.id,
        fields,
        facets=((f"level:{place.level}", 0.5),),
        answers=frozenset({"place"}),
        places=frozenset({place.id}),
        weight=1.05,
    )


def _milestone(milestone: Milestone, names: Names) -> Document:
    fields = (
        (NAME, both(milestone.title)),
        (ALIAS, both(milestone.short)),
        (BODY, both(milestone.summary)),
        (ALIAS, names.granted.get(milestone.id, "")),
        (LINK, names.linked((*milestone.places, *milestone.entries))),
        (EVIDENCE, evidence_of(milestone)),
    )
    kind = str(milestone.kind)
    return Document(
        HitKind.MILESTONE,
        milestone.id,
        fields,
        facets=((f"event:{kind}", 0.8), ("event:any", 1.0)),
        answers=frozenset({"event", "actor"} if milestone.entries else {"event"}),
        dates=(milestone.date, milestone.date),
        places=frozenset(milestone.places),
        weight=1.03 * _RANKS[milestone.weight],
    )


def _figures(metric: Metric, names: Names) -> Iterator[Document]:
    newest = max((_age(figure) for figure in metric.observations), default=0)
    labels = {figure.id: both(figure.label) for figure in metric.observations}
    magnitudes = _magnitudes(metric)
    for figure in metric.observations:
        unit = names.units[figure.quantity.unit]
        worded = " | ".join(figure.quantity.word(language, unit) for language in Language)
        place = figure.place or metric.place
        others = " ".join(label for name, label in labels.items() if name != figure.id)
        fields = (
            (NAME, both(metric.name)),
            (LABEL, both(figure.label)),
            (ALIAS, " | ".join(word for word in metric.keywords if word not in others)),
            (VALUE, worded),
            (LINK, f"{names.of.get(place, '')}"),
            (BODY, both(metric.note, figure.note, figure.attribution)),
            (EVIDENCE, evidence_of(figure)),
            (CONTEXT, names.subjects.get(metric.subject, "")),
        )
        ends = [end for end in (figure.period.start, figure.period.end) if end]
        yield Document(
            HitKind.OBSERVATION,
            figure.id,
            fields,
            facets=((f"metric:{metric.kind}", 1.0), (f"level:{names.levels[place]}", 0.5)),
            answers=frozenset({"figure", str(metric.kind)}),
            dates=(ends[0], ends[-1]) if ends else (),
            places=frozenset({place}),
            weight=(1.05 if _age(figure) == newest else 1.0) * _RANKS[figure.weight],
            is_sum=figure.id in names.sums or _lists_others(figure, names.labels),
            magnitude=magnitudes.get(figure.id, 0.0),
        )


def _lists_others(figure: Observation, labels: frozenset[str]) -> bool:
    """Whether a figure's label names several things that have figures of their own."""
    own = figure.label.zh if figure.label else ""
    return sum(other in own for other in labels if other != own) > 1


def _magnitudes(metric: Metric) -> dict[str, float]:
    """Where each figure stands among those of one metric and unit, from -1 (least) to 1."""
    first, *others = sorted(metric.observations, key=lambda figure: Decimal(figure.quantity.value))
    if any(other.quantity.unit != first.quantity.unit for other in others):
        return {}
    return {figure.id: 2 * n / len(others) - 1 for n, figure in enumerate((first, *others)) if others}


def _age(figure: Observation) -> int:
    """The year that a figure is told of; one without a time is told of the report's own day."""
    end = figure.period.end or figure.period.start
    return 9999 if end is None or end.year is None else end.year


def _designation_kinds(report: Report, names: Names) -> Iterator[Document]:
    for kind in report.designation_kinds:
        held = [d.place for d in report.designations if d.kind == kind.id]
        holders = names.linked(held)
        levels = sorted({place.level for place in report.places if place.id in held})
        fields = (
            (NAME, both(kind.name)),
            (ALIAS, both(kind.short)),
            (BODY, both(kind.description)),
            (LINK, holders),
        )
        yield Document(
            HitKind.DESIGNATION_KIND,
            kind.id,
            fields,
            facets=tuple((f"level:{level}", 0.9) for level in levels),
            answers=frozenset({"status"}),
            weight=0.98,
        )


def _doubts(report: Report) -> Iterator[Document]:
    for rule in report.audit:
        fields = ((NAME, both(rule.title)), (BODY, both(rule.explanation)))
        facets, sorts = (("doubt:any", 1.0),), frozenset({"audit"})
        yield Document(HitKind.AUDIT, rule.id, fields, facets=facets, answers=sorts, weight=0.55)
