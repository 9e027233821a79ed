"""Dates as a report prints them: known to the day, the month or the year."""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

_FORM = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?")
_YEARLESS_FORM = re.compile(r"--(?P<month>\d{2})-(?P<day>\d{2})")
_LEAP_YEAR = 2000
_UNKNOWN_YEAR = 9999
_FIRST_YEAR, _LAST_YEAR = 1, 2999


class Precision(StrEnum):
    """How much of a date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    DAY_OF_UNKNOWN_YEAR = "day of unknown year"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date whose form is its precision.

    ``2014-05-10`` is a day, ``2012-08`` a month, ``2017`` a year and ``--08-28`` a day whose year
    the report leaves open.
    """

    year: int | None
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.year is None and (self.month is None or self.day is None):
            raise ValueError("a date without a year needs a month and a day")
        if self.month is None and self.day is not None:
            raise ValueError("a date with a day needs a month")
        if self.month is not None:
            date(self.year or _LEAP_YEAR, self.month, self.day or 1)

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read one of the four forms.

        Raises:
            ValueError: the text has another form, or names a day that does not exist, or a year that no
                strip of years could show.
        """
        match = _FORM.fullmatch(text) or _YEARLESS_FORM.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is not a date: write 2014-05-10, 2012-08, 2017 or --08-28")
        parts = {name: int(value) for name, value in match.groupdict().items() if value}
        year = parts.get("year")
        if year is not None and not _FIRST_YEAR <= year <= _LAST_YEAR:
            raise ValueError(f"the year of {text} is not between {_FIRST_YEAR} and {_LAST_YEAR}")
        return cls(year, parts.get("month"), parts.get("day"))

    @property
    def precision(self) -> Precision:
        """How much of this date is known."""
        if self.year is None:
            return Precision.DAY_OF_UNKNOWN_YEAR
        if self.month is None:
            return Precision.YEAR
        return Precision.MONTH if self.day is None else Precision.DAY

    @property
    def sort_key(self) -> tuple[int, int, int]:
        """Orders by time: the less precise before the more precise in it, an unknown year last."""
        return (self.year or _UNKNOWN_YEAR, self.month or 0, self.day or 0)

    def recalled_on(self, year: int) -> date | None:
        """The day in *year* on which a day-precise date is recalled.

        29 February is recalled on the 28th in common years. None when the date is not known to the
        day, or when *year* is not after its own year: a fact is not recalled in its own year.
        """
        if self.year is None or self.month is None or self.day is None or year <= self.year:
            return None
        if (self.month, self.day) == (2, 29) and not isleap(year):
            return date(year, 2, 28)
        return date(year, self.month, self.day)

    def recalled_in(self, year: int, month: int) -> bool:
        """Whether a month digest of *year*-*month* recalls it, be it known to the day or the month."""
        return self.year is not None and self.month == month and year > self.year

    def first_day(self) -> date | None:
        """The first day it may mean; None when its year is not known."""
        return None if self.year is None else date(self.year, self.month or 1, self.day or 1)

    def last_day(self) -> date | None:
        """The last day it may mean; None when its year is not known."""
        if self.year is None:
            return None
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    def __str__(self) -> str:
        if self.year is None:
            return f"--{self.month:02}-{self.day:02}"
        text = f"{self.year:04}"
        text += "" if self.month is None else f"-{self.month:02}"
        return text + ("" if self.day is None else f"-{self.day:02}")

    @classmethod
    def _read(cls, value: Any) -> PartialDate:
        if isinstance(value, cls):
            return value
        if not isinstance(value, str):
            raise ValueError(f"a date is text: put quotes round {value!r}")  # noqa: TRY004 - pydantic collects ValueErrors
        return cls.parse(value)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls._read,
            json_schema_input_schema=core_schema.str_schema(),
            serialization=core_schema.to_string_ser_schema(),
        )
