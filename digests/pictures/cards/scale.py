"""A strip of time: where a date lies on it, as exactly as it is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from digests.dates import PartialDate
from digests.report.model import Milestone


@dataclass(frozen=True, slots=True)
class Scale:
    """Whole years on a line that begins at *start* and is *length* units long."""

    first: int
    last: int
    start: float
    length: float

    def at(self, day: date) -> float:
        """Where a day begins."""
        begin, end = date(self.first, 1, 1), date(self.last + 1, 1, 1)
        return self.start + self.length * (day - begin).days / (end - begin).days

    def span(self, when: PartialDate) -> tuple[float, float] | None:
        """Begin and end of what a date may mean; None when its year is not known."""
        first, last = when.first_day(), when.last_day()
        if first is None or last is None:
            return None
        return self.at(first), self.at(date.fromordinal(last.toordinal() + 1))

    def middle(self, when: PartialDate) -> float:
        """The middle of what a date may mean; beyond the end when its year is not known."""
        span = self.span(when)
        return self.start + self.length if span is None else (span[0] + span[1]) / 2


def years_of(milestones: Iterable[Milestone]) -> tuple[int, int] | None:
    """First and last year of dated milestones; None when none has a year."""
    years = [milestone.date.year for milestone in milestones if milestone.date.year]
    return (min(years), max(years)) if years else None
