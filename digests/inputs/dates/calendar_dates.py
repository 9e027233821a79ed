"""A date as typed: a day, a month or a year, or a day or month of any year."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from digests.dates import PartialDate
from digests.inputs import AmbiguousInputError, InputError
from digests.inputs.normalize import fold_accents, normalize, shown
from digests.inputs.numbers import with_digits

#: Years that a typed date may lie in, both included; far enough from the ends of `datetime.date`.
EARLIEST, LATEST = 1900, 2100
FORMS = ("2016-05-10", "2016年5月10日", "10 May 2016")

#: The year that a date without one is reckoned in, so that 29 February exists.
LEAP_YEAR = 2000
#: ``49年`` is 2049, ``50年`` 1950.
_LAST_SHORT_YEAR = 49
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH_NAME = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?|(?:星期|周|礼拜)[1-6日天]"
_YEAR, _MONTH, _DAY = r"(?P<year>\d{4})", r"(?P<month>\d{1,2})", r"(?P<day>\d{1,2})"
#: Words for a part of a year that no calendar bounds: the year is meant.
_PART = "(?:the )?(?:early|mid|late|end|beginning|start|year)(?: of)?[- ]"
_SHORT = r"(?P<short>\d{2})"
_NAME = rf"(?P<name>{MONTH_NAME})"
_PATTERNS = tuple(
    re.compile(form)
    for form in (
        rf"(?:{_PART})?{_YEAR}(?:年(?:度|份|初|中|底|末|内|间)?|全年)?",
        rf"{_YEAR}[-/.年 ]{_MONTH}(?:月(?:份|初|底|末|[上中下]旬|中)?)?",
        rf"{_MONTH}[-/.]{_YEAR}",
        rf"{_YEAR}([-/. ]){_MONTH}\2{_DAY}",
        rf"{_YEAR}年{_MONTH}[月-]{_DAY}[日号]?",
        r"(?P<year>19\d{2}|20\d{2}|2100)(?P<month>\d{2})(?P<day>\d{2})?",
        rf"{_SHORT}年{_MONTH}月(?:{_DAY}[日号]?)?",
        rf"{_DAY}\.{_MONTH}\.{_YEAR}",
        rf"{_MONTH}月份?|--?(?P<month2>\d{{2}})",
        rf"{_MONTH}月{_DAY}[日号]?",
        rf"--{_MONTH}-{_DAY}|{_MONTH.replace('month', 'month2')}[-/]{_DAY.replace('day', 'day2')}",
        rf"{_NAME}[- ]?(?P<year>\d{{4}})?",
        rf"{_YEAR}[- ]?{_NAME}(?:[- ]?{_DAY})?",
        rf"{_DAY}[-. ]{{0,2}}{_NAME}(?:[- ]?{_YEAR}| ?'{_SHORT})?",
        rf"{_NAME}[- ]?{_DAY}(?:[- ]{_YEAR})?|{_NAME.replace('name', 'name2')} ?'{_SHORT}",
    )
)
_EXPECTED_ONLY = tuple(re.compile(form) for form in (_MONTH, rf"{_MONTH}\.{_DAY}"))
_YEAR_LAST = re.compile(r"(\d{1,2})([-/])(\d{1,2})\2(\d{4})")
_DATE_SHAPED = re.compile(
    r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}|\d{1,4}-\d{1,4}-\d{1,2}|\d{3,}年(\d+(月(\d+[日号]?)?)?)?|\d+月(\d+[日号]?)?"
)


class DateKind(StrEnum):
    """How much a typed date says."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    DAY_OF_ANY_YEAR = "day of any year"
    MONTH_OF_ANY_YEAR = "month of any year"


@dataclass(frozen=True, slots=True)
class DateInput:
    """A typed date; ``year`` is None for a day or month of any year. It exists and lies within bounds."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    @property
    def kind(self) -> DateKind:
        """How much it says."""
        if self.year is None:
            return DateKind.MONTH_OF_ANY_YEAR if self.day is None else DateKind.DAY_OF_ANY_YEAR
        if self.month is None:
            return DateKind.YEAR
        return DateKind.MONTH if self.day is None else DateKind.DAY

    def exists(self) -> bool:
        """Whether the calendar has it."""
        return _exists(self.year, self.month, self.day)

    def covers(self, known: PartialDate) -> bool:
        """Whether a date of the report lies wholly in it."""
        pairs = ((self.year, known.year), (self.month, known.month), (self.day, known.day))
        return all(mine is None or mine == theirs for mine, theirs in pairs)

    def in_year(self, year: int) -> DateInput:
        """The same of a given year when it names none; 29 February becomes the 28th in common years."""
        if self.year is not None:
            return self
        if self.day is None or self.month is None:
            return DateInput(year, self.month)
        return DateInput(year, self.month, min(self.day, monthrange(year, self.month)[1]))

    def coming(self, today: date) -> DateInput:
        """The first one that does not end before *today*, when it names no year; else itself."""
        this = self.in_year(today.year)
        return self.in_year(today.year + 1) if self.year is None and this.last_day() < today else this

    def first_day(self) -> date:
        """The first day it means; of a date without a year, in 2000."""
        return date(self.year or LEAP_YEAR, self.month or 1, self.day or 1)

    def last_day(self) -> date:
        """The last day it means; of a date without a year, in 2000."""
        year, month = self.year or LEAP_YEAR, self.month or 12
        return date(year, month, self.day or monthrange(year, month)[1])

    def __str__(self) -> str:
        parts = [f"{part:02}" for part in (self.month, self.day) if part is not None]
        return "-".join(["-" if self.year is None else str(self.year), *parts])


def of_day(day: date) -> DateInput:
    """A calendar day as a typed date."""
    return DateInput(day.year, day.month, day.day)


@lru_cache(maxsize=256)
def cleaned(text: str) -> str:
    """Typed text as the date patterns expect it: digits, no weekday, no ordinals, no stray blanks."""
    plain = fold_accents(with_digits(normalize(text))).strip(" .,;:!?")
    plain = re.sub(r"\((?P<inner>[^()]*)\)", r" \g<inner> ", plain)
    plain = re.sub(rf"^(?:{_WEEKDAY})[ ,.]+|[ ,]*(?:{_WEEKDAY})\s*$", "", plain) or plain
    if re.search(rf"\b(?:{MONTH_NAME})\b", plain):
        plain = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b| of\b|\bthe ", "", plain)
    plain = re.sub(r"^on |^公元|^西元", "", plain).replace("元月", "1月").replace("元旦", "1月1日")
    plain = re.sub(rf"\b({MONTH_NAME})\.", r"\1 ", plain).replace(",", " ")
    plain = re.sub(r"\s*([年月日号季/])\s*", r"\1", plain)
    return " ".join(re.sub(r"(?<=\d)\s*([-.])\s*(?=\d)", r"\1", plain).split())


def find_date(text: str, *, expected: bool = False) -> DateInput | None:
    """The calendar date that a text is, or None when it is not shaped like one.

    Where a date is *expected*, a bare 1 to 12 is a month and ``5.10`` a day; elsewhere they are numbers.

    Raises:
        InputError: it is shaped like a date but there is no such date, or it has two readings.
    """
    plain = cleaned(text)
    if match := _YEAR_LAST.fullmatch(plain):
        return _year_last(match, text)
    for pattern in _PATTERNS + (_EXPECTED_ONLY if expected else ()):
        if match := pattern.fullmatch(plain):
            return _built(match, text, expected=expected)
    if _DATE_SHAPED.fullmatch(plain):
        raise InputError("There is no such date as “%(given)s”.", given=shown(text), forms=FORMS)
    return None


def date_candidates(text: str) -> tuple[DateInput, ...]:
    """Every date that a four-digit number may mean: ``1210`` the year or 10 December; else what is read."""
    plain = cleaned(text)
    if not re.fullmatch(r"\d{4}", plain):
        found = find_date(text, expected=True)
        return (found,) if found else ()
    year, month, day = int(plain), int(plain[:2]), int(plain[2:])
    years = (DateInput(year),) if EARLIEST <= year <= LATEST else ()
    days = (DateInput(None, month, day),) if _exists(None, month, day) else ()
    return years + days


def _built(match: re.Match[str], text: str, *, expected: bool) -> DateInput | None:
    parts = {name.rstrip("2"): value for name, value in match.groupdict().items() if value}
    year, day = (int(parts[name]) if name in parts else None for name in ("year", "day"))
    if "short" in parts:
        year = (1900 if int(parts["short"]) > _LAST_SHORT_YEAR else 2000) + int(parts["short"])
    month = int(parts["month"]) if "month" in parts else None
    if "name" in parts:
        month = _MONTHS.index(parts["name"][:3]) + 1
    is_number = re.fullmatch(r"[\d.]+", match[0]) is not None
    if is_number and not expected and year is not None and not EARLIEST <= year <= LATEST:
        return None
    if year is None and "/" in match[0] and month and day and day <= len(_MONTHS) < month:
        month, day = day, month  # 28/8 can only be the 28th of August
    check_date(year, month, day, text)
    return DateInput(year, month, day)


def check_date(year: int | None, month: int | None, day: int | None, text: str) -> None:
    """Raise InputError unless such a date exists within the bounds."""
    given = shown(text)
    if year is not None and not EARLIEST <= year <= LATEST:
        raise InputError(
            "“%(given)s” lies outside the years %(first)s to %(last)s.",
            given=given,
            first=EARLIEST,
            last=LATEST,
            forms=FORMS,
        )
    if year is None and month is not None and not 1 <= month <= len(_MONTHS):
        raise InputError(
            "“%(given)s” has no such month: months are 1 to 12.", given=given, forms=("5", "5月", "May")
        )
    if not _exists(year, month, day):
        raise InputError("There is no such date as “%(given)s”.", given=given, forms=FORMS)


def _exists(year: int | None, month: int | None, day: int | None) -> bool:
    try:
        date(LEAP_YEAR if year is None else year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return False
    return True


def _year_last(match: re.Match[str], text: str) -> DateInput:
    """``13/05/2014``, unless nobody knows whether the day or the month comes first."""
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    ways = {(month, day) for month, day in ((second, first), (first, second)) if _exists(year, month, day)}
    month, day = min(ways, default=(second, first))
    check_date(year, month, day, text)
    if len(ways) == 1:
        return DateInput(year, month, day)
    near = tuple(f"{year}-{month:02}-{day:02}" for month, day in sorted(ways))
    raise AmbiguousInputError(
        "“%(given)s” may be read in two ways: write the year first.",
        given=shown(text),
        forms=near,
        near=near,
    )
