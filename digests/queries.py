"""Pure questions to a library; the answers are frozen and know nothing of how they are shown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from digests.report.audit import Finding, audit, share_amount
from digests.report.library import Library
from digests.report.model import (
    Designation,
    DesignationKind,
    GrowthComparison,
    Metric,
    Milestone,
    Observation,
    Place,
    PlaceLevel,
    Report,
    ShareBreakdown,
    Subject,
)

_YEARS = re.compile(r"(?P<first>\d{4})\s*年?\s*(?:[-–—~～至到]|to)?\s*(?P<last>\d{4})?\s*年?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class YearRange:
    """A span of calendar years, both ends in it."""

    first: int
    last: int

    @classmethod
    def parse(cls, text: str) -> YearRange | None:
        """Read ``2016``, ``2016-2018`` or ``2016年至2018年``; None when *text* is something else."""
        match = _YEARS.fullmatch(text.strip())
        if match is None:
            return None
        years = sorted(int(year) for year in match.groups() if year)
        return cls(years[0], years[-1])

    def __contains__(self, year: int | None) -> bool:
        return year is not None and self.first <= year <= self.last

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"


@dataclass(frozen=True, slots=True)
class Timeline:
    """Milestones in order of time, under the filter that chose them."""

    milestones: tuple[Milestone, ...]
    years: tuple[tuple[int, int], ...]  # each year of the library and its count of milestones
    range: YearRange | None = None
    place: Place | None = None
    keyword: str | None = None

    @property
    def by_year(self) -> list[tuple[int | None, list[Milestone]]]:
        """The milestones year by year; last those whose year is not known."""
        return [(year, list(group)) for year, group in groupby(self.milestones, key=lambda m: m.date.year)]


@dataclass(frozen=True, slots=True)
class MilestoneCard:
    """One milestone with its neighbours in time."""

    milestone: Milestone
    position: int
    count: int
    previous: Milestone | None
    next: Milestone | None


@dataclass(frozen=True, slots=True)
class Share:
    """A printed share of a printed total, and the amount that follows; the amount is ours."""

    observation: Observation
    total: Observation
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PlaceCard:
    """What a library tells about one place."""

    place: Place
    designations: tuple[Designation, ...]
    shares: tuple[Share, ...]
    observations: tuple[Observation, ...]
    milestones: tuple[Milestone, ...]


@dataclass(frozen=True, slots=True)
class Zones:
    """Who holds which designation: by kind, and by place."""

    kinds: tuple[tuple[DesignationKind, tuple[Designation, ...]], ...]
    places: tuple[PlaceCard, ...]


@dataclass(frozen=True, slots=True)
class Growth:
    """Two end points, with what is stated between them and what follows from them."""

    comparison: GrowthComparison
    start: Observation
    end: Observation
    stated_growth: Observation | None
    stated_average_rate: Observation | None
    growth: Finding | None
    average_rate: Finding | None


@dataclass(frozen=True, slots=True)
class Recomputed:
    """The audit of one report."""

    report: Report
    findings: tuple[Finding, ...]


def timeline(library: Library, wanted: str = "") -> Timeline:
    """The milestones that *wanted* chooses: nothing, a year, a range, a place or a keyword."""
    wanted = wanted.strip()
    years = YearRange.parse(wanted)
    place = None if years else find_place(library, wanted)
    if years:
        chosen: Iterable[Milestone] = (m for m in library.milestones if m.date.year in years)
    elif place:
        chosen = (m for m in library.milestones if place.id in m.places)
    else:
        chosen = library.milestones_about(wanted) if wanted else library.milestones
    return Timeline(
        tuple(chosen), _years(library), years, place, wanted if wanted and not (years or place) else None
    )


def _years(library: Library) -> tuple[tuple[int, int], ...]:
    counts: dict[int, int] = {}
    for milestone in library.milestones:
        if milestone.date.year is not None:
            counts[milestone.date.year] = counts.get(milestone.date.year, 0) + 1
    return tuple(sorted(counts.items()))


def milestone_card(library: Library, milestone_id: str) -> MilestoneCard:
    """A milestone and its neighbours.

    Raises:
        UnknownFact: no milestone has this id.
    """
    milestone = library.milestone(milestone_id)
    position = library.milestones.index(milestone)
    before = library.milestones[position - 1] if position else None
    after = library.milestones[position + 1] if position + 1 < len(library.milestones) else None
    return MilestoneCard(milestone, position + 1, len(library.milestones), before, after)


def find_place(library: Library, wanted: str) -> Place | None:
    """The place of that id, name or keyword, however it is spelt, in either language."""
    found = library.place_finder.find(wanted)
    return library.place(found.id) if found and found.id else None


def zones(library: Library) -> Zones:
    """Every designation, by kind and by place; the places that hold most come first."""
    held = {designation.place for designation in library.designations}
    cards = [place_card(library, place) for place in library.places if place.id in held]
    cards.sort(key=_weight)
    kinds = tuple(
        (kind, tuple(d for d in library.designations if d.kind == kind.id))
        for kind in library.designation_kinds
    )
    return Zones(kinds, tuple(cards))


def _weight(card: PlaceCard) -> tuple[bool, int, Decimal]:
    share = card.shares[0].observation.quantity.number if card.shares else Decimal(0)
    return (card.place.level is not PlaceLevel.CITY, -len(card.designations), -share)


def place_card(library: Library, place: Place) -> PlaceCard:
    """What is known of a place."""
    shares = tuple(s for s in all_shares(library) if place_of(library, s.observation) == place.id)
    shared = {share.observation.id for share in shares}
    observations = tuple(
        observation
        for metric in library.metrics
        for observation in metric.observations
        if place_of(library, observation) == place.id and observation.id not in shared
    )
    milestones = tuple(m for m in library.milestones if place.id in m.places)
    return PlaceCard(place, library.designations_of(place.id), shares, observations, milestones)


def place_of(library: Library, observation: Observation) -> str:
    """The id of the place that a figure is about: its own, else its metric's."""
    return observation.place or library.metric_of(observation.id).place


def all_shares(library: Library) -> tuple[Share, ...]:
    """Each part of each breakdown, with the amount that follows from it."""
    return tuple(share for _, shares in share_breakdowns(library) for share in shares)


def share_breakdowns(library: Library) -> tuple[tuple[ShareBreakdown, tuple[Share, ...]], ...]:
    """The breakdowns of printed totals, in the order of the packs."""
    return tuple(
        (breakdown, tuple(_share(library, breakdown, part) for part in breakdown.parts))
        for report in library.reports
        for breakdown in report.shares
    )


def _share(library: Library, breakdown: ShareBreakdown, part: str) -> Share:
    share, total = library.observation(part), library.observation(breakdown.total)
    return Share(share, total, share_amount(share, total))


def growth(library: Library, wanted: str = "") -> tuple[Growth, ...]:
    """The comparisons whose id, name or keyword is *wanted*; all of them when it is empty."""
    key = wanted.strip().casefold()
    return tuple(
        _growth(library, report, comparison)
        for report in library.reports
        for comparison in report.growth
        if not key or any(key in name.casefold() for name in _names(comparison))
    )


def _names(comparison: GrowthComparison) -> tuple[str, ...]:
    return (comparison.id, comparison.name.zh, comparison.name.en, *comparison.keywords)


def _growth(library: Library, report: Report, comparison: GrowthComparison) -> Growth:
    findings = {finding.rule.stated: finding for finding in audit(report) if finding.rule.stated}

    def stated(observation_id: str | None) -> Observation | None:
        return library.observation(observation_id) if observation_id else None

    return Growth(
        comparison,
        library.observation(comparison.start),
        library.observation(comparison.end),
        stated(comparison.stated_growth),
        stated(comparison.stated_average_rate),
        findings.get(comparison.stated_growth or ""),
        findings.get(comparison.stated_average_rate or ""),
    )


def subjects(library: Library) -> tuple[tuple[Subject, tuple[Metric, ...]], ...]:
    """The subjects and their metrics, in the order of the packs."""
    return tuple(
        (subject, tuple(metric for metric in report.metrics if metric.subject == subject.id))
        for report in library.reports
        for subject in report.subjects
    )


def find_subject(library: Library, wanted: str) -> tuple[Subject, tuple[Metric, ...]] | None:
    """The subject of that id, name or keyword, with its metrics."""
    key = wanted.strip().casefold()
    for subject, metrics in subjects(library):
        if key in {
            name.casefold() for name in (subject.id, subject.name.zh, subject.name.en, *subject.keywords)
        }:
            return subject, metrics
    return None


def recomputed(library: Library) -> tuple[Recomputed, ...]:
    """What each report states, recomputed."""
    return tuple(Recomputed(report, audit(report)) for report in library.reports)
