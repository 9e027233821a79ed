"""Figures as rows: those that a report prints, and those that follow from them."""

from __future__ import annotations

from collections.abc import Iterator

from digests.composing.doubts import doubts_about
from digests.export.facts import Row, both, identity, where
from digests.queries import all_shares, place_of, recomputed
from digests.report.audit import Finding
from digests.report.library import Library
from digests.report.model import Observation, Report


def figure_row(library: Library, observation: Observation) -> Row:
    """A printed figure with all that qualifies it."""
    report, metric = library.report_of(observation.id), library.metric_of(observation.id)
    quantity, doubts = observation.quantity, doubts_about(library, observation.id)
    return {
        **identity(report, observation.id),
        "metric": metric.id,
        **both("metric_name", metric.name),
        **both("label", observation.label),
        "subject": metric.subject,
        "kind": metric.kind.value,
        "printed": quantity.printed,
        "value": quantity.number,
        "upper": None if quantity.upper is None else type(quantity.number)(quantity.upper),
        **_unit(library, quantity.unit),
        "qualifier": quantity.qualifier.value if quantity.qualifier else None,
        **_circumstances(library, observation),
        **both("attribution", observation.attribution),
        **both("note", observation.note or metric.note),
        "doubt": doubts[0].verdict.value if doubts else None,
        "computed": False,
        "computed_from": None,
        **where(report, observation.source, observation.also),
    }


def computed_rows(library: Library) -> Iterator[Row]:
    """What follows from printed figures: the amounts of shares, and statements recomputed."""
    for share in all_shares(library):
        report, observation = library.report_of(share.observation.id), share.observation
        yield {
            **identity(report, f"{observation.id}-amount"),
            **both("metric_name", library.metric_of(share.total.id).name),
            **both("label", observation.label),
            "kind": library.metric_of(share.total.id).kind.value,
            "value": share.amount,
            **_unit(library, share.total.quantity.unit),
            **_circumstances(library, observation),
            "computed": True,
            "computed_from": f"{observation.id};{share.total.id}",
        }
    for part in recomputed(library):
        for finding in part.findings:
            if finding.recomputed is not None:
                yield _recomputed_row(library, part.report, finding)


def _recomputed_row(library: Library, report: Report, finding: Finding) -> Row:
    """A statement anew; its unit and time are those of what is stated, else of the first input."""
    rule = finding.rule
    like = finding.stated or library.observation(rule.inputs[0])
    return {
        **identity(report, f"{rule.id}-recomputed"),
        **both("metric_name", rule.title),
        "kind": library.metric_of(like.id).kind.value,
        "value": finding.recomputed,
        **_unit(library, like.quantity.unit),
        **_circumstances(library, like),
        **both("note", rule.explanation),
        "computed": True,
        "computed_from": ";".join(rule.inputs or filter(None, (rule.designation, rule.entry_list))),
    }


def _unit(library: Library, unit_id: str) -> Row:
    return {"unit": unit_id, **both("unit_name", library.unit(unit_id).name)}


def _circumstances(library: Library, observation: Observation) -> Row:
    """Time and place."""
    period, place = observation.period, library.place(place_of(library, observation))
    return {
        "period_basis": period.basis.value,
        "period_start": str(period.start) if period.start else None,
        "period_end": str(period.end) if period.end else None,
        "place": place.id,
        **both("place_name", place.name),
    }
