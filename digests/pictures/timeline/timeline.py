"""The timeline: a unit chart of milestones by time and kind, and below it what they were."""

from __future__ import annotations

from digests import queries
from digests.pictures.context import Context
from digests.pictures.layout.frame import foot, head
from digests.pictures.layout.sheet import Sheet
from digests.pictures.style import GAP
from digests.pictures.timeline.event_list import are_few, draw_event_list, draw_told
from digests.pictures.timeline.periods import Periods
from digests.pictures.timeline.unit_chart import draw_unit_chart

#: Fewer need no chart.
_CHARTED = 4


def draw_timeline(context: Context, wanted: str = "") -> Sheet:
    """The milestones that *wanted* chooses (a year, years, a place; all when empty), downwards in time.

    Raises:
        LookupError: it chooses none that has a year.
    """
    found = queries.timeline(context.library, wanted)
    periods = Periods.of(found.milestones)
    if periods is None:
        raise LookupError(wanted)
    sheet = Sheet(context.theme, context.language)
    y = head(sheet, context, _title(context, found), _subtitle(context, found, periods))
    if len(found.milestones) >= _CHARTED:
        y = draw_unit_chart(sheet, context, periods, found.milestones, y) + GAP
    if are_few(found.milestones):
        y = draw_told(sheet, context, found.milestones, y) - GAP
    else:
        y = draw_event_list(sheet, context, periods, found.milestones, y) - GAP
    return foot(sheet, context, y, found.milestones)


def _title(context: Context, found: queries.Timeline) -> str:
    if found.range:
        return f"{context.say('Timeline')} · {found.range}"
    if found.place:
        return f"{context.say('Timeline')} · {context.read(found.place.name)}"
    return context.say("Timeline")


def _subtitle(context: Context, found: queries.Timeline, periods: Periods) -> str:
    """How many there are, between which years, and how many have no year."""
    years = [m.date.year for m in found.milestones if m.date.year]
    count = len(found.milestones)
    counted = context.say_count("%(count)s milestone", "%(count)s milestones", count)
    parts = [counted]
    if not (found.range or periods.is_one_year):
        parts.append(f"{min(years)}–{max(years)}")
    if count > len(years):
        parts.append(context.say("%(count)s of them without a year", count=count - len(years)))
    return " · ".join(parts)
