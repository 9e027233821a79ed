"""Figures: by subject, as shares of a total, as growth between two ends, recomputed, and compared."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from digests.report.audit import Finding, audit, share_amount
from digests.report.library import Library
from digests.report.model import GrowthComparison, Metric, Observation, Report, ShareBreakdown, Subject


@dataclass(frozen=True, slots=True)
class Share:
    """A printed share of a printed total, and the amount that follows; the amount is ours."""

    observation: Observation
    total: Observation
    amount: Decimal


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


def place_of(library: Library, observation: Observation) -> str:
    """The id of the place that a figure is about: its own, else its metric's."""
    return observation.place or library.metric_of(observation.id).place


def home_of(report: Report) -> str:
    """The id of the place that a report is about, which its figures need not name.

    Of a report that does not say so, the place that most of its metrics are about.
    """
    places = Counter(metric.place for metric in report.metrics).most_common(1)
    return report.place or (places[0][0] if places else "")


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
