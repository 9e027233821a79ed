"""What a report states, recomputed in the open: stated, recomputed, verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from enum import StrEnum
from itertools import pairwise

from digests.quantities import Qualifier
from digests.report.model import AuditKind, AuditRule, Observation, Report

_HUNDRED = Decimal(100)
_PRECISION = Context(prec=40, rounding=ROUND_HALF_UP)


class Verdict(StrEnum):
    """Whether a statement follows from the figures it rests on; computed: the document states nothing."""

    CONSISTENT = "consistent"
    INCONSISTENT = "inconsistent"
    NOT_CHECKABLE = "not-checkable"
    COMPUTED = "computed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule, recomputed: the printed figure, ours (None when there is none) and the verdict.

    ``recomputed`` is in the unit of what is stated, rounded to its printed digits; in the unit of the first
    input where nothing is stated.
    """

    rule: AuditRule
    verdict: Verdict
    stated: Observation | None = None
    recomputed: Decimal | None = None


def audit(report: Report) -> tuple[Finding, ...]:
    """Every rule of a report, in the order of the pack."""
    observations = {o.id: o for metric in report.metrics for o in metric.observations}
    return tuple(_find(report, rule, observations) for rule in report.audit)


def _find(report: Report, rule: AuditRule, observations: dict[str, Observation]) -> Finding:
    stated = observations[rule.stated] if rule.stated else None
    inputs = [observations[name] for name in rule.inputs]
    if rule.kind in (AuditKind.REMAINDER, AuditKind.DIFFERENCE):
        return Finding(rule, Verdict.COMPUTED, None, _left_over(rule, inputs))
    if rule.kind is AuditKind.CONTRADICTION:
        return Finding(rule, Verdict.INCONSISTENT, stated)
    if rule.kind is AuditKind.ORDER:
        falling = all(one.quantity.number >= other.quantity.number for one, other in pairwise(inputs))
        return Finding(rule, Verdict.CONSISTENT if falling else Verdict.INCONSISTENT, stated)
    if rule.kind is AuditKind.MISSING or stated is None:
        return Finding(rule, Verdict.NOT_CHECKABLE, stated)
    exact = _recompute(report, rule, inputs)
    lower_bound = rule.kind is AuditKind.AVERAGE_RATE and inputs[0].quantity.qualifier is Qualifier.LESS_THAN
    holds = agrees(stated, exact) or (lower_bound and exact <= stated.quantity.number)
    verdict = Verdict.CONSISTENT if holds else Verdict.INCONSISTENT
    return Finding(rule, verdict, stated, _shown(stated, exact))


def _left_over(rule: AuditRule, inputs: list[Observation]) -> Decimal:
    if rule.kind is AuditKind.REMAINDER:
        return _HUNDRED - _total(inputs)
    return inputs[0].quantity.number - _total(inputs[1:])


def _recompute(report: Report, rule: AuditRule, inputs: list[Observation]) -> Decimal:
    """The stated figure anew, in the unit of what is stated."""
    if rule.kind is AuditKind.GROWTH:
        return growth_ratio(inputs[0], inputs[1])
    if rule.kind is AuditKind.AVERAGE_RATE:
        return average_rate(inputs[0], inputs[1], rule.years or 1)
    if rule.kind is AuditKind.SUM:
        return _total(inputs)
    if rule.designation:
        return Decimal(sum(designation.kind == rule.designation for designation in report.designations))
    return Decimal(sum(len(entries.entries) for entries in report.lists if entries.id == rule.entry_list))


def _total(observations: Iterable[Observation]) -> Decimal:
    return sum((o.quantity.number for o in observations), Decimal(0))


def growth_ratio(start: Observation, end: Observation) -> Decimal:
    """How many times the start was added: end over start, less one."""
    with localcontext(_PRECISION):
        return end.quantity.number / start.quantity.number - 1


def average_rate(start: Observation, end: Observation, years: int) -> Decimal:
    """The compound yearly rate between two figures, in per cent."""
    with localcontext(_PRECISION):
        return ((end.quantity.number / start.quantity.number) ** (Decimal(1) / years) - 1) * _HUNDRED


def share_amount(share: Observation, total: Observation) -> Decimal:
    """The amount that a printed percentage of a printed total means, to the digits of the total."""
    with localcontext(_PRECISION):
        exact = total.quantity.number * share.quantity.number / _HUNDRED
        return exact.quantize(_last_digit(total))


def agrees(stated: Observation, exact: Decimal) -> bool:
    """Whether a recomputed number is what is printed, under its qualifier and to its digits."""
    number, qualifier = stated.quantity.number, stated.quantity.qualifier
    if qualifier in (Qualifier.OVER, Qualifier.MORE_THAN):
        return exact > number
    if qualifier in (Qualifier.LESS_THAN, Qualifier.NEARLY):
        return exact < number
    return exact.quantize(_last_digit(stated), ROUND_HALF_UP) == number


def _shown(stated: Observation, exact: Decimal) -> Decimal:
    """Rounded to the printed digits; two more where a qualifier makes the printed number coarse."""
    step = _last_digit(stated)
    if stated.quantity.qualifier is not None and exact != exact.to_integral_value():
        step /= _HUNDRED
    return exact.quantize(step, ROUND_HALF_UP)


def _last_digit(observation: Observation) -> Decimal:
    _, _, decimals = observation.quantity.value.partition(".")
    return Decimal(1).scaleb(-len(decimals))
