"""What each fact of a report is found by."""

from __future__ import annotations

from collections.abc import Iterator

from digests.report.model import Entry, Metric, Milestone, Observation, Place, Report, Sourced, Theme, Weight
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
    Names,
    both,
)
from digests.report.search.hits import HitKind
from digests.text import Language

#: What the editor's ranks count.
_RANKS = {Weight.HEADLINE: 1.02, Weight.NORMAL: 1.0, Weight.BACKGROUND: 0.98}


def documents(report: Report) -> Iterator[Document]:
    """Every fact of a report, in the report's order."""
    names = Names(report)
    yield from (_place(place, report) for place in report.places)
    yield from (_milestone(milestone, names) for milestone in report.milestones)
    for metric in report.metrics:
        yield from _figures(metric, names)
    for theme in report.themes:
        yield from _theme(theme, names)
    yield from _lists(report, names)
    yield from _designation_kinds(report, names)
    yield from _sections(report)
    yield from _publication(report)
    yield from _doubts(report)


def _evidence(fact: Sourced) -> str:
    places = (fact.source, *fact.also)
    return " | ".join(evidence.text for source in places for evidence in source.evidence)


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
        (BODY, both(milestone.summary)),
        (ALIAS, names.granted.get(milestone.id, "")),
        (LINK, names.linked((*milestone.places, *milestone.entries))),
        (EVIDENCE, _evidence(milestone)),
    )
    kind = str(milestone.kind)
    return Document(
        HitKind.MILESTONE,
        milestone.id,
        fields,
        facets=((f"event:{kind}", 0.8),),
        answers=frozenset({"event"}),
        dates=(milestone.date, milestone.date),
        places=frozenset(milestone.places),
        weight=1.03 * _RANKS[milestone.weight],
    )


def _figures(metric: Metric, names: Names) -> Iterator[Document]:
    newest = max((_age(figure) for figure in metric.observations), default=0)
    labels = {figure.id: both(figure.label) for figure in metric.observations}
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
            (EVIDENCE, _evidence(figure)),
            (CONTEXT, names.subjects.get(metric.subject, "")),
        )
        ends = [end for end in (figure.period.start, figure.period.end) if end]
        yield Document(
            HitKind.OBSERVATION,
            figure.id,
            fields,
            facets=((f"metric:{metric.kind}", 1.0),),
            answers=frozenset({"figure", str(metric.kind)}),
            dates=(ends[0], ends[-1]) if ends else (),
            places=frozenset({place}),
            weight=(1.05 if _age(figure) == newest else 1.0) * _RANKS[figure.weight],
            is_sum=figure.id in names.sums or _lists_others(labels[figure.id], names.labels),
        )


def _lists_others(label: str, labels: frozenset[str]) -> bool:
    """Whether a label names several things that have figures of their own."""
    return sum(other in label for other in labels if other != label) > 1


def _age(figure: Observation) -> int:
    """The year that a figure is told of; one without a time is told of the report's own day."""
    end = figure.period.end or figure.period.start
    return 9999 if end is None or end.year is None else end.year


def _theme(theme: Theme, names: Names) -> Iterator[Document]:
    part = str(theme.part)
    title = both(theme.title)
    heading = names.sections.get(theme.source.section, "")
    fields = (
        (NAME, title),
        (ALIAS, f"{heading} | {names.headings.get(theme.source.section, '')}"),
        (BODY, both(theme.summary)),
        (CONTEXT, both(*(point.title for point in theme.points))),
        (EVIDENCE, _evidence(theme)),
    )
    facets, sorts = ((f"part:{part}", 1.0),), frozenset({"theme", part})
    yield Document(
        HitKind.THEME,
        theme.id,
        fields,
        facets=facets,
        answers=sorts,
        places=frozenset(theme.places),
        weight=0.98,
    )
    for point in theme.points:
        fields = (
            (NAME, both(point.title)),
            (BODY, both(point.text)),
            (LINK, title),
            (EVIDENCE, _evidence(point)),
            (CONTEXT, names.linked(point.entries)),
        )
        facets, sorts = ((f"part:{part}", 0.9),), frozenset({"point", part})
        yield Document(
            HitKind.POINT,
            point.id,
            fields,
            facets=facets,
            answers=sorts,
            places=frozenset(point.places),
            weight=0.95,
        )


def _lists(report: Report, names: Names) -> Iterator[Document]:
    for entries in report.lists:
        members = names.linked(entry.id for entry in entries.entries)
        fields = ((NAME, both(entries.title)), (BODY, both(entries.note)), (CONTEXT, members))
        yield Document(HitKind.LIST, entries.id, fields, answers=frozenset({"list"}))
        yield from (_entry(entry, both(entries.title), names) for entry in entries.entries)


def _entry(entry: Entry, title: str, names: Names) -> Document:
    fields = (
        (NAME, both(entry.name)),
        (LINK, both(entry.note)),
        (LINK, names.linked(entry.places)),
        (LINK, title),
        (EVIDENCE, _evidence(entry)),
    )
    places = frozenset(entry.places)
    return Document(HitKind.ENTRY, entry.id, fields, answers=frozenset({"entry"}), places=places)


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
            weight=0.95,
        )


def _sections(report: Report) -> Iterator[Document]:
    """The sections that no theme tells: a theme is found by its section's heading."""
    told = {theme.source.section for theme in report.themes}
    parts = {section.parent for section in report.sections}
    for section in report.sections:
        if section.id not in told | parts:
            fields = ((NAME, both(section.title)), (ALIAS, section.heading))
            yield Document(HitKind.SECTION, section.id, fields)


def _publication(report: Report) -> Iterator[Document]:
    work = report.publication
    people = {"author": work.authors, "editor": (work.editor,) if work.editor else ()}
    said: dict[str, str] = {
        part: both(*(text for person in persons for text in (person.name, person.role)))
        for part, persons in people.items()
    }
    said |= {
        "journal": both(work.journal, work.issue, work.running_number),
        "published": f"{work.published} | {both(work.issue)}",
        "publisher": both(work.publisher),
        "contact": " | ".join(
            filter(None, (both(work.address), work.postcode, work.telephone, work.email, work.site))
        ),
        "distribution": both(work.distribution),
        "summary": both(work.title, report.name),
    }
    further = {"summary": both(work.summary)}
    named = ("author", "editor", "journal", "publisher", "summary")
    for part, text in said.items():
        if text:
            yield Document(
                HitKind.PUBLICATION,
                part,
                (
                    (ALIAS if part in named else BODY, text),
                    (BODY, further.get(part, "")),
                    (CONTEXT, both(work.title, work.publisher)),
                ),
                facets=((f"publication:{part}", 1.0), ("publication:itself", LINK)),
                answers=frozenset({"publication", part}),
            )


def _doubts(report: Report) -> Iterator[Document]:
    for rule in report.audit:
        fields = ((NAME, both(rule.title)), (BODY, both(rule.explanation)))
        facets, sorts = (("doubt:any", 1.0),), frozenset({"audit"})
        yield Document(HitKind.AUDIT, rule.id, fields, facets=facets, answers=sorts, weight=0.55)
