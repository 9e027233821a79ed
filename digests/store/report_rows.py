"""The rows that a report comes to in the tables that a person can query."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Table

from digests.dates import PartialDate
from digests.report.model import Metric, Milestone, Observation, Report, Sourced
from digests.store.schema.all_tables import report_tables as tables
from digests.text import Text

Row = dict[str, Any]


def rows_of(report: Report) -> Iterator[tuple[Table, list[Row]]]:
    """Every derived table with its rows, parents first."""
    yield tables.reports, [_report(report)]
    yield tables.places, _numbered(_place_rows(report))
    yield tables.milestones, _numbered(_milestone(milestone) for milestone in report.milestones)
    yield (
        tables.milestone_places,
        [
            {"milestone": milestone.id, "place": place}
            for milestone in report.milestones
            for place in dict.fromkeys(milestone.places)
        ],
    )
    yield tables.metrics, _numbered(_metric(metric) for metric in report.metrics)
    yield (
        tables.observations,
        _numbered(
            _observation(metric, observation)
            for metric in report.metrics
            for observation in metric.observations
        ),
    )
    yield from _designation_rows(report)
    yield from _argument_rows(report)
    yield from _list_rows(report)
    yield tables.evidence, [row for fact in _facts(report) for row in _evidence(fact)]


def _numbered(rows: Iterable[Row]) -> list[Row]:
    return [{**row, "position": position} for position, row in enumerate(rows)]


def _both(name: str, text: Text | None) -> Row:
    return {f"{name}_zh": text and text.zh, f"{name}_en": text and text.en}


def _date(date: PartialDate | None) -> str | None:
    return None if date is None else str(date)


def _report(report: Report) -> Row:
    publication = report.publication
    return {
        "id": report.id,
        "revision": report.revision,
        **_both("name", report.name),
        **_both("title", publication.title),
        "published": str(publication.published),
    }


def _place_rows(report: Report) -> Iterator[Row]:
    for place in report.places:
        yield {"id": place.id, "level": place.level.value, **_both("name", place.name)}


def _milestone(milestone: Milestone) -> Row:
    return {
        "id": milestone.id,
        "date": str(milestone.date),
        "year": milestone.date.year,
        "month": milestone.date.month,
        "day": milestone.date.day,
        "origin": milestone.origin.value,
        "kind": milestone.kind.value,
        **_both("title", milestone.title),
        **_both("summary", milestone.summary),
    }


def _metric(metric: Metric) -> Row:
    return {
        "id": metric.id,
        "subject": metric.subject,
        "kind": metric.kind.value,
        "place": metric.place,
        **_both("name", metric.name),
    }


def _observation(metric: Metric, observation: Observation) -> Row:
    quantity, period = observation.quantity, observation.period
    return {
        "id": observation.id,
        "metric": metric.id,
        "printed": quantity.printed,
        "value": quantity.value,
        "upper": quantity.upper,
        "number": float(quantity.number),
        "unit": quantity.unit,
        "qualifier": quantity.qualifier and quantity.qualifier.value,
        "period_basis": period.basis.value,
        "period_start": _date(period.start),
        "period_end": _date(period.end),
        "place": observation.place or metric.place,
        **_both("label", observation.label),
    }


def _designation_rows(report: Report) -> Iterator[tuple[Table, list[Row]]]:
    yield (
        tables.designation_kinds,
        _numbered({"id": kind.id, **_both("name", kind.name)} for kind in report.designation_kinds),
    )
    yield (
        tables.designations,
        _numbered(
            {"id": held.id, "kind": held.kind, "place": held.place, "since": _date(held.since)}
            for held in report.designations
        ),
    )


def _argument_rows(report: Report) -> Iterator[tuple[Table, list[Row]]]:
    yield (
        tables.themes,
        _numbered(
            {
                "id": theme.id,
                "part": theme.part.value,
                **_both("title", theme.title),
                **_both("summary", theme.summary),
            }
            for theme in report.themes
        ),
    )
    yield (
        tables.theme_points,
        _numbered(
            {"id": point.id, "theme": theme.id, **_both("title", point.title), **_both("text", point.text)}
            for theme in report.themes
            for point in theme.points
        ),
    )


def _list_rows(report: Report) -> Iterator[tuple[Table, list[Row]]]:
    yield (
        tables.entry_lists,
        _numbered({"id": list_.id, **_both("title", list_.title)} for list_ in report.lists),
    )
    yield (
        tables.entries,
        _numbered(
            {"id": entry.id, "list": list_.id, **_both("name", entry.name)}
            for list_ in report.lists
            for entry in list_.entries
        ),
    )


def _facts(report: Report) -> Iterator[Sourced]:
    yield from report.milestones
    yield from report.designations
    for metric in report.metrics:
        yield from metric.observations
    for theme in report.themes:
        yield theme
        yield from theme.points
    for list_ in report.lists:
        yield from list_.entries


def _evidence(fact: Sourced) -> list[Row]:
    return _numbered(
        {
            "fact": fact.id,
            "section": source.section,
            "figure": source.figure,
            "footnote": source.footnote,
            "text": evidence.text,
            "occurrence": evidence.occurrence,
        }
        for source in (fact.source, *fact.also)
        for evidence in source.evidence
    )
