"""Parts of a whole: what is printed of it, what that leaves, and what follows from a printed total."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from digests import queries
from digests.pages.formatting import word_percent
from digests.pictures.context import Context
from digests.pictures.frame import INNER
from digests.pictures.sheet import Sheet
from digests.pictures.style import BODY, LEADING, MARGIN, SMALL, WIDTH
from digests.report.model import AuditKind, Metric, MetricKind, Observation

_HUNDRED = Decimal(100)
_BAR, _LINE, _SWATCH = 24.0, BODY * LEADING + 2, 9.0


@dataclass(frozen=True, slots=True)
class Whole:
    """Shares that do not overlap, in percent, and those of several of them together."""

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
    sums = {
        rule.stated
        for report in context.library.reports
        for rule in report.audit
        if rule.kind is AuditKind.SUM
    }
    parts = tuple(o for o in metric.observations if o.id not in sums)
    together = tuple(o for o in metric.observations if o.id in sums)
    whole = Whole(parts, together, amounts if is_breakdown else {})
    return whole if parts and whole.rest >= 0 else None


def draw_whole(sheet: Sheet, context: Context, whole: Whole, y: float) -> float:
    """One bar of 100 %, and a line for each part, for what is left, and for what is told of several."""
    x = MARGIN
    for part, color in zip(whole.parts, _colors(sheet, len(whole.parts)), strict=True):
        length = INNER * float(part.quantity.number) / 100
        sheet.box(x, y, max(length - 1, 0.6), _BAR, color)
        x += length
    if x < WIDTH - MARGIN - 1:
        sheet.box(x, y, WIDTH - MARGIN - x, _BAR, None, edge=sheet.palette.quiet, edge_width=0.8)
    y += _BAR + 6
    aside = max(sheet.width(_amount(context, whole, part), BODY) for part in whole.parts)
    for part, color in zip(whole.parts, _colors(sheet, len(whole.parts)), strict=True):
        _name_part(sheet, y, color, _name(context, part), context.quantity(part), aside)
        sheet.text(WIDTH - MARGIN, y, _amount(context, whole, part), BODY, sheet.palette.soft, align="right")
        y += _LINE
    if whole.rest:
        name = context.say("everything else (computed)")
        _name_part(sheet, y, None, name, word_percent(whole.rest), aside)
        y += _LINE
    for observation in whole.together:
        words = f"{_name(context, observation)}{context.say(': ')}{context.quantity(observation)}"
        y = sheet.paragraph(MARGIN + 16, y, words, SMALL, INNER - 16, sheet.palette.soft)
    return _explained(sheet, context, whole, y)


def _colors(sheet: Sheet, count: int) -> list[str]:
    palette = sheet.palette
    colors = [*palette.series, palette.accent, palette.quiet]
    return [colors[position % len(colors)] for position in range(count)]


def _name(context: Context, observation: Observation) -> str:
    if observation.label:
        return context.read(observation.label)
    return context.read(context.library.place(queries.place_of(context.library, observation)).name)


def _amount(context: Context, whole: Whole, part: Observation) -> str:
    share = whole.amounts.get(part.id)
    return f"≈ {context.amount(share.amount, share.total.quantity.unit)}" if share else ""


def _name_part(sheet: Sheet, y: float, color: str | None, name: str, share: str, aside: float) -> None:
    """A part's swatch, name and share; *aside* is the room for the amounts at the right."""
    edge = None if color else sheet.palette.quiet
    sheet.box(MARGIN, y + 3, _SWATCH, _SWATCH, color, edge=edge, edge_width=0.8)
    sheet.text(MARGIN + 16, y, name, BODY)
    at = WIDTH - MARGIN - (aside + 14 if aside else 0)
    sheet.text(at, y, share, BODY, align="right", strong=True)


def _explained(sheet: Sheet, context: Context, whole: Whole, y: float) -> float:
    """What the amounts are computed from."""
    total = next((share.total for share in whole.amounts.values()), None)
    if total is None:
        return y
    words = context.say("≈ computed here, from a total of %(total)s", total=context.quantity(total))
    return sheet.paragraph(MARGIN, y, words, SMALL, INNER, sheet.palette.soft)
