"""Periods of time that a chart's columns and a list's groups stand for: months, years, or spans of years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from digests.pages.formatting import month_name
from digests.pictures.context import Context
from digests.report.model import Milestone

#: No chart has more columns, no list more groups of years: beyond, a column is several years.
_MOST = 16
_SPANS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000)
_MONTHS = range(1, 13)


@dataclass(frozen=True, slots=True)
class Periods:
    """Equal spans of years from *first* on; of one year, its months."""

    first: int
    last: int
    span: int

    @classmethod
    def of(cls, milestones: Sequence[Milestone]) -> Periods | None:
        """The periods that hold every dated milestone; None when none has a year."""
        years = [milestone.date.year for milestone in milestones if milestone.date.year]
        if not years:
            return None
        span = next((span for span in _SPANS if _count(min(years), max(years), span) <= _MOST), _SPANS[-1])
        return cls(min(years) // span * span, max(years), span)

    @property
    def is_one_year(self) -> bool:
        """Whether the columns are months."""
        return self.first == self.last

    @property
    def starts(self) -> list[int]:
        """The first year of each."""
        return list(range(self.first, self.last + 1, self.span))

    def start_of(self, milestone: Milestone) -> int | None:
        """The first year of the period that holds a milestone; None when its year is not known."""
        year = milestone.date.year
        return None if year is None else year // self.span * self.span

    def columns(self, context: Context, milestones: Sequence[Milestone]) -> list[tuple[str, list[Milestone]]]:
        """The name of each column with its milestones; last those of one year without a month, if any."""
        if not self.is_one_year:
            return [
                (str(start), [m for m in milestones if self.start_of(m) == start]) for start in self.starts
            ]
        months = [
            (month_name(month, context.language)[:3], [m for m in milestones if m.date.month == month])
            for month in _MONTHS
        ]
        without = [m for m in milestones if m.date.month is None]
        return [*months, (context.say("year"), without)] if without else months

    def name(self, start: int) -> str:
        """A period in figures: ``2016`` or ``1870–79``."""
        last = start + self.span - 1
        if self.span == 1:
            return str(start)
        return f"{start}–{last % 100:02}" if start // 100 == last // 100 else f"{start}–{last}"


def _count(first: int, last: int, span: int) -> int:
    return last // span - first // span + 1
