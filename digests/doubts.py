"""What a careful reader doubts about stated rates."""

from __future__ import annotations

from digests.queries import recomputed
from digests.report.audit import Finding
from digests.report.library import Library
from digests.report.model import AuditKind, MetricKind


def rate_doubts(library: Library) -> tuple[Finding, ...]:
    """The doubts about stated rates: those that contradict each other or cannot be recomputed."""
    return tuple(
        finding
        for part in recomputed(library)
        for finding in part.findings
        if finding.rule.kind in (AuditKind.CONTRADICTION, AuditKind.MISSING)
        and _is_about_a_rate(library, finding)
    )


def _is_about_a_rate(library: Library, finding: Finding) -> bool:
    named = (finding.rule.stated, *finding.rule.inputs)
    return any(library.metric_of(id_).kind is MetricKind.RATE for id_ in named if id_)
