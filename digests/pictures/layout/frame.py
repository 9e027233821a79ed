"""What every picture has: a heading above, and the citation that survives a screenshot below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from digests.pictures.context import Context
from digests.pictures.layout.boxes import Box
from digests.pictures.layout.sheet import Sheet
from digests.pictures.style import BODY, GAP, INNER, MARGIN, SMALL, SMALL_STRONG, TITLE, WIDTH
from digests.report.model import Report, Sourced

_SEAL = Box(MARGIN, MARGIN, 26, 3)
_TITLE_LINES, _SUBTITLE_LINES, _NOTE_LINES, _SOURCE_LINES = 4, 6, 8, 8


def inner(y: float, inset: float = 0.0) -> Box:
    """The room between the margins from *y* on, less *inset* at the left."""
    return Box(MARGIN + inset, y, INNER - inset, 0)


def head(sheet: Sheet, context: Context, title: str, subtitle: str) -> float:
    """The report's name, the picture's title and what it shows; where the picture begins."""
    y = head_line(sheet, report_names(context))
    y = sheet.paragraph(inner(y + 1), title, TITLE, limit=_TITLE_LINES)
    return sheet.paragraph(inner(y + 1), subtitle, BODY, sheet.palette.soft, _SUBTITLE_LINES) + GAP


def head_line(sheet: Sheet, parts: Sequence[str]) -> float:
    """The seal, and below it what the picture belongs to; where the next part begins."""
    sheet.fill(_SEAL, sheet.palette.accent)
    return sheet.row(inner(_SEAL.bottom + 5), parts, SMALL, sheet.palette.soft)


def report_names(context: Context) -> list[str]:
    """The short names of the reports that a picture is drawn from."""
    return [context.read(report.name) for report in context.library.reports]


def foot(sheet: Sheet, context: Context, y: float, facts: Iterable[Sourced]) -> Sheet:
    """The citation under a picture; the finished picture."""
    y += GAP
    sheet.line((MARGIN, y), (WIDTH - MARGIN, y), sheet.palette.line)
    y += 5
    for parts in citations(context, facts):
        y = sheet.row(inner(y), parts, SMALL, sheet.palette.soft, _SOURCE_LINES)
    return sheet.finish(y + MARGIN * 0.6)


def note(sheet: Sheet, y: float, text: str, title: str = "") -> float:
    """A remark in a panel of its own, under its title; where the next part begins."""
    width = INNER - 22
    above = sheet.fold(title, SMALL_STRONG, width) if title else []
    below = sheet.fold(text, SMALL, width, _NOTE_LINES)
    height = 12 + (len(above) + len(below)) * SMALL.line
    sheet.fill(Box(MARGIN, y, INNER, height), sheet.palette.panel)
    sheet.fill(Box(MARGIN, y, 3, height), sheet.palette.accent)
    box = Box(MARGIN + 12, y + 5, width, 0)
    if title:
        box = Box(box.x, sheet.paragraph(box, title, SMALL_STRONG), width, 0)
    sheet.paragraph(box, text, SMALL, limit=_NOTE_LINES)
    return y + height


def citations(context: Context, facts: Iterable[Sourced]) -> list[list[str]]:
    """For each report its publication, every place of the facts in it, and the data's revision."""
    places: dict[str, dict[str, None]] = {report.id: {} for report in context.library.reports}
    reports: dict[str, Report] = {report.id: report for report in context.library.reports}
    for fact in facts:
        places[context.library.report_of(fact.id).id].update(dict.fromkeys(context.places_in_report(fact)))
    return [
        context.citation(reports[report_id], _without_repeats(list(named)))
        for report_id, named in places.items()
        if named
    ]


def _without_repeats(places: list[str]) -> list[str]:
    """Places without those that a more exact one repeats."""
    return [place for place in places if not any(other.startswith(f"{place} ·") for other in places)]
