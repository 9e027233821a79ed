"""The growth picture: the end points that the text states, and no curve through years it does not know."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal

from digests import queries
from digests.composing.doubts import rate_doubts
from digests.pages.formatting import word_percent, word_period
from digests.pictures.context import Context
from digests.pictures.layout.boxes import Box
from digests.pictures.layout.frame import foot, head, inner, note
from digests.pictures.layout.notes import Notes
from digests.pictures.layout.sheet import Sheet
from digests.pictures.style import BODY, GAP, HEADING, INNER, MARGIN, SMALL, STRONG, WIDTH
from digests.quantities import Qualifier
from digests.report.audit import Finding, Verdict
from digests.report.model import Observation, Sourced

_BAR, _ROW = 22.0, 28.0
_LARGE_RATIO = 100
_COLUMN_GAP = 10.0
#: A picture compares no more; the others are counted.
_MOST = 6
_HUNDRED = Decimal(100)
#: What stands before a number that is only a bound.
_BOUNDS = {
    Qualifier.OVER: "> ",
    Qualifier.MORE_THAN: "> ",
    Qualifier.LESS_THAN: "< ",
    Qualifier.NEARLY: "< ",
    Qualifier.ABOUT: "≈ ",
}


def draw_growth(context: Context, wanted: str = "") -> Sheet:
    """The comparisons that *wanted* chooses (all when empty), on one axis from zero for each unit.

    Raises:
        LookupError: there is no such comparison.
    """
    comparisons = queries.growth(context.library, wanted)[:_MOST]
    if not comparisons:
        raise LookupError(wanted)
    sheet, notes = Sheet(context.theme, context.language), Notes()
    subtitle = context.say("First and last year as printed")
    y = head(sheet, context, context.say("Growth"), subtitle)
    for growth in comparisons:
        y = _comparison(sheet, context, notes, growth, y, _largest(comparisons, growth)) + GAP
    doubts = _doubts(context, comparisons)
    for finding in doubts:
        y = note(sheet, y, context.read(finding.rule.explanation), context.read(finding.rule.title)) + GAP / 2
    y = note(
        sheet, y, context.say("Yearly values are not in the text, so no curve is drawn between the years.")
    )
    return foot(
        sheet, context, notes.draw(sheet, y + GAP / 2) - GAP / 2, _facts(context, comparisons, doubts)
    )


def _largest(comparisons: tuple[queries.Growth, ...], growth: queries.Growth) -> Decimal:
    """The longest bar of its unit: bars of one unit can be compared across the picture."""
    unit = growth.end.quantity.unit
    ends = (end for other in comparisons for end in (other.start, other.end))
    return max(end.quantity.number for end in ends if end.quantity.unit == unit)


def _comparison(
    sheet: Sheet, context: Context, notes: Notes, growth: queries.Growth, y: float, largest: Decimal
) -> float:
    palette = sheet.palette
    y = sheet.paragraph(inner(y), context.read(growth.comparison.name), HEADING, limit=2)
    y = sheet.paragraph(inner(y), _ratio(context, growth), STRONG, palette.accent) + 3
    years = [_year(context, end) for end in (growth.start, growth.end)]
    axis = MARGIN + max(sheet.width(year, BODY) for year in years) + 8
    sheet.line((axis, y - 2), (axis, y + _ROW * 2 - _ROW + _BAR + 2), palette.soft)
    for end, year, color in zip(
        (growth.start, growth.end), years, (palette.quiet, palette.data), strict=True
    ):
        sheet.text(MARGIN, y + 3, year, BODY, palette.soft)
        _bar(sheet, context, end, Box(axis, y, WIDTH - MARGIN - axis, _BAR), largest, color)
        y += _ROW
    return _rates(sheet, context, notes, growth, y)


def _year(context: Context, end: Observation) -> str:
    return word_period(end.period, context.language)


def _ratio(context: Context, growth: queries.Growth) -> str:
    """How many times the start the end is, as exactly as the printed ends allow; computed here."""
    ratio = growth.end.quantity.number / growth.start.quantity.number
    digits = Decimal(1) if ratio >= _LARGE_RATIO else Decimal("0.01")
    times = f"{ratio.quantize(digits, ROUND_DOWN):,f}"
    year = _year(context, growth.start)
    if growth.start.quantity.qualifier is Qualifier.LESS_THAN:
        return context.say(
            "more than %(times)s times as much as in %(year)s (computed)", times=times, year=year
        )
    return context.say("%(times)s times as much as in %(year)s (computed)", times=times, year=year)


def _bar(sheet: Sheet, context: Context, end: Observation, room: Box, largest: Decimal, color: str) -> None:
    """A bar with its figure in it or behind it, wherever that has more room; outlined when below a bound."""
    length = max(room.width * float(end.quantity.number / largest), 1.6)
    box = Box(room.x, room.y, length, room.height)
    is_open = end.quantity.qualifier is Qualifier.LESS_THAN
    if is_open:
        sheet.outline(box, color)
    else:
        sheet.fill(box, color)
    words, inside = context.quantity(end), length > room.width / 2
    face = sheet.fitted(words, HEADING, (length if inside else room.width - length) - 14)
    at = box.right - 7 if inside else box.right + 7
    ink = sheet.palette.ground if inside and not is_open else sheet.palette.ink
    sheet.text(at, room.y + 2, words, face, ink, "right" if inside else "left")


def _rates(sheet: Sheet, context: Context, notes: Notes, growth: queries.Growth, y: float) -> float:
    """Each stated rate beside the recomputed one, in columns as wide as their words."""
    pairs = ((growth.stated_growth, growth.growth), (growth.stated_average_rate, growth.average_rate))
    rows = [
        (
            _label(context, notes, stated),
            _stated(context, stated),
            _recomputed(growth, stated, finding),
            finding,
        )
        for stated, finding in pairs
        if stated
    ]
    if not rows:
        return y
    titles = (context.say("stated"), context.say("recomputed"))
    third = (
        WIDTH - MARGIN - 8 - max(sheet.width(words, STRONG) for words in (titles[1], *(r[2] for r in rows)))
    )
    second = (
        third - _COLUMN_GAP - max(sheet.width(words, STRONG) for words in (titles[0], *(r[1] for r in rows)))
    )
    folded = [sheet.fold(row[0], SMALL, second - MARGIN - 8 - _COLUMN_GAP) for row in rows]
    height = 22 + sum(len(lines) for lines in folded) * SMALL.line + 4 * len(rows)
    sheet.fill(Box(MARGIN, y, INNER, height), sheet.palette.panel)
    for x, title in zip((second, third), titles, strict=True):
        sheet.text(x, y + 3, title, SMALL, sheet.palette.soft)
    y += 20
    for lines, (_, stated, recomputed, finding) in zip(folded, rows, strict=True):
        sheet.text(second, y, stated, STRONG)
        sheet.text(third, y, recomputed, STRONG, _verdict_color(sheet, finding))
        for line in lines:
            y = sheet.text(MARGIN + 8, y, line, SMALL)
        y += 4
    return y + 2


def _label(context: Context, notes: Notes, stated: Observation) -> str:
    label = stated.label or context.library.metric_of(stated.id).name
    return f"{context.read(label)}{notes.mark(*([context.read(stated.note)] if stated.note else []))}"


def _stated(context: Context, stated: Observation) -> str:
    """A stated growth as printed; one in times also as per cent, so that it can be held against ours."""
    printed = context.quantity(stated)
    if stated.quantity.unit == "percent":
        return printed
    in_percent = word_percent((stated.quantity.number * _HUNDRED).normalize())
    bound = _BOUNDS[stated.quantity.qualifier] if stated.quantity.qualifier else ""
    return printed + context.bracketed(f"{bound}+{in_percent}")


def _recomputed(growth: queries.Growth, stated: Observation, finding: Finding | None) -> str:
    if finding is None or finding.recomputed is None:
        return "–"
    value = finding.recomputed
    if stated.quantity.unit != "percent":
        value = (value * _HUNDRED).normalize()
    bound = "≥ " if growth.start.quantity.qualifier is Qualifier.LESS_THAN else "+"
    sign = "✓" if finding.verdict is Verdict.CONSISTENT else "≠"
    return f"{sign} {bound}{word_percent(value)}"


def _verdict_color(sheet: Sheet, finding: Finding | None) -> str:
    if finding is None or finding.recomputed is None:
        return sheet.palette.soft
    return sheet.palette.good if finding.verdict is Verdict.CONSISTENT else sheet.palette.accent


def _doubts(context: Context, comparisons: tuple[queries.Growth, ...]) -> list[Finding]:
    """The contradictions between rates of what is compared here."""
    shown = {growth.stated_average_rate.id for growth in comparisons if growth.stated_average_rate}
    return [finding for finding in rate_doubts(context.library) if shown.intersection(finding.rule.inputs)]


def _facts(context: Context, comparisons: tuple[queries.Growth, ...], doubts: list[Finding]) -> list[Sourced]:
    """Every figure that stands in the picture, those that the doubts name, too."""
    facts = [
        fact
        for growth in comparisons
        for fact in (growth.start, growth.end, growth.stated_growth, growth.stated_average_rate)
    ]
    named = [context.library.observation(name) for finding in doubts for name in finding.rule.inputs]
    return [fact for fact in (*facts, *named) if fact]
