"""Rules that hold across a whole report: every reference leads somewhere, every quantity fits its print."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from pydantic import BaseModel

from digests.quantities import Quantity
from digests.report.checks.prints import print_fits
from digests.report.checks.walking import Complaint, sources_of, squeeze, walk
from digests.report.model import (
    AuditKind,
    AuditRule,
    Observation,
    Period,
    PeriodBasis,
    Report,
    Sourced,
)
from digests.report.reading import Path_

__all__ = ["Complaint", "check", "sources_of", "squeeze", "walk"]


def check(report: Report) -> Iterator[Complaint]:
    """Everything that is wrong across files."""
    names = _Names(report)
    yield from names.duplicates()
    for path, model in walk(report):
        yield from _references(model, path, names)
        yield from _facts(model, path)
    yield from _documents(report)
    yield from _tiles(report)


class _Names:
    """What each kind of id may refer to."""

    def __init__(self, report: Report) -> None:
        observations = [observation for metric in report.metrics for observation in metric.observations]
        self.known: dict[str, set[str]] = {
            "unit": {unit.id for unit in report.units},
            "place": {place.id for place in report.places},
            "subject": {subject.id for subject in report.subjects},
            "observation": {observation.id for observation in observations},
            "entry": {entry.id for entries in report.lists for entry in entries.entries},
            "entry list": {entries.id for entries in report.lists},
            "milestone": {milestone.id for milestone in report.milestones},
            "designation kind": {kind.id for kind in report.designation_kinds},
            "section": {section.id for section in report.sections},
            "footnote": {str(footnote.number) for footnote in report.footnotes},
            "figure": {str(figure.number) for figure in report.figures},
        }
        self._report = report

    def duplicates(self) -> Iterator[Complaint]:
        seen: dict[str, Path_] = {}
        for path, model in walk(self._report):
            identity = getattr(model, "id", None)
            if (
                identity is None
                or not path
                or path[0] in ("sections", "units", "growth", "shares", "subjects")
            ):
                continue
            if identity in seen:
                yield path, "duplicate-id", f"{identity!r} names two things (the other: {seen[identity][0]})"
            seen.setdefault(identity, path)

    def look_up(self, kind: str, name: object, path: Path_) -> Iterator[Complaint]:
        if name is not None and str(name) not in self.known[kind]:
            near = difflib.get_close_matches(str(name), self.known[kind], 1)
            hint = f": did you mean {near[0]!r}?" if near else ""
            yield path, f"unknown-{kind.replace(' ', '-')}", f"{name!r} is not a {kind}{hint}"


#: Fields that name something, and the kind of thing that they name.
_REFERENCES: dict[str, str] = {
    "section": "section",
    "parent": "section",
    "footnote": "footnote",
    "figure": "figure",
    "unit": "unit",
    "place": "place",
    "places": "place",
    "subject": "subject",
    "milestone": "milestone",
    "entries": "entry",
    "entry_list": "entry list",
    "observations": "observation",
    "stated": "observation",
    "inputs": "observation",
    "parts": "observation",
    "total": "observation",
    "start": "observation",
    "end": "observation",
    "stated_growth": "observation",
    "stated_average_rate": "observation",
    "designation": "designation kind",
}


def _references(model: BaseModel, path: Path_, names: _Names) -> Iterator[Complaint]:
    for name in type(model).model_fields:
        kind = _REFERENCES.get(name)
        value = getattr(model, name)
        if name == "kind" and type(model).__name__ == "Designation":
            kind = "designation kind"
        if kind is None or isinstance(model, Period) or (isinstance(model, Report) and name != "place"):
            continue
        for position, item in enumerate(value if isinstance(value, tuple) else (value,)):
            if isinstance(item, str | int):
                at = (*path, name, position) if isinstance(value, tuple) else (*path, name)
                yield from names.look_up(kind, item, at)


def _facts(model: BaseModel, path: Path_) -> Iterator[Complaint]:
    if isinstance(model, Observation):
        yield from _period(model.period, (*path, "period"))
        yield from _printed_in_evidence(model, path)
    elif isinstance(model, AuditRule):
        yield from _audit_needs(model, path)


def _period(period: Period, path: Path_) -> Iterator[Complaint]:
    dated = period.start is not None or period.end is not None
    if dated != (period.basis is not PeriodBasis.NOT_STATED):
        wanted = "must have a start or an end" if not dated else "must have neither start nor end"
        yield path, "period", f"a period that is {period.basis} {wanted}"
    if period.start and period.end and period.start.sort_key > period.end.sort_key:
        yield path, "period", f"{period.start} comes after {period.end}"


def _printed_in_evidence(observation: Observation, path: Path_) -> Iterator[Complaint]:
    printed = squeeze(observation.quantity.printed)
    texts = [squeeze(evidence.text) for evidence in observation.source.evidence]
    if not any(printed in text for text in texts):
        yield (
            (*path, "source", "evidence"),
            "evidence",
            f"no evidence contains {observation.quantity.printed!r}",
        )
    for text in texts:
        if text.replace(".", "").replace(",", "").isdigit():
            yield (
                (*path, "source", "evidence"),
                "evidence",
                f"{text!r} is a bare number: add its unit or noun",
            )


def _audit_needs(rule: AuditRule, path: Path_) -> Iterator[Complaint]:
    needs: dict[AuditKind, tuple[bool, str]] = {
        AuditKind.GROWTH: (bool(rule.stated) and len(rule.inputs) == 2, "a stated figure and two inputs"),  # noqa: PLR2004 - two ends
        AuditKind.AVERAGE_RATE: (
            bool(rule.stated and rule.years) and len(rule.inputs) == 2,  # noqa: PLR2004 - two ends
            "a stated figure, two inputs and years",
        ),
        AuditKind.SUM: (bool(rule.stated) and len(rule.inputs) > 1, "a stated figure and several inputs"),
        AuditKind.REMAINDER: (bool(rule.inputs), "inputs"),
        AuditKind.DIFFERENCE: (len(rule.inputs) > 1, "several inputs"),
        AuditKind.ORDER: (len(rule.inputs) > 1, "several inputs"),
        AuditKind.COUNT: (
            bool(rule.stated) and bool(rule.designation) != bool(rule.entry_list),
            "a stated figure, and a designation or an entry_list",
        ),
    }
    met, wanted = needs.get(
        rule.kind, (rule.source is not None or rule.stated is not None, "a source or a stated figure")
    )
    if not met:
        yield path, "audit", f"a rule of kind {rule.kind} needs {wanted}"


def _documents(report: Report) -> Iterator[Complaint]:
    units = {unit.id: unit for unit in report.units}
    for at, model in walk(report):
        if isinstance(model, Quantity) and model.unit in units:
            yield from print_fits(model, units[model.unit].zh, (*at, "printed"))
    facts = {model.id for _, model in walk(report) if isinstance(model, Sourced)}
    for position, erratum in enumerate(report.errata):
        if erratum.fact not in facts:
            yield ("errata", position), "unknown-fact", f"{erratum.fact!r} is not a fact of this report"
        if erratum.revision > report.revision:
            yield (
                ("errata", position),
                "revision",
                f"the report is at revision {report.revision}, below {erratum.revision}",
            )


def _tiles(report: Report) -> Iterator[Complaint]:
    """No two tiles of a map share a cell or a place."""
    seen: set[object] = set()
    for position, tile in enumerate(report.geography.tiles if report.geography else ()):
        path: Path_ = ("geography", "tiles", position)
        if (tile.column, tile.row) in seen:
            yield path, "cell", f"column {tile.column}, row {tile.row} is taken by another tile"
        if tile.place is not None and tile.place in seen:
            yield path, "place", f"{tile.place!r} has another tile already"
        seen |= {(tile.column, tile.row), tile.place}
