"""Dates told from today: tomorrow, last month, 3 days later, next Friday."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from digests.inputs.dates.calendar_dates import LATEST, DateInput, cleaned, of_day
from digests.inputs.times import find_weekday

_DAYS = {
    -2: "前天 前日|the day before yesterday|day before yesterday",
    -1: "昨天 昨日|yesterday",
    0: "今天 今日 当天 当日 今儿|today|this day",
    1: "明天 明日 明儿|tomorrow|tmr|tmrw|the next day",
    2: "后天 后日|the day after tomorrow|day after tomorrow|overmorrow",
    3: "大后天",
}
_MONTHS = {
    -1: "上个月 上月 前月|last month|previous month",
    0: "这个月 本月 当月 这月 今月|this month|current month",
    1: "下个月 下月 次月|next month|the coming month",
}
_YEARS = {
    -2: "前年|the year before last",
    -1: "去年 上年 昨年|last year|previous year",
    0: "今年 本年 当年 今年度|this year|current year",
    1: "明年 来年 下一年|next year|the coming year",
    2: "后年",
}


def _offsets(table: dict[int, str]) -> dict[str, int]:
    """The words of a table, the longest first; Chinese ones stand together, English ones apart."""
    words = {word: n for n, line in table.items() for word in _spellings(line)}
    return dict(sorted(words.items(), key=lambda item: -len(item[0])))


def _spellings(line: str) -> list[str]:
    chinese, *english = line.split("|")
    return [*chinese.split(), *english]


_DAY_WORDS, _MONTH_WORDS, _YEAR_WORDS = _offsets(_DAYS), _offsets(_MONTHS), _offsets(_YEARS)
_COUNT_NAMES = "a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_COUNTS = {name: max(n, 1) for n, name in enumerate(_COUNT_NAMES.split("|"), -1)}
_UNITS = {"天": "day", "日": "day", "周": "week", "星期": "week", "礼拜": "week", "月": "month", "年": "year"}
_LATER = re.compile(
    rf"(?:in |for |after )?(?P<count>\d{{1,3}}|{_COUNT_NAMES})[ -]?"
    r"(?P<unit>day|week|month|year)s?(?P<way>| later| from now| from today| ago)"
)
_LATER_ZH = re.compile(
    r"(?:过|再过)?(?P<count>\d{1,3})(?P<unit>天|周|个?星期|个?礼拜|个月|年|日(?=后|以后|之后|前|以前|之前))"
    r"(?P<way>|后|以后|之后|前|以前|之前)"
)
_NEXT_WEEKDAY = re.compile(r"(?P<week>next |this |coming |下个?|本|这个?|上个?|last )?(?P<day>.+)")


def with_absolute(text: str, today: date) -> str:
    """A normalised text in which this, last and next year and month are written as numbers."""
    for word in (word for word in _YEAR_WORDS if word in text):
        text = _swap(text, word, f"{today.year + _YEAR_WORDS[word]}年")
    for word in (word for word in _MONTH_WORDS if word in text):
        year, month = _months_later(today, _MONTH_WORDS[word])
        text = _swap(text, word, f"{year}年{month}月")
    return text


def find_relative(text: str, today: date, *, as_duration: bool = False) -> DateInput | None:
    """The date that a text tells from *today*; None when it tells none.

    ``3 days`` alone is a date only where a duration is meant; ``3 days later`` always.
    """
    plain = cleaned(text)
    if plain in _DAY_WORDS:
        return of_day(today + timedelta(days=_DAY_WORDS[plain]))
    match = _LATER.fullmatch(plain) or _LATER_ZH.fullmatch(plain)
    if match and (match["way"] or as_duration or plain.startswith(("in ", "after "))):
        return _later(match, today, as_duration=as_duration)
    return _weekday(text.removeprefix("on ").strip(), today)


def _swap(text: str, word: str, replacement: str) -> str:
    pattern = rf"\b{word}\b[ ,]*" if word.isascii() else rf"{word}(?:的|，|,| )?"
    return re.sub(pattern, replacement, text)


def _months_later(day: date, months: int) -> tuple[int, int]:
    return _year_and_month(day.year * 12 + day.month - 1 + months)


def _year_and_month(count: int) -> tuple[int, int]:
    year, month = divmod(count, 12)
    return year, month + 1


def _later(match: re.Match[str], today: date, *, as_duration: bool) -> DateInput | None:
    count = _COUNTS.get(match["count"]) or int(match["count"])
    unit = _UNITS.get(match["unit"].removeprefix("个"), match["unit"])
    is_past = match["way"] in {" ago", "前", "以前", "之前"}
    count = -count if is_past else count
    if unit in {"day", "week"}:
        return of_day(today + timedelta(days=count * (7 if unit == "week" else 1)))
    year, month = _months_later(today, count * (12 if unit == "year" else 1))
    if not 1 <= year <= LATEST:
        return None
    if unit == "year" and not as_duration:
        return DateInput(year)
    return DateInput(year, month, min(today.day, monthrange(year, month)[1]))


def _weekday(text: str, today: date) -> DateInput | None:
    """``next Friday`` is that of the next week in Chinese, and the first after today in English."""
    match = _NEXT_WEEKDAY.fullmatch(text)
    if match is None:
        return None
    weekday, week = find_weekday(match["day"]), (match["week"] or "").strip()
    if weekday is None or match["day"].startswith(("每", "every")):
        return None
    if week and not week.isascii():
        monday = today - timedelta(days=today.weekday())
        shift = {"下": 7, "上": -7}.get(week[0], 0)
        return of_day(monday + timedelta(days=shift + weekday))
    ahead = (weekday - today.weekday()) % 7
    if week == "last":
        return of_day(today - timedelta(days=(today.weekday() - weekday) % 7 or 7))
    return of_day(today + timedelta(days=ahead or (7 if week == "next" else 0)))
