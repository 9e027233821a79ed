"""What a digest tells for an occasion: the anniversaries that fall into it."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from digests.dates import PartialDate, Precision
from digests.report.library import Library
from digests.report.model import Milestone, Observation
from digests.schedules import Cadence, Due, Occasion, Schedule, next_due

#: The year from which empty days are counted for the figure of the day; any fixed year would do.
_FIRST_YEAR = 2024

#: A year of days: whoever looks further ahead finds the same anniversaries again.
_DUE_LOOKED_AHEAD = 400


@dataclass(frozen=True, slots=True)
class Recalled:
    """A milestone told again: on a day when it is known to the day, else in a month."""

    milestone: Milestone
    years_ago: int
    on: date | None

    @property
    def is_round(self) -> bool:
        """Whether the years ago are a multiple of five."""
        return self.years_ago % 5 == 0


@dataclass(frozen=True, slots=True)
class Digest:
    """What one occasion tells: milestones, or on an empty day one figure."""

    occasion: Occasion
    items: tuple[Recalled, ...]
    figure: Observation | None = None


def compose(library: Library, occasion: Occasion) -> Digest | None:
    """The digest of an occasion; None when there is nothing to tell.

    A daily occasion without a milestone tells a figure, for those who asked for one.
    """
    items = recalled(library, occasion)
    if items:
        return Digest(occasion, items)
    if occasion.cadence is Cadence.DAILY:
        figure = figure_of_the_day(library, occasion.first_day)
        return Digest(occasion, (), figure) if figure else None
    return None


def recalled(library: Library, occasion: Occasion) -> tuple[Recalled, ...]:
    """The milestones that an occasion recalls, in the order of its days, the oldest first."""
    first = occasion.first_day
    if occasion.cadence is Cadence.MONTHLY:
        return recalled_in_month(library, first.year, first.month)
    days = [first + timedelta(days=offset) for offset in range((occasion.last_day - first).days + 1)]
    return tuple(item for day in days for item in recalled_on_day(library, day))


def recalled_on_day(library: Library, day: date) -> tuple[Recalled, ...]:
    """The anniversaries of a day; on the 1st also what is known to the month only."""
    found = [
        Recalled(milestone, day.year - milestone.date.year, day)
        for milestone in library.milestones
        if milestone.date.year is not None and milestone.date.recalled_on(day.year) == day
    ]
    if day.day == 1:
        found += [item for item in recalled_in_month(library, day.year, day.month) if item.on is None]
    return tuple(found)


def recalled_in_month(library: Library, year: int, month: int) -> tuple[Recalled, ...]:
    """Everything of a month: first what is known to the month only, then day by day."""
    found = [
        Recalled(milestone, year - milestone.date.year, milestone.date.recalled_on(year))
        for milestone in library.milestones
        if milestone.date.year is not None and milestone.date.recalled_in(year, month)
    ]
    return tuple(sorted(found, key=lambda item: (item.on or date.min, item.milestone.date.sort_key)))


def figure_of_the_day(library: Library, day: date) -> Observation | None:
    """The figure that an empty day tells, the same for everybody.

    Rotated by the count of such days, so that all figures appear before one repeats.
    """
    figures = [observation for metric in library.metrics for observation in metric.observations]
    if not figures:
        return None
    dates = tuple(milestone.date for milestone in library.milestones)
    earlier = sum(len(_empty_days(dates, year)) for year in range(_FIRST_YEAR, day.year))
    return figures[(earlier + bisect_left(_empty_days(dates, day.year), day)) % len(figures)]


@lru_cache(maxsize=64)
def _empty_days(dates: tuple[PartialDate, ...], year: int) -> tuple[date, ...]:
    told = {recalled_on for known in dates if (recalled_on := known.recalled_on(year))}
    told |= {
        date(year, known.month, 1)
        for known in dates
        if known.precision is Precision.MONTH and known.month and known.recalled_in(year, known.month)
    }
    days = (date(year, 1, 1) + timedelta(days=offset) for offset in range(366))
    return tuple(day for day in days if day.year == year and day not in told)


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A post to come: when it is due, and what it will tell."""

    due: Due
    digest: Digest


def upcoming(
    library: Library, schedule: Schedule, after: datetime, count: int, *, figures: bool = False
) -> tuple[Upcoming, ...]:
    """The next posts of a schedule that will have content; with *figures* also the empty days' figures."""
    found: list[Upcoming] = []
    due = next_due(schedule, after)
    for _ in range(_DUE_LOOKED_AHEAD):
        digest = compose(library, due.occasion)
        if digest and (digest.items or figures):
            found.append(Upcoming(due, digest))
        if len(found) == count:
            break
        due = next_due(schedule, due.at)
    return tuple(found)


def next_recalled(library: Library, after: date) -> tuple[date, tuple[Recalled, ...]] | None:
    """The next day that has anniversaries, with them, looking a year ahead."""
    days = (after + timedelta(days=offset) for offset in range(1, _DUE_LOOKED_AHEAD))
    return next(((day, items) for day in days if (items := recalled_on_day(library, day))), None)
