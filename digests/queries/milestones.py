"""Milestones: the timeline under a filter, and one event with its neighbours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from digests.queries.places import find_place
from digests.report.library import Library
from digests.report.model import Milestone, Place

_YEARS = re.compile(r"(?P<first>\d{4})\s*年?\s*(?:[-–—~～至到]|to)?\s*(?P<last>\d{4})?\s*年?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class YearRange:
    """A span of calendar years, both ends in it."""

    first: int
    last: int

    @classmethod
    def parse(cls, text: str) -> YearRange | None:
        """Read ``2016``, ``2016-2018`` or ``2016年至2018年``; None when *text* is something else."""
        match = _YEARS.fullmatch(text.strip())
        if match is None:
            return None
        years = sorted(int(year) for year in match.groups() if year)
        return cls(years[0], years[-1])

    @property
    def typed(self) -> str:
        """As `parse` reads it: ``2016``, ``2010-2019``."""
        return f"{self.first:04}" if self.first == self.last else f"{self.first:04}-{self.last:04}"

    def __contains__(self, year: int | None) -> bool:
        return year is not None and self.first <= year <= self.last

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"


@dataclass(frozen=True, slots=True)
class Timeline:
    """Milestones in order of time, under the filter that chose them."""

    milestones: tuple[Milestone, ...]
    years: tuple[tuple[int, int], ...]  # each year of the library and its count of milestones
    range: YearRange | None = None
    place: Place | None = None
    keyword: str | None = None

    @property
    def by_year(self) -> list[tuple[int | None, list[Milestone]]]:
        """The milestones year by year; last those whose year is not known."""
        return [(year, list(group)) for year, group in groupby(self.milestones, key=lambda m: m.date.year)]


@dataclass(frozen=True, slots=True)
class MilestoneCard:
    """One milestone with its neighbours in time."""

    milestone: Milestone
    position: int
    count: int
    previous: Milestone | None
    next: Milestone | None


def timeline(library: Library, wanted: str = "") -> Timeline:
    """The milestones that *wanted* chooses: nothing, a year, a range, a place or a keyword."""
    wanted = wanted.strip()
    years = YearRange.parse(wanted)
    place = None if years else find_place(library, wanted)
    if years:
        chosen: Iterable[Milestone] = (m for m in library.milestones if m.date.year in years)
    elif place:
        chosen = (m for m in library.milestones if place.id in m.places)
    else:
        chosen = library.milestones_about(wanted) if wanted else library.milestones
    return Timeline(
        tuple(chosen), _years(library), years, place, wanted if wanted and not (years or place) else None
    )


def _years(library: Library) -> tuple[tuple[int, int], ...]:
    counts: dict[int, int] = {}
    for milestone in library.milestones:
        if milestone.date.year is not None:
            counts[milestone.date.year] = counts.get(milestone.date.year, 0) + 1
    return tuple(sorted(counts.items()))


def milestone_card(library: Library, milestone_id: str) -> MilestoneCard:
    """A milestone and its neighbours.

    Raises:
        UnknownFact: no milestone has this id.
    """
    milestone = library.milestone(milestone_id)
    position = library.milestones.index(milestone)
    before = library.milestones[position - 1] if position else None
    after = library.milestones[position + 1] if position + 1 < len(library.milestones) else None
    return MilestoneCard(milestone, position + 1, len(library.milestones), before, after)
