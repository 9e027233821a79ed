"""The dates that a question names, as terms: ``year:2021``, ``month:2021-03``, ``day:05-10``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from digests.dates import PartialDate
from digests.inputs.numbers import with_digits

_NAMES = """
january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sep sept|
october oct|november nov|december dec
"""
_MONTHS = {name: n for n, names in enumerate(_NAMES.split("|"), 1) for name in names.split()}
_NAMED = "|".join(sorted(_MONTHS, key=len, reverse=True))
_YEAR = r"(?P<year>(?:19|20)\d\d)"
#: Years and months in Chinese numerals; 十年 is none.
_WRITTEN = re.compile(r"[一二][零一二三四五六七八九]{3}(?=年)|[一二三四五六七八九十]{1,2}(?=月(?!份额))")
#: From the most to the least precise; each is taken out of the question when it is found.
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"(?<![\d.]){_YEAR}\s*[年./-]\s*(?P<month>\d\d?)\s*[月./-]\s*(?P<day>\d\d?)(?![\d.])[日号]?",
        rf"\b(?P<day>\d\d?)(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<name>{_NAMED})\b\.?,?(?:\s+{_YEAR}\b)?",
        rf"\b(?P<name>{_NAMED})\b\.?\s+(?P<day>\d\d?)(?:st|nd|rd|th)?\b(?:,?\s+{_YEAR}\b)?",
        rf"(?<![\d.]){_YEAR}\s*[年./-]\s*(?P<month>\d\d?)(?![\d.])月?",
        rf"\b(?P<name>{_NAMED})\b\.?,?\s+(?:of\s+)?{_YEAR}\b",
        r"(?<![\d.])(?P<month>\d\d?)\s*月\s*(?P<day>\d\d?)\s*[日号]",
        rf"(?<![\d.]){_YEAR}(?![\d.%])(?:\s*年)?",
        r"(?<![\d.])(?P<month>\d\d?)\s*月(?!份额)份?",
        r"(?P<relative>今年|去年|前年|明年|\b(?:this|last|next) year\b)",
    )
)


def read_moments(folded: str, is_figure: Callable[[str], bool]) -> tuple[list[str], str]:
    """The dates in a folded text, and the text without them; a figure of the report (2018.3) is none."""
    found: list[str] = []

    def take(match: re.Match[str]) -> str:
        term = None if is_figure(match[0]) else _term(match.groupdict())
        if term and term not in found:
            found.append(term)
        return " " if term else match[0]

    folded = _WRITTEN.sub(lambda written: with_digits(written[0]), folded)
    for form in _FORMS:
        folded = form.sub(take, folded)
    return found, folded


def _term(parts: dict[str, str | None]) -> str | None:
    if parts.get("relative"):
        return "year:relative"  # of the day of asking, which no report knows
    year, day = parts.get("year"), parts.get("day")
    name = parts.get("name")
    month = _MONTHS[name] if name else int(parts.get("month") or 0)
    if (month and month > 12) or (day and not 1 <= int(day) <= 31):  # noqa: PLR2004 - a calendar's bounds
        return None
    if day:
        return f"day:{year}-{month:02}-{int(day):02}" if year else f"day:{month:02}-{int(day):02}"
    if month:
        return f"month:{year}-{month:02}" if year else f"month:{month:02}"
    return f"year:{year}" if year else None


def moments_of(dates: tuple[PartialDate, ...]) -> Iterator[tuple[str, float]]:
    """The terms by which a fact of these dates is found; the ends of a span stand for it a little less."""
    strength = 1.0 if len({str(moment) for moment in dates}) == 1 else 0.85
    for moment in dates:
        if moment.year:
            yield f"year:{moment.year}", strength
        if moment.month:
            yield f"month:{moment.month:02}", strength
            if moment.year:
                yield f"month:{moment.year}-{moment.month:02}", strength
        if moment.month and moment.day:
            yield f"day:{moment.month:02}-{moment.day:02}", strength
            if moment.year:
                yield f"day:{moment.year}-{moment.month:02}-{moment.day:02}", strength
