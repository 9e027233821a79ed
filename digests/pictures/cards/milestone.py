"""The card of one milestone: its date, what happened, and when among the others."""

from __future__ import annotations

from digests.pages.kinds import kind_names
from digests.pictures.cards.year_strip import draw_year_strip
from digests.pictures.context import Context
from digests.pictures.layout.frame import foot, head_line, inner, report_names
from digests.pictures.layout.sheet import Sheet
from digests.pictures.style import BODY, GAP, HEADING, MARGIN, TITLE
from digests.report.model import Milestone

_TITLE_LINES, _SUMMARY_LINES = 6, 12


def draw_milestone(context: Context, milestone_id: str) -> Sheet:
    """A milestone's card.

    Raises:
        UnknownFact: there is none of that id.
    """
    milestone = context.library.milestone(milestone_id)
    sheet = Sheet(context.theme, context.language)
    y = head_line(sheet, report_names(context)) + 7
    date, kind = context.date(milestone.date), kind_names(context.say)[milestone.kind.value]
    sheet.text(MARGIN, y, date, HEADING, sheet.palette.accent)
    x = MARGIN + sheet.width(f"{date}  ", HEADING)
    y = sheet.text(x, y, kind, HEADING, sheet.palette.kinds[milestone.kind])
    y = draw_story(sheet, context, milestone, y)
    y = draw_year_strip(sheet, context, y + GAP, [milestone.date])
    return foot(sheet, context, y - 4, [milestone])


def draw_story(sheet: Sheet, context: Context, milestone: Milestone, y: float) -> float:
    """Title and summary; where the next part begins."""
    y = draw_title(sheet, context, milestone, y)
    summary = context.read(milestone.summary)
    return sheet.paragraph(inner(y + 3), summary, BODY, sheet.palette.soft, _SUMMARY_LINES)


def draw_title(sheet: Sheet, context: Context, milestone: Milestone, y: float) -> float:
    """What happened, in one line or a few; where the next part begins."""
    return sheet.paragraph(inner(y + 2), context.read(milestone.title), TITLE, limit=_TITLE_LINES)
