"""Parts of a whole: what is printed of it, what that leaves, and what follows from a printed total."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from digests import queries
from digests.pages.formatting import word_percent
from digests.pictures.charts.bars import Bar, draw_bars
from digests.pictures.charts.figures import marks_of, name_in_metric
from digests.pictures.context import Context
from digests.pictures.layout.frame import inner
from digests.pictures.layout.notes import Notes
from digests.pictures.layout.sheet import Sheet
from digests.pictures.style import SMALL
from digests.report.model import AuditKind, Metric, MetricKind, Observation

_HUNDRED = Decimal(100)
#: A picture shows no more parts; the others are counted.
_MOST = 10


@dataclass(frozen=True, slots=True)
class Whole:
    """Shares that do not overlap, in percent, the largest first, and those of several of them together."""

    metric: Metric
    parts: tuple[Observation, ...]
    together: tuple[Observation, ...]
    amounts: dict[str, queries.Share]

    @property
    def rest(self) -> Decimal:
        """What the parts leave of 100 %."""
        return _HUNDRED - sum(part.quantity.number for part in self.parts)


def whole_of(context: Context, metric: Metric) -> Whole | None:
    """A metric as parts of a whole; None when it is none."""
    amounts = {share.observation.id: share for share in queries.all_shares(context.library)}
    is_breakdown = all(observation.id in amounts for observation in metric.observations)
    if not is_breakdown and metric.kind is not MetricKind.MARKET_SHARE:
        return None
    rules = [rule for report in context.library.reports for rule in report.audit]
    sums = {rule.stated for rule in rules if rule.kind is AuditKind.SUM}
    parts = sorted(
        (o for o in metric.observations if o.id not in sums), key=lambda o: o.quantity.number, reverse=True
    )
    together = tuple(o for o in metric.observations if o.id in sums)
    whole = Whole(metric, tuple(parts), together, amounts if is_breakdown else {})
    return whole if parts and whole.rest >= 0 else None


def draw_whole(
    sheet: Sheet, context: Context, notes: Notes, whole: Whole, y: float, chosen: str = ""
) -> float:
    """A bar for each part and for what is left, and a line for what is told of several; where it ends."""
    bars = [
        Bar(
            context.row(
                [
                    _name(context, whole, part) + marks_of(context, notes, part, told=True),
                    context.when_briefly(part),
                ]
            ),
            context.quantity(part),
            part.quantity.number,
            _amount(context, whole, part),
            is_chosen=part.id == chosen,
        )
        for part in whole.parts[:_MOST]
    ]
    if whole.rest:
        name = context.say("everything else (computed)")
        bars.append(Bar(name, word_percent(whole.rest), whole.rest, is_ours=True))
    y = draw_bars(sheet, bars, _HUNDRED, y, track=True)
    if left := max(len(whole.parts) - _MOST, 0):
        y = sheet.paragraph(inner(y), context.say("%(count)s more, not shown", count=left), SMALL)
    for observation in whole.together:
        name = _name(context, whole, observation) + marks_of(context, notes, observation, told=True)
        words = f"{name}{context.say(': ')}{context.quantity(observation)}"
        y = sheet.paragraph(inner(y), words, SMALL, sheet.palette.soft)
    return y


def _name(context: Context, whole: Whole, observation: Observation) -> str:
    return name_in_metric(context, whole.metric, observation) or context.scope(observation)


def _amount(context: Context, whole: Whole, part: Observation) -> str:
    """What the share is in the unit of its total; computed here, and marked so."""
    share = whole.amounts.get(part.id)
    if share is None:
        return ""
    amount = context.amount(share.amount, share.total.quantity.unit)
    return context.say(
        "≈ %(amount)s of %(total)s (computed)", amount=amount, total=context.quantity(share.total)
    )
