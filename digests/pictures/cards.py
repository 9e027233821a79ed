"""Cards, made to be reposted: one digest, one milestone or one figure, with its date and its source."""

from __future__ import annotations

from collections.abc import Sequence

from digests.dates import PartialDate
from digests.digest import Recalled, compose
from digests.pages.figures import figure_title
from digests.pages.headings import card_heading
from digests.pages.kinds import kind_names
from digests.pictures.context import Context
from digests.pictures.frame import INNER, foot, head_line, report_names
from digests.pictures.sheet import Sheet
from digests.pictures.style import BODY, GAP, HEADING, HERO, LEADING, MARGIN, SMALL, TITLE
from digests.pictures.yearstrip import draw_year_strip
from digests.report.model import Milestone, Observation
from digests.schedules import Occasion

_NUMBER = 66.0
_LISTED = 6


def draw_milestone(context: Context, milestone_id: str) -> bytes:
    """A milestone's card.

    Raises:
        UnknownFact: there is none of that id.
    """
    milestone = context.library.milestone(milestone_id)
    sheet = Sheet(context.palette, context.language)
    kind = kind_names(context.say)[milestone.kind.value]
    y = head_line(sheet, f"{report_names(context)} · {kind}") + 7
    y = sheet.text(MARGIN, y, context.date(milestone.date), HEADING, sheet.palette.accent, strong=True)
    y = _told(sheet, context, milestone, MARGIN, y, INNER)
    y = draw_year_strip(sheet, context, y + GAP, [milestone.date])
    return foot(sheet, context, y - 4, [milestone])


def draw_figure(context: Context, observation_id: str) -> bytes:
    """A figure's card.

    Raises:
        UnknownFact: there is none of that id.
    """
    observation = context.library.observation(observation_id)
    sheet = Sheet(context.palette, context.language)
    return _figure(sheet, context, observation, head_line(sheet, report_names(context)) + 7)


def draw_digest(context: Context, key: str) -> bytes:
    """The card of an occasion's digest, named by the occasion's key (``daily:2026-05-10``).

    Raises:
        LookupError: the occasion has nothing to tell.
        ValueError: the key names no occasion.
    """
    occasion = Occasion.parse(key)
    digest = compose(context.library, occasion)
    if digest is None:
        raise LookupError(key)
    sheet = Sheet(context.palette, context.language)
    y = head_line(sheet, f"{report_names(context)} · {card_heading(digest, context.language)}") + 7
    if digest.figure:
        return _figure(sheet, context, digest.figure, y)
    y = (
        _one(sheet, context, digest.items[0], y)
        if len(digest.items) == 1
        else _several(sheet, context, digest.items, y)
    )
    milestones = [item.milestone for item in digest.items]
    y = draw_year_strip(sheet, context, y + GAP, [milestone.date for milestone in milestones])
    return foot(sheet, context, y - 4, milestones)


def _one(sheet: Sheet, context: Context, item: Recalled, y: float) -> float:
    """A single anniversary: the years ago large, its date, title and summary below."""
    number = str(item.years_ago)
    sheet.text(MARGIN, y - 4, number, HERO, sheet.palette.accent, strong=True)
    x = MARGIN + sheet.width(number, HERO) + 10
    sheet.text(x, y + 5, _years_ago(context, item), HEADING, sheet.palette.accent, strong=True)
    sheet.text(x, y + 25, context.date(item.milestone.date), HEADING, strong=True)
    return _told(sheet, context, item.milestone, MARGIN, y + HERO * 1.3, INNER)


def _years_ago(context: Context, item: Recalled) -> str:
    """What stands beside the number, with a star for a multiple of five."""
    words = context.say("year ago") if item.years_ago == 1 else context.say("years ago")
    return f"{words} ★" if item.is_round else words


def _told(sheet: Sheet, context: Context, milestone: Milestone, x: float, y: float, width: float) -> float:
    y = sheet.paragraph(x, y + 2, context.read(milestone.title), TITLE, width, strong=True)
    return sheet.paragraph(x, y + 3, context.read(milestone.summary), BODY + 0.5, width, sheet.palette.soft)


def _several(sheet: Sheet, context: Context, items: Sequence[Recalled], y: float) -> float:
    """A list of anniversaries; those beyond the sixth are counted."""
    for item in items[:_LISTED]:
        y = _listed(sheet, context, item, y) + GAP * 0.8
    if len(items) > _LISTED:
        more = context.say("and %(count)s more", count=len(items) - _LISTED)
        y = sheet.text(MARGIN + _NUMBER, y, more, BODY, sheet.palette.soft)
    return y - GAP * 0.4


def _listed(sheet: Sheet, context: Context, item: Recalled, y: float) -> float:
    center = MARGIN + _NUMBER / 2 - 6
    accent = sheet.palette.accent
    sheet.text(center, y - 3, str(item.years_ago), TITLE + 3, accent, align="center", strong=True)
    sheet.text(center, y + 27, _years_ago(context, item), SMALL - 1, accent, align="center")
    x, width = MARGIN + _NUMBER, INNER - _NUMBER
    below = sheet.text(x, y, context.date(item.milestone.date), SMALL, sheet.palette.soft, strong=True)
    below = sheet.paragraph(x, below, context.read(item.milestone.title), HEADING, width, strong=True)
    return max(below, y + 27 + SMALL * LEADING)


def _figure(sheet: Sheet, context: Context, observation: Observation, y: float) -> bytes:
    """What is measured, the figure as large as it fits, its time and place, and who said so."""
    title = figure_title(context.library, observation, context.language)
    y = sheet.paragraph(MARGIN, y + 2, title, HEADING + 1, INNER, strong=True)
    value = context.quantity(observation)
    size = min(HERO, HERO * INNER / sheet.width(value, HERO))
    y = sheet.text(MARGIN, y + 2, value, size, sheet.palette.accent, strong=True) + 3
    for line in _circumstances(context, observation):
        y = sheet.paragraph(MARGIN, y, line, BODY + 0.5, INNER, sheet.palette.soft)
    y = draw_year_strip(sheet, context, y + GAP, _dates(observation))
    return foot(sheet, context, y - 4, [observation])


def _circumstances(context: Context, observation: Observation) -> list[str]:
    library = context.library
    place = library.place(observation.place or library.metric_of(observation.id).place)
    texts = (observation.attribution, observation.note, library.metric_of(observation.id).note)
    where_and_when = context.row((context.read(place.name), context.when(observation)))
    return [where_and_when, *(context.read(text) for text in texts if text)]


def _dates(observation: Observation) -> list[PartialDate]:
    """The ends of the time that a figure is about; one when both are the same."""
    ends = (observation.period.start, observation.period.end)
    return list(dict.fromkeys(end for end in ends if end))
