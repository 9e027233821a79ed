"""What a digest tells for an occasion: the anniversaries that fall into it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from threading import RLock
from weakref import WeakKeyDictionary

from cachetools import LRUCache

from digests.composing.figure_of_day import figure_of_the_day
from digests.narrowing.matching import facts_of
from digests.report.library import Library
from digests.report.model import Milestone, Observation, Weight
from digests.schedules import Cadence, Due, Occasion, Schedule, next_due

#: A year of days: whoever looks further ahead finds the same anniversaries again.
_DUE_LOOKED_AHEAD = 400


#: A look ahead for each cadence.
_KEPT_DIGESTS = 3 * _DUE_LOOKED_AHEAD


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
    """What one occasion tells: milestones, or on an empty day one figure.

    ``part`` names which of the occasion's milestones it tells; empty for all of them.
    """

    occasion: Occasion
    items: tuple[Recalled, ...]
    figure: Observation | None = None
    part: str = ""

    @property
    def key(self) -> str:
        """Its name: ``daily:2026-05-10``, or ``monthly:2016-01!5.0d3b2a`` for a part of it."""
        return f"{self.occasion.key}!{self.part}" if self.part else self.occasion.key


#: Posts are planned on the event loop and shown again by a thread beside it.
_KNOWING = RLock()
_DIGESTS: WeakKeyDictionary[Library, LRUCache[Occasion, Digest | None]] = WeakKeyDictionary()


def compose(library: Library, occasion: Occasion, only: tuple[str, ...] = ()) -> Digest | None:
    """The digest of an occasion; None when there is nothing to tell.

    A daily occasion without a milestone tells a figure, for those who asked for one. *only* leaves out what
    belongs to none of these choices, and changes nothing else: a figure comes on no other day.
    """
    whole = _digest(library, occasion)
    if whole is None or not only:
        return whole
    wanted = facts_of(library, only)
    if whole.figure:
        return whole if whole.figure.id in wanted else None
    return _part(whole, [item.milestone.id in wanted for item in whole.items])


def compose_by_key(library: Library, key: str) -> Digest:
    """The digest of that key.

    Raises:
        LookupError: there is nothing to tell, or a part is of another state of the library.
        ValueError: the key names no occasion.
    """
    occasion, _, part = key.partition("!")
    whole = _digest(library, Occasion.parse(occasion))
    if whole is None:
        raise LookupError(key)
    if not part:
        return whole
    mask = int(part.partition(".")[0], 16)
    digest = _part(whole, [bool(mask >> place & 1) for place in range(len(whole.items))])
    if digest is None or digest.part != part:
        raise LookupError(key)
    return digest


def _part(whole: Digest, wanted: list[bool]) -> Digest | None:
    """Some milestones of a digest; its key tells them by their places, and what they are places among."""
    if all(wanted):
        return whole
    items = tuple(item for item, is_wanted in zip(whole.items, wanted, strict=True) if is_wanted)
    mask = sum(is_wanted << place for place, is_wanted in enumerate(wanted))
    among = hashlib.sha256(" ".join(item.milestone.id for item in whole.items).encode()).hexdigest()[:6]
    return replace(whole, items=items, part=f"{mask:x}.{among}") if items else None


def _digest(library: Library, occasion: Occasion) -> Digest | None:
    """The whole digest, composed once for all that is narrowed of it."""
    with _KNOWING:
        known = _DIGESTS.setdefault(library, LRUCache(_KEPT_DIGESTS))
        if occasion not in known:
            known[occasion] = _composed(library, occasion)
        return known[occasion]


def _composed(library: Library, occasion: Occasion) -> Digest | None:
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


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A post to come: when it is due, and what it will tell."""

    due: Due
    digest: Digest


def upcoming(
    library: Library,
    schedule: Schedule,
    after: datetime,
    count: int,
    *,
    figures: bool = False,
    only: tuple[str, ...] = (),
) -> tuple[Upcoming, ...]:
    """The next posts of a schedule that will have content; with *figures* also the empty days' figures.

    *only* is what the subscription is narrowed to.

    Fewer than *count* where a year of days has no more, or where the calendar ends.
    """
    found: list[Upcoming] = []
    if only and not facts_of(library, only):
        return ()
    for due in islice(_dues(schedule, after), _DUE_LOOKED_AHEAD):
        digest = compose(library, due.occasion, only)
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
