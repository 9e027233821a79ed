"""The figures of a metric beside each other, when bars from zero tell the truth about them."""

from __future__ import annotations

from digests.pictures.charts.bars import Bar, draw_bars
from digests.pictures.charts.figures import marks_of, name_in_metric
from digests.pictures.charts.shares import draw_whole, whole_of
from digests.pictures.context import Context
from digests.pictures.layout.frame import inner
from digests.pictures.layout.notes import Notes
from digests.pictures.layout.sheet import Sheet
from digests.pictures.style import SMALL
from digests.report.model import Metric, MetricKind, Observation

#: Ranks have no length, and counts of unlike things cannot be compared.
_NOT_BARS = (MetricKind.RANK, MetricKind.COUNT)
#: A picture shows no more bars of one metric.
_MOST = 10


def is_comparable(context: Context, metric: Metric) -> bool:
    """Whether its figures are parts of a whole, or several plain numbers of one unit."""
    return whole_of(context, metric) is not None or _has_bars(metric)


def _has_bars(metric: Metric) -> bool:
    quantities = [observation.quantity for observation in metric.observations]
    return (
        len(quantities) > 1
        and len({quantity.unit for quantity in quantities}) == 1
        and not any(quantity.upper for quantity in quantities)
        and any(quantity.number for quantity in quantities)
        and metric.kind not in _NOT_BARS
    )


def draw_comparison(
    sheet: Sheet, context: Context, notes: Notes, metric: Metric, y: float, chosen: str = ""
) -> float:
    """The figures of a comparable metric, the *chosen* one in the accent; where the next part begins."""
    whole = whole_of(context, metric)
    if whole:
        return draw_whole(sheet, context, notes, whole, y, chosen)
    shown = _ordered(metric)[:_MOST]
    bars = [
        Bar(
            _name(context, notes, metric, observation),
            context.quantity(observation),
            observation.quantity.number,
            is_chosen=observation.id == chosen,
        )
        for observation in shown
    ]
    y = draw_bars(sheet, bars, max(bar.number for bar in bars), y)
    left = len(metric.observations) - len(shown)
    return (
        sheet.paragraph(inner(y), context.say("%(count)s more, not shown", count=left), SMALL) if left else y
    )


def _ordered(metric: Metric) -> list[Observation]:
    """In order of time when each has its own, else the largest first."""
    starts = [observation.period.start for observation in metric.observations]
    if len(set(starts)) == len(starts) and None not in starts:
        return sorted(
            metric.observations, key=lambda o: o.period.start.sort_key if o.period.start else (0, 0, 0)
        )
    return sorted(metric.observations, key=lambda o: o.quantity.number, reverse=True)


def _name(context: Context, notes: Notes, metric: Metric, observation: Observation) -> str:
    name, when = name_in_metric(context, metric, observation), context.when_briefly(observation)
    name = name if name or when else context.scope(observation)
    return context.row([name, when]) + marks_of(context, notes, observation, told=True)
