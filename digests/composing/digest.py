"""What a digest tells for an occasion: the anniversaries that fall into it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import islice

from digests.composing.quiet_days import ToldDays, quiet_days_before, told_days
from digests.queries import compare
from digests.report.library import Library
from digests.report.model import Milestone, Observation, Weight
from digests.schedules import Cadence, Due, Occasion, Schedule, next_due

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
    """The milestones that an occasion recalls: the headlines first, then in the order of its days."""
    first = occasion.first_day
    if occasion.cadence is Cadence.MONTHLY:
        return recalled_in_month(library, first.year, first.month)
    days = map(date.fromordinal, range(first.toordinal(), occasion.last_day.toordinal() + 1))
    return _ranked(item for day in days for item in recalled_on_day(library, day))


def recalled_on_day(library: Library, day: date) -> tuple[Recalled, ...]:
    """The anniversaries of a day; on the 1st also what is known to the month only."""
    found = [
        Recalled(milestone, years, day)
        for milestone, years in _older(library, day.year)
        if milestone.date.recalled_on(day.year) == day
    ]
    if day.day == 1:
        found += [item for item in recalled_in_month(library, day.year, day.month) if item.on is None]
    return _ranked(found)


def recalled_in_month(library: Library, year: int, month: int) -> tuple[Recalled, ...]:
    """Everything of a month: the headlines first, then what is known to the month only, then day by day."""
    found = [
        Recalled(milestone, years, milestone.date.recalled_on(year))
        for milestone, years in _older(library, year)
        if milestone.date.recalled_in(year, month)
    ]
    return _ranked(sorted(found, key=lambda item: (item.on or date.min, item.milestone.date.sort_key)))


def _older(library: Library, year: int) -> Iterator[tuple[Milestone, int]]:
    """The milestones worth an anniversary of years before *year*, with the years since."""
    for milestone in library.milestones:
        if milestone.date.year is not None and milestone.weight is not Weight.BACKGROUND:
            yield milestone, year - milestone.date.year


def _ranked(items: Iterable[Recalled]) -> tuple[Recalled, ...]:
    return tuple(sorted(items, key=lambda item: item.milestone.weight is not Weight.HEADLINE))


def figure_of_the_day(library: Library, day: date) -> Observation | None:
    """The figure that an empty day tells, the same for everybody; None when no figure is worth a day.

    Rotated by the count of such days, so that all figures appear before one repeats.
    """
    figures, told = _rotation(library)
    return figures[quiet_days_before(told, day) % len(figures)] if figures else None


@lru_cache(maxsize=8)
def _rotation(library: Library) -> tuple[tuple[Observation, ...], ToldDays]:
    """The figures worth a day, subject after subject in turns, and the days that recall something."""
    turns: Counter[str] = Counter()
    placed: list[tuple[int, Observation]] = []
    for metric in library.metrics:
        for observation in metric.observations:
            if _is_worth_a_day(library, observation):
                turns[metric.subject] += 1
                placed.append((turns[metric.subject], observation))
    told = told_days(m.date for m in library.milestones if m.weight is not Weight.BACKGROUND)
    return tuple(observation for _, observation in sorted(placed, key=lambda each: each[0])), told


def _is_worth_a_day(library: Library, observation: Observation) -> bool:
    """Whether a figure may be told alone: a headline, or one that can be compared with another."""
    if observation.weight is Weight.NORMAL:
        return compare(library, observation) is not None
    return observation.weight is Weight.HEADLINE


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A post to come: when it is due, and what it will tell."""

    due: Due
    digest: Digest


def upcoming(
    library: Library, schedule: Schedule, after: datetime, count: int, *, figures: bool = False
) -> tuple[Upcoming, ...]:
    """The next posts of a schedule that will have content; with *figures* also the empty days' figures.

    Fewer than *count* where a year of days has no more, or where the calendar ends.
    """
    found: list[Upcoming] = []
    for due in islice(_dues(schedule, after), _DUE_LOOKED_AHEAD):
        digest = compose(library, due.occasion)
        if digest and (digest.items or figures):
            found.append(Upcoming(due, digest))
        if len(found) == count:
            break
    return tuple(found)


def _dues(schedule: Schedule, after: datetime) -> Iterator[Due]:
    """The due instants after *after*, until the calendar ends."""
    while True:
        try:
            due = next_due(schedule, after)
        except (OverflowError, ValueError):  # before the year 1, or after 9999
            return
        yield due
        after = due.at


def next_recalled(library: Library, after: date) -> tuple[date, tuple[Recalled, ...]] | None:
    """The next day that has anniversaries, with them, looking a year ahead."""
    last = min(after.toordinal() + _DUE_LOOKED_AHEAD, date.max.toordinal())
    days = map(date.fromordinal, range(after.toordinal() + 1, last + 1))
    return next(((day, items) for day in days if (items := recalled_on_day(library, day))), None)
