"""Reports, indexed and searchable; immutable, swapped as a whole."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TypeVar

from digests.inputs.places import NamedPlace, PlaceFinder
from digests.quantities import Unit
from digests.report.model import (
    AuditRule,
    Designation,
    DesignationKind,
    Entry,
    EntryList,
    Metric,
    Milestone,
    Observation,
    Place,
    Report,
    Theme,
    ThemePart,
)
from digests.report.problems import PackError, Problem
from digests.report.search import Hit, HitKind, Index, SearchResult, fold

__all__ = ["Hit", "HitKind", "Library", "SearchResult", "UnknownFact", "near"]


T = TypeVar("T")


class UnknownFact(LookupError):  # noqa: N818 - reads as what it is
    """No fact of the library has this id."""


class Library:
    """Every fact of several reports by id, in order, and by words.

    Raises:
        PackError: two reports give the same id to two things.
    """

    def __init__(self, reports: Sequence[Report]) -> None:
        self.reports = tuple(reports)
        self._parts: dict[tuple[str, ...], Library] = {}
        self.version = _version(self.reports)
        milestones = [milestone for report in reports for milestone in report.milestones]
        self.milestones: tuple[Milestone, ...] = tuple(sorted(milestones, key=lambda m: m.date.sort_key))
        self.metrics: tuple[Metric, ...] = tuple(metric for report in reports for metric in report.metrics)
        self.places: tuple[Place, ...] = tuple(place for report in reports for place in report.places)
        self.designations: tuple[Designation, ...] = tuple(
            d for report in reports for d in report.designations
        )
        self.designation_kinds: tuple[DesignationKind, ...] = tuple(
            k for r in reports for k in r.designation_kinds
        )
        self._milestones = {milestone.id: milestone for milestone in self.milestones}
        self._places = {place.id: place for place in self.places}
        self._kinds = {kind.id: kind for kind in self.designation_kinds}
        self._units = {unit.id: unit for report in reports for unit in report.units}
        self._metric_of = {o.id: metric for metric in self.metrics for o in metric.observations}
        self._observations = {o.id: o for metric in self.metrics for o in metric.observations}
        lists = [entries for report in reports for entries in report.lists]
        self._lists = {entries.id: entries for entries in lists}
        self._audit = {rule.id: rule for report in reports for rule in report.audit}
        self._list_of = {entry.id: entries for entries in lists for entry in entries.entries}
        self._entries = {entry.id: entry for entries in lists for entry in entries.entries}
        self._themes = tuple(theme for report in reports for theme in report.themes)
        self._theme_of = {f.id: theme for theme in self._themes for f in (theme, *theme.points)}
        self._report_of = _report_of(self.reports)

    def following(self, ids: tuple[str, ...]) -> Library:
        """The library of some reports only; no ids mean all, and one that is not here is left out."""
        if not ids:
            return self
        if ids not in self._parts:
            self._parts[ids] = Library([report for report in self.reports if report.id in ids])
        return self._parts[ids]

    def milestone(self, milestone_id: str) -> Milestone:
        """A milestone by id.

        Raises:
            UnknownFact: there is none.
        """
        return _known(self._milestones, milestone_id)

    def observation(self, observation_id: str) -> Observation:
        """A figure by id; raises UnknownFact."""
        return _known(self._observations, observation_id)

    def metric_of(self, observation_id: str) -> Metric:
        """What a figure measures; raises UnknownFact."""
        return _known(self._metric_of, observation_id)

    def place(self, place_id: str) -> Place:
        """A place by id; raises UnknownFact."""
        return _known(self._places, place_id)

    def designation_kind(self, kind_id: str) -> DesignationKind:
        """A kind of designation by id; raises UnknownFact."""
        return _known(self._kinds, kind_id)

    def designations_of(self, place_id: str) -> tuple[Designation, ...]:
        """What a place holds."""
        return tuple(designation for designation in self.designations if designation.place == place_id)

    def unit(self, unit_id: str) -> Unit:
        """A unit by id; raises UnknownFact."""
        return _known(self._units, unit_id)

    def entry(self, entry_id: str) -> Entry:
        """A list's member by id; raises UnknownFact."""
        return _known(self._entries, entry_id)

    def entry_list_of(self, entry_id: str) -> EntryList:
        """The list that an entry stands in; raises UnknownFact."""
        return _known(self._list_of, entry_id)

    def entry_list(self, list_id: str) -> EntryList:
        """A list by id; raises UnknownFact."""
        return _known(self._lists, list_id)

    def audit_rule(self, rule_id: str) -> AuditRule:
        """A statement that is recomputed, or a doubt, by id; raises UnknownFact."""
        return _known(self._audit, rule_id)

    def report(self, report_id: str) -> Report:
        """A report by id; raises UnknownFact."""
        return _known({report.id: report for report in self.reports}, report_id)

    def themes(self, part: ThemePart) -> tuple[Theme, ...]:
        """The arguments of a part, in order."""
        return tuple(theme for theme in self._themes if theme.part is part)

    def theme_of(self, fact_id: str) -> Theme:
        """The theme of that id, or that holds the point of that id; raises UnknownFact."""
        return _known(self._theme_of, fact_id)

    def report_of(self, fact_id: str) -> Report:
        """The report that tells a fact; raises UnknownFact."""
        return _known(self._report_of, fact_id)

    def search(self, text: str, limit: int = 20) -> SearchResult:
        """The facts that answer a question, the best first, in any language."""
        return self._index.search(text, limit)

    def milestones_about(self, text: str) -> tuple[Milestone, ...]:
        """The milestones that tell of everything that words name, in any language, in order of time."""
        held = set(self._index.holding(text, HitKind.MILESTONE))
        return tuple(milestone for milestone in self.milestones if milestone.id in held)

    def prepare(self) -> None:
        """Build the index of the search, so that the first question does not wait; may run in a thread."""
        _ = self._index

    @cached_property
    def place_finder(self) -> PlaceFinder:
        """Finds its places, and those that are only on its maps, by any spelling."""
        named = [NamedPlace(place.id, place.name, place.keywords) for place in self.places]
        tiles = [tile for report in self.reports if report.geography for tile in report.geography.tiles]
        return PlaceFinder([*named, *(NamedPlace(None, tile.name) for tile in tiles if tile.place is None)])

    @cached_property
    def _index(self) -> Index:
        return Index(self.reports)


def _known(things: Mapping[str, T], name: str) -> T:
    try:
        return things[name]
    except KeyError:
        raise UnknownFact(name) from None


def _version(reports: Iterable[Report]) -> str:
    """Changes whenever anything in a report does."""
    content = hashlib.sha256()
    for report in reports:
        content.update(report.model_dump_json().encode())
    return content.hexdigest()[:12]


def _report_of(reports: Iterable[Report]) -> dict[str, Report]:
    owners: dict[str, Report] = {}
    problems: list[Problem] = []
    for report in reports:
        for name in _ids(report):
            if name in owners:
                message = f"{name!r} also names something in {owners[name].id}"
                problems.append(Problem(report.id, 1, "duplicate-id", message))
            owners[name] = report
    if problems:
        raise PackError(problems)
    return owners


def _ids(report: Report) -> Iterable[str]:
    yield from (milestone.id for milestone in report.milestones)
    yield from (o.id for metric in report.metrics for o in metric.observations)
    yield from (metric.id for metric in report.metrics)
    yield from (place.id for place in report.places)
    yield from (designation.id for designation in report.designations)
    yield from (rule.id for rule in report.audit)
    yield from (kind.id for kind in report.designation_kinds)
    yield from (f.id for theme in report.themes for f in (theme, *theme.points))
    yield from (entry.id for entries in report.lists for entry in entries.entries)


def near(wanted: str, names: Iterable[str]) -> list[str]:
    """The names that look like what was typed, the nearest first."""
    folded = {fold(name): name for name in names}
    key = fold(wanted)
    inside = [name for short, name in folded.items() if key and (key in short or short in key)]
    close = [folded[short] for short in difflib.get_close_matches(key, folded, 5, 0.5)]
    return list(dict.fromkeys([*inside, *close]))
