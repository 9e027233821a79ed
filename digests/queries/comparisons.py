"""What a figure is compared with, so that it speaks; every number here but the printed ones is computed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from digests.quantities import Qualifier
from digests.queries.figures import Share, all_shares, place_of
from digests.report.library import Library
from digests.report.model import AuditKind, MetricKind, Observation, PeriodBasis

#: Kinds of number of which “so many times the other” says something.
_RATIO_KINDS = (MetricKind.AMOUNT, MetricKind.COUNT, MetricKind.AREA)
_A_PAIR = 2
_LEAST_RANKED = 2
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Comparison:
    """A figure beside others of its quantity.

    others: the largest printed figures of the same metric and unit, at other times or places. count:
    how many there are, this one included. times: the larger over the smaller of two, None where that
    says nothing; is_at_least when the smaller is given as “less than”; is_larger when this figure is the
    larger. rank: this figure's place among them all, the largest first; 0 for none. share: the amount
    that follows when the figure is a share of a printed total.
    """

    others: tuple[Observation, ...]
    count: int
    times: Decimal | None = None
    is_at_least: bool = False
    is_larger: bool = True
    rank: int = 0
    share: Share | None = None


def compare(library: Library, observation: Observation) -> Comparison | None:
    """What *observation* is compared with; None when the library has nothing like it."""
    others = _alike(library, observation)
    share = next((s for s in all_shares(library) if s.observation.id == observation.id), None)
    if not others and share is None:
        return None
    is_larger = all(observation.quantity.number >= other.quantity.number for other in others)
    pair = sorted((observation, *others), key=lambda one: one.quantity.number)
    times = _times(library, *pair) if len(pair) == _A_PAIR else None
    is_bound = pair[0].quantity.qualifier is Qualifier.LESS_THAN
    largest = sorted(others, key=lambda one: -one.quantity.number)[:_SHOWN]
    rank = _rank(library, observation, others)
    return Comparison(tuple(largest), len(others) + 1, times, is_bound, is_larger, rank, share)


def _alike(library: Library, observation: Observation) -> tuple[Observation, ...]:
    """The other figures of the metric in the same unit, at another time, or at the same one elsewhere."""
    return tuple(
        other
        for other in library.metric_of(observation.id).observations
        if other.id != observation.id
        and not _is_a_sum(library, other)
        and other.quantity.unit == observation.quantity.unit
        and _is_comparable(library, observation, other)
    )


def _is_comparable(library: Library, one: Observation, other: Observation) -> bool:
    is_elsewhere = place_of(library, one) != place_of(library, other) or (
        one.attribution is not None and one.attribution == other.attribution
    )
    if is_elsewhere:
        return one.period == other.period
    return (
        one.label == other.label
        and one.period != other.period
        and PeriodBasis.NOT_STATED not in (one.period.basis, other.period.basis)
    )


def _times(library: Library, smaller: Observation, larger: Observation) -> Decimal | None:
    """How many times the smaller the larger is; of a qualified number only that it is less is of use."""
    is_sized = library.metric_of(larger.id).kind in _RATIO_KINDS
    is_known = smaller.quantity.qualifier in (None, Qualifier.LESS_THAN) and larger.quantity.qualifier is None
    if not is_sized or not is_known or smaller.quantity.number == larger.quantity.number:
        return None
    return larger.quantity.number / smaller.quantity.number


def _is_a_sum(library: Library, observation: Observation) -> bool:
    """Whether a figure adds others up, so that it is no part beside them."""
    rules = library.report_of(observation.id).audit
    return any(rule.kind is AuditKind.SUM and rule.stated == observation.id for rule in rules)


def _rank(library: Library, observation: Observation, others: tuple[Observation, ...]) -> int:
    """The place by size among several of one time; 0 when they are of different times, or too few."""
    if len(others) < _LEAST_RANKED or _is_a_sum(library, observation):
        return 0
    if any(other.period != observation.period for other in others):
        return 0
    return 1 + sum(other.quantity.number > observation.quantity.number for other in others)
