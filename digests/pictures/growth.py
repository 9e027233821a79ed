"""The growth picture: the end points that the text states, and no curve through years it does not know."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal

from digests import queries
from digests.doubts import rate_doubts
from digests.pages.formatting import word_percent, word_period
from digests.pictures.context import Context
from digests.pictures.frame import INNER, foot, head, note
from digests.pictures.sheet import Sheet
from digests.pictures.style import BODY, GAP, HEADING, MARGIN, SMALL, WIDTH
from digests.quantities import Qualifier
from digests.report.audit import Finding, Verdict
from digests.report.model import Observation, Sourced

_LABELS, _BAR, _ROW = 38.0, 20.0, 26.0
_LENGTH = INNER - _LABELS
_LARGE_RATIO = 100
_STATED, _RECOMPUTED = 186.0, 264.0
_RATIO = 15.0


def draw_growth(context: Context, wanted: str = "") -> bytes:
    """The comparisons that *wanted* chooses (all when empty), on one axis from zero for each unit.

    Raises:
        LookupError: there is no such comparison.
    """
    comparisons = queries.growth(context.library, wanted)
    if not comparisons:
        raise LookupError(wanted)
    sheet = Sheet(context.palette, context.language)
    y = head(
        sheet, context, context.say("Growth"), context.say("What the text states of first and last year")
    )
    for growth in comparisons:
        y = _comparison(sheet, context, growth, y, _largest(comparisons, growth)) + GAP
    y = _doubts(sheet, context, comparisons, y)
    y = note(
        sheet, y, context.say("Yearly values are not in the text, so no curve is drawn between the years.")
    )
    return foot(sheet, context, y, _facts(comparisons))


def _largest(comparisons: tuple[queries.Growth, ...], growth: queries.Growth) -> Decimal:
    """The longest bar of its unit: bars of one unit can be compared across the picture."""
    unit = growth.end.quantity.unit
    ends = (end for other in comparisons for end in (other.start, other.end))
    return max(end.quantity.number for end in ends if end.quantity.unit == unit)


def _comparison(sheet: Sheet, context: Context, growth: queries.Growth, y: float, largest: Decimal) -> float:
    palette = sheet.palette
    sheet.text(
        WIDTH - MARGIN, y - 3, _ratio(context, growth), _RATIO, palette.accent, align="right", strong=True
    )
    y = sheet.text(MARGIN, y, context.read(growth.comparison.name), HEADING, strong=True) + 7
    for end, color in ((growth.start, palette.quiet), (growth.end, palette.series[0])):
        _bar(sheet, context, end, y, largest, color)
        y += _ROW
    sheet.line([(MARGIN + _LABELS, y - _ROW * 2 - 2), (MARGIN + _LABELS, y - 3)], palette.soft)
    return _rates(sheet, context, growth, y + 3)


def _ratio(context: Context, growth: queries.Growth) -> str:
    """How many times the start the end is, as exactly as the printed ends allow."""
    ratio = growth.end.quantity.number / growth.start.quantity.number
    digits = Decimal(1) if ratio >= _LARGE_RATIO else Decimal("0.01")
    times = f"{ratio.quantize(digits, ROUND_DOWN):,f}"
    return (
        context.say(">%(times)s× in %(years)s years", times=times, years=growth.comparison.years)
        if growth.start.quantity.qualifier is Qualifier.LESS_THAN
        else context.say("%(times)s× in %(years)s years", times=times, years=growth.comparison.years)
    )


def _bar(sheet: Sheet, context: Context, end: Observation, y: float, largest: Decimal, color: str) -> None:
    length = _LENGTH * float(end.quantity.number / largest)
    x = MARGIN + _LABELS
    sheet.text(MARGIN, y + 3, word_period(end.period, context.language), BODY, sheet.palette.soft)
    is_open = end.quantity.qualifier is Qualifier.LESS_THAN
    sheet.box(x, y, max(length, 0.7), _BAR, None if is_open else color, edge=color if is_open else None)
    words, inside = context.quantity(end), length > _LENGTH / 2
    at = x + length - 8 if inside else x + length + 8
    tone = sheet.palette.ground if inside else sheet.palette.ink
    sheet.text(at, y + 2, words, HEADING, tone, align="right" if inside else "left", strong=True)


def _rates(sheet: Sheet, context: Context, growth: queries.Growth, y: float) -> float:
    """Each stated rate beside the recomputed one."""
    pairs = ((growth.stated_growth, growth.growth), (growth.stated_average_rate, growth.average_rate))
    rows = [(stated, finding) for stated, finding in pairs if stated]
    if not rows:
        return y
    sheet.box(MARGIN, y, INNER, 18 + len(rows) * BODY * 1.7, sheet.palette.panel, radius=4)
    for at, title in ((_STATED, context.say("stated")), (_RECOMPUTED, context.say("recomputed"))):
        sheet.text(at, y + 4, title, SMALL, sheet.palette.soft)
    y += 18
    for stated, finding in rows:
        y = _rate(sheet, context, stated, finding, y)
    return y + 3


def _rate(sheet: Sheet, context: Context, stated: Observation, finding: Finding | None, y: float) -> float:
    label = stated.label or context.library.metric_of(stated.id).name
    sheet.paragraph(MARGIN + 10, y, context.read(label), SMALL, _STATED - MARGIN - 14, limit=1)
    sheet.text(_STATED, y, context.quantity(stated), BODY, strong=True)
    if finding is None or finding.recomputed is None:
        return y + BODY * 1.7
    agrees = finding.verdict is Verdict.CONSISTENT
    color = sheet.palette.series[1] if agrees else sheet.palette.accent
    words = f"{'✓' if agrees else '≠'} {_recomputed(context, stated, finding.recomputed)}"
    sheet.text(_RECOMPUTED, y, words, BODY, color, strong=True)
    return y + BODY * 1.7


def _recomputed(context: Context, stated: Observation, value: Decimal) -> str:
    if stated.quantity.unit == "percent":
        return word_percent(value)
    return context.amount(value, stated.quantity.unit)


def _doubts(sheet: Sheet, context: Context, comparisons: tuple[queries.Growth, ...], y: float) -> float:
    """The contradictions between rates of what is compared here."""
    shown = {growth.stated_average_rate.id for growth in comparisons if growth.stated_average_rate}
    for finding in rate_doubts(context.library):
        if shown.intersection(finding.rule.inputs):
            y = note(sheet, y, context.read(finding.rule.title)) + GAP / 2
    return y


def _facts(comparisons: tuple[queries.Growth, ...]) -> list[Sourced]:
    facts = [
        fact
        for growth in comparisons
        for fact in (growth.start, growth.end, growth.stated_growth, growth.stated_average_rate)
    ]
    return [fact for fact in facts if fact]
