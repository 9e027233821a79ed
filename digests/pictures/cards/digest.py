"""The card of a digest: one anniversary large, several as a list, or a figure."""

from __future__ import annotations

from collections.abc import Sequence

from digests.composing.digest import Recalled, compose_by_key
from digests.pages.headings import card_heading
from digests.pictures.cards.figure import figure_card
from digests.pictures.cards.milestone import draw_title
from digests.pictures.cards.year_strip import draw_year_strip
from digests.pictures.context import Context
from digests.pictures.layout.boxes import Box
from digests.pictures.layout.frame import foot, head_line, inner, report_names
from digests.pictures.layout.sheet import Sheet
from digests.pictures.style import BODY, GAP, HEADING, HERO, INNER, MARGIN, SMALL, SMALL_STRONG, TITLE

_NUMBER = 66.0
_LISTED, _TITLE_LINES = 6, 3


def draw_digest(context: Context, key: str) -> Sheet:
    """The card of an occasion's digest, named by the occasion's key (``daily:2026-05-10``).

    Raises:
        LookupError: the occasion has nothing to tell.
        ValueError: the key names no occasion.
    """
    digest = compose_by_key(context.library, key)
    belongs_to = [*report_names(context), card_heading(digest, context.language)]
    if digest.figure:
        return figure_card(context, digest.figure, belongs_to)
    sheet = Sheet(context.theme, context.language)
    y = head_line(sheet, belongs_to) + 7
    if len(digest.items) == 1:
        y = _one(sheet, context, digest.items[0], y)
    else:
        y = _several(sheet, context, digest.items, y)
    y = draw_year_strip(sheet, context, y + GAP, [item.milestone.date for item in digest.items])
    if any(item.is_round for item in digest.items):
        y = sheet.paragraph(inner(y), context.say("★ a round anniversary"), SMALL, sheet.palette.soft)
    return foot(sheet, context, y - 4, [item.milestone for item in digest.items])


def _one(sheet: Sheet, context: Context, item: Recalled, y: float) -> float:
    """A single anniversary: the years ago large, its date and title below; the post tells the rest."""
    number, accent = str(item.years_ago), sheet.palette.accent
    sheet.text(MARGIN, y - 4, number, HERO, accent)
    x = MARGIN + sheet.width(number, HERO) + 10
    years_ago = _years_ago(context, item)
    sheet.text(x, y + 5, f"{years_ago} ★" if item.is_round else years_ago, HEADING, accent)
    sheet.text(x, y + 25, context.date(item.milestone.date), HEADING)
    return draw_title(sheet, context, item.milestone, y + HERO.size * 1.3)


def _years_ago(context: Context, item: Recalled) -> str:
    """What stands beside the number."""
    return context.say("year ago") if item.years_ago == 1 else context.say("years ago")


def _several(sheet: Sheet, context: Context, items: Sequence[Recalled], y: float) -> float:
    """A list of anniversaries; those beyond the sixth are counted."""
    for item in items[:_LISTED]:
        y = _listed(sheet, context, item, y) + GAP * 0.8
    if more := len(items) - _LISTED if len(items) > _LISTED else 0:
        words = context.say("and %(count)s more", count=more)
        y = sheet.text(MARGIN + _NUMBER, y, words, BODY, sheet.palette.soft)
    return y - GAP * 0.4


def _listed(sheet: Sheet, context: Context, item: Recalled, y: float) -> float:
    center, accent = MARGIN + _NUMBER / 2 - 6, sheet.palette.accent
    number = f"{item.years_ago} ★" if item.is_round else str(item.years_ago)
    sheet.text(center, y - 3, number, TITLE, accent, "center")
    below_number = sheet.text(center, y + 22, _years_ago(context, item), SMALL, accent, "center")
    x = MARGIN + _NUMBER
    below = sheet.text(x, y, context.date(item.milestone.date), SMALL_STRONG, sheet.palette.soft)
    box = Box(x, below, INNER - _NUMBER, 0)
    below = sheet.paragraph(box, context.read(item.milestone.title), HEADING, limit=_TITLE_LINES)
    return max(below, below_number)
