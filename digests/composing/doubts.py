"""What a careful reader doubts: figures that do not follow, contradict each other or cannot be checked."""

from __future__ import annotations

from functools import lru_cache

from digests.queries import recomputed
from digests.report.audit import Finding, Verdict
from digests.report.library import Library
from digests.report.model import MetricKind

_DOUBTS = (Verdict.INCONSISTENT, Verdict.NOT_CHECKABLE)


def rate_doubts(library: Library) -> tuple[Finding, ...]:
    """The doubts about stated rates, but for those that a comparison of growth shows with its verdict."""
    compared = {
        rate
        for report in library.reports
        for comparison in report.growth
        for rate in (comparison.stated_growth, comparison.stated_average_rate)
    }
    return tuple(
        finding
        for part in recomputed(library)
        for finding in part.findings
        if finding.verdict in _DOUBTS
        and finding.rule.stated not in compared - {None}
        and _is_about_a_rate(library, finding)
    )


def doubts_about(library: Library, observation_id: str) -> tuple[Finding, ...]:
    """The findings that put a figure itself in doubt, not those that only use it."""
    return _doubts(library).get(observation_id, ())


@lru_cache(maxsize=8)
def _doubts(library: Library) -> dict[str, tuple[Finding, ...]]:
    found: dict[str, tuple[Finding, ...]] = {}
    for part in recomputed(library):
        for finding in part.findings:
            if finding.verdict in _DOUBTS:
                for name in _doubted(finding):
                    found[name] = (*found.get(name, ()), finding)
    return found


def _doubted(finding: Finding) -> set[str]:
    """The stated figure; without one, the figures that cannot all hold."""
    rule = finding.rule
    return {rule.stated} if rule.stated else set(rule.inputs)


def _is_about_a_rate(library: Library, finding: Finding) -> bool:
    named = (finding.rule.stated, *finding.rule.inputs)
    return any(library.metric_of(id_).kind is MetricKind.RATE for id_ in named if id_)
