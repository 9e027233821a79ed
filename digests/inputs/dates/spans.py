"""Spans of time: years from and to, quarters, halves, decades, weeks, the last so many years."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta

from digests.dates import PartialDate
from digests.inputs import InputError
from digests.inputs.dates.calendar_dates import LEAP_YEAR, MONTH_NAME, DateInput, DateKind, find_date, of_day
from digests.inputs.dates.relative import find_relative
from digests.inputs.numbers import with_digits

_QUARTER = re.compile(
    r"(?P<year>\d{4})(?:[年 -]*)(?:第?(?P<n>[1-4])季度?|q(?P<n2>[1-4]))"
    r"|(?:q(?P<n3>[1-4])|(?P<n4>[1-4])q)[ ,/-]*(?P<year2>\d{4})"
    r"|(?P<nth>1st|first|2nd|second|3rd|third|4th|fourth) quarter(?: of)? (?P<year3>\d{4})"
)
_NTH = {"1st": 1, "first": 1, "2nd": 2, "second": 2, "3rd": 3, "third": 3, "4th": 4, "fourth": 4}
_HALF = re.compile(
    r"(?P<year>\d{4})(?:[年 -]*)(?:(?P<half>[上下])半年|h(?P<n>[12]))"
    r"|(?:h(?P<n2>[12])|(?P<n3>[12])h)[ ,/-]*(?P<year2>\d{4})"
    r"|(?P<nth>1st|first|2nd|second) half(?: of)? (?P<year3>\d{4})"
)
_DECADE = re.compile(
    r"(?:the )?(?P<year>(?:19|20)\d0)(?:'?s|年代)|(?:(?P<century>\d\d)世纪)?(?P<ten>\d0)年代"
)
_LAST_YEARS = re.compile(r"(?:近|最近|过去|过去的|前)(?P<n>\d{1,2})年(?:来|间|里)?|(?P<n2>\d{1,2})年来")
_LAST_YEARS_EN = re.compile(r"(?:the )?(?:last|past|recent) (?P<n>\d{1,2}) years")
_WEEKS = {"本周": 0, "这周": 0, "这个星期": 0, "this week": 0, "下周": 7, "下个星期": 7, "next week": 7}
_WEEKS |= {"上周": -7, "上个星期": -7, "last week": -7}

_SINCE = re.compile(
    r"(?:since|from|as of|starting|自从?|从) ?(?P<a>.+?)(?:以来|开始|起|至今)?(?: on(?:wards?)?)?"
)
_SINCE_AFTER = re.compile(
    r"(?P<a>.+?) ?(?:以来|至今|迄今|到现在|开始|起|起至今|以后|及以后|onwards?|on|and later|or later|-|~|\+"
    r"|(?:to|until|till|through|-|~) ?(?:now|date|today|present|the present|今|现在))"
)
_UNTIL = re.compile(r"(?:until|till|up to|through|to|截至|截止到?|直到|到|至|-|~) ?(?P<b>.+?)(?:为止|止)?")
_UNTIL_AFTER = re.compile(r"(?P<b>.+?) ?(?:为止|止|及以前|and earlier|or earlier)")
_AFTER = re.compile(r"(?:after|later than) (?P<a>.+)|(?P<a2>.+?)(?:之后|后)")
_BEFORE = re.compile(r"(?:before|earlier than|prior to) (?P<b>.+)|(?P<b2>.+?)(?:以前|之前|前)")
_SEPARATOR = re.compile(
    r" ?(?:\.{2,3}|…|~|--|-|至|到|\bto\b|\bthrough\b|\buntil\b|\btill\b|/|\band\b|和|与) ?"
)
_AROUND = re.compile(r"^(?:between |from |自从?|从|介于)|(?:之间|期间|间)$")
_DAYS_AFTER_MONTH = re.compile(rf"({MONTH_NAME}) (\d{{1,2}}) ?(?:-|~|to) ?(\d{{1,2}}),? (\d{{4}})")
_SPLITS_TRIED = 8
#: ``30年代`` to ``90年代`` are of the 20th century, ``00年代`` to ``20年代`` of ours.
_FIRST_OF_LAST_CENTURY = 30
_CONJUNCTIONS = frozenset({"and", "和", "与"})


@dataclass(frozen=True, slots=True)
class RangeInput:
    """A span of typed dates, both ends in it; None leaves an end open."""

    first: DateInput | None
    last: DateInput | None

    def first_day(self) -> date | None:
        """Its first day; None when it is open."""
        return None if self.first is None else self.first.first_day()

    def last_day(self) -> date | None:
        """Its last day; None when it is open."""
        return None if self.last is None else self.last.last_day()

    def covers(self, known: PartialDate) -> bool:
        """Whether a date of the report lies wholly in it."""
        if any(end is not None and end.year is None for end in (self.first, self.last)):
            known = replace(known, year=LEAP_YEAR) if known.month is not None else known
        begins, ends = known.first_day(), known.last_day()
        if begins is None or ends is None:
            return False
        first, last = self.first_day(), self.last_day()
        return (first is None or first <= begins) and (last is None or ends <= last)

    def years(self, earliest: int, latest: int) -> tuple[int, int]:
        """Its first and last year, an open end closed by the given one."""
        first = self.first.year if self.first else None
        last = self.last.year if self.last else None
        return (earliest if first is None else first, latest if last is None else last)

    def __str__(self) -> str:
        return f"{self.first or ''}/{self.last or ''}"


When = DateInput | RangeInput


def find_named_span(plain: str, today: date) -> When | None:
    """Quarters, halves, decades, weeks and the last so many years."""
    text = with_digits(plain)
    if plain in _WEEKS:
        monday = today + timedelta(days=_WEEKS[plain] - today.weekday())
        return RangeInput(of_day(monday), of_day(monday + timedelta(days=6)))
    if match := _QUARTER.fullmatch(text):
        n = int(match["n"] or match["n2"] or match["n3"] or match["n4"] or _NTH[match["nth"]])
        return _months(match, 3 * n - 2, 3 * n)
    if match := _HALF.fullmatch(text):
        given = match["n"] or match["n2"] or match["n3"] or (match["nth"] and _NTH[match["nth"]])
        n = int(given or (1 if match["half"] == "上" else 2))
        return _months(match, 6 * n - 5, 6 * n)
    if match := _DECADE.fullmatch(text):
        return _decade(match)
    if match := _LAST_YEARS.fullmatch(text) or _LAST_YEARS_EN.fullmatch(text):
        count = int(match["n"] or match["n2"])
        return RangeInput(DateInput(today.year - count), DateInput(today.year))
    return None


def _months(match: re.Match[str], first: int, last: int) -> RangeInput:
    year = int(match["year"] or match["year2"] or match["year3"])
    return RangeInput(DateInput(year, first), DateInput(year, last))


def _decade(match: re.Match[str]) -> RangeInput:
    if match["year"]:
        first = int(match["year"])
    else:
        ten = int(match["ten"])
        recent = 19 if ten >= _FIRST_OF_LAST_CENTURY else 20
        first = (int(match["century"]) - 1 if match["century"] else recent) * 100 + ten
    return RangeInput(DateInput(first), DateInput(first + 9))


def find_span(plain: str, today: date) -> RangeInput | None:
    """A span told by its ends: since, until, after, before, or one end to the other."""
    for pattern, build in _OPEN_ENDS:
        match = pattern.fullmatch(plain)
        end = match and _end(next(part for part in match.groups() if part), today)
        if end and (span := build(end)):
            return span
    inner = _AROUND.sub("", _DAYS_AFTER_MONTH.sub(r"\2-\3 \1 \4", plain)).strip()
    for left, right in _splits(inner, is_between=inner != plain):
        if span := _between(left, right, today):
            return span
    return None


def _splits(text: str, *, is_between: bool) -> Iterator[tuple[str, str]]:
    """The ways to cut a text at a separator; a mere "and" is one only inside of "between"."""
    cuts = (cut for cut in _SEPARATOR.finditer(text) if is_between or cut[0].strip() not in _CONJUNCTIONS)
    for _, cut in zip(range(_SPLITS_TRIED), cuts, strict=False):
        left, right = text[: cut.start()].strip(), text[cut.end() :].strip()
        if left and right:
            yield left, right


def _end(text: str, today: date) -> When | None:
    with suppress(InputError):
        return find_named_span(text, today) or find_relative(text, today) or find_date(text)
    return None


def _first(when: When | None) -> DateInput | None:
    return when.first if isinstance(when, RangeInput) else when


def _last(when: When | None) -> DateInput | None:
    return when.last if isinstance(when, RangeInput) else when


def _since(end: When) -> RangeInput:
    return RangeInput(_first(end), None)


def _until(end: When) -> RangeInput:
    return RangeInput(None, _last(end))


def _after(end: When) -> RangeInput | None:
    last = _last(end)
    if last is None or last.year is None:
        return None
    following = of_day(last.last_day() + timedelta(days=1))
    return RangeInput(_to_kind(following, last.kind), None)


def _before(end: When) -> RangeInput | None:
    first = _first(end)
    if first is None or first.year is None:
        return None
    preceding = of_day(first.first_day() - timedelta(days=1))
    return RangeInput(None, _to_kind(preceding, first.kind))


_OPEN_ENDS = (
    (_SINCE, _since),
    (_SINCE_AFTER, _since),
    (_UNTIL, _until),
    (_UNTIL_AFTER, _until),
    (_AFTER, _after),
    (_BEFORE, _before),
)


def _to_kind(day: DateInput, kind: DateKind) -> DateInput:
    if kind is DateKind.YEAR:
        return DateInput(day.year)
    return DateInput(day.year, day.month) if kind is DateKind.MONTH else day


def _between(left: str, right: str, today: date) -> RangeInput | None:
    """From one end to the other; what one leaves out is taken from the other."""
    first, last = _first(_end(left, today)), _last(_end(right, today))
    if first is None and left[-1].isdecimal() and right[-1] in "月日号":
        first = _first(_end(left + right[-1], today))
    if first is None and last is not None and last.day is not None:
        first = _like(last, left)
    if last is None and first is not None:
        last = _like(first, right)
    if first is None or last is None:
        return None
    first = replace(first, year=last.year) if first.year is None else first
    last = replace(last, year=first.year) if last.year is None else last
    return RangeInput(*sorted((first, last), key=DateInput.first_day))


def _like(model: DateInput, text: str) -> DateInput | None:
    """``12`` or ``12日`` in the month of *model*, ``3`` or ``3月`` in its year."""
    match = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?([月日号]?)", with_digits(text))
    if match is None or model.month is None or (match[2] == "月" and model.day is not None):
        return None
    part = {"day": int(match[1])} if model.day is not None else {"month": int(match[1])}
    found = replace(model, **part)
    return found if found.exists() else None
