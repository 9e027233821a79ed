"""What every picture has: a heading above, and the citation that survives a screenshot below."""

from __future__ import annotations

from collections.abc import Iterable

from digests.pictures.context import Context
from digests.pictures.sheet import Sheet
from digests.pictures.style import BODY, GAP, LEADING, MARGIN, SMALL, TINY, TITLE, WIDTH
from digests.report.model import Report, Sourced

INNER = WIDTH - 2 * MARGIN
_SEAL, _SEAL_HEIGHT = 26.0, 3.0


def head(sheet: Sheet, context: Context, title: str, subtitle: str) -> float:
    """The report's name, the picture's title and what it shows; where the picture begins."""
    y = head_line(sheet, report_names(context))
    y = sheet.paragraph(MARGIN, y + 1, title, TITLE, INNER, strong=True)
    return sheet.paragraph(MARGIN, y + 1, subtitle, BODY, INNER, sheet.palette.soft) + GAP


def head_line(sheet: Sheet, text: str) -> float:
    """The seal, and below it what the picture belongs to; where the next part begins."""
    sheet.box(MARGIN, MARGIN, _SEAL, _SEAL_HEIGHT, sheet.palette.accent)
    return sheet.paragraph(MARGIN, MARGIN + 8, text, SMALL, INNER, sheet.palette.soft)


def report_names(context: Context) -> str:
    """The short names of the reports that a picture is drawn from."""
    return " · ".join(context.read(report.name) for report in context.library.reports)


def foot(sheet: Sheet, context: Context, y: float, facts: Iterable[Sourced]) -> bytes:
    """The citation under a picture; the finished picture."""
    y += GAP
    sheet.line([(MARGIN, y), (WIDTH - MARGIN, y)], sheet.palette.line)
    y += 7
    for line in citations(context, facts):
        y = sheet.paragraph(MARGIN, y, line, TINY, INNER, sheet.palette.soft)
    return sheet.png(y + MARGIN * 0.6)


def note(sheet: Sheet, y: float, text: str) -> float:
    """A remark in a box of its own; where the next part begins."""
    height = 14 + len(sheet.fold(text, SMALL, INNER - 22)) * SMALL * LEADING
    sheet.box(MARGIN, y, INNER, height, sheet.palette.panel, radius=4)
    sheet.box(MARGIN, y, 3, height, sheet.palette.accent)
    sheet.paragraph(MARGIN + 12, y + 7, text, SMALL, INNER - 22)
    return y + height


def citations(context: Context, facts: Iterable[Sourced]) -> list[str]:
    """One line a report: its publication, the places of the facts in it, and the data's revision."""
    places: dict[str, dict[str, None]] = {report.id: {} for report in context.library.reports}
    reports: dict[str, Report] = {report.id: report for report in context.library.reports}
    for fact in facts:
        places[context.library.report_of(fact.id).id][context.place_in_report(fact)] = None
    return [
        context.citation(reports[report_id], _listed(context, list(named)))
        for report_id, named in places.items()
        if named
    ]


def _listed(context: Context, places: list[str]) -> str:
    """Places in a row, without those that a more exact one repeats."""
    exact = [place for place in places if not any(other.startswith(f"{place} ·") for other in places)]
    return context.say("; ").join(exact)
