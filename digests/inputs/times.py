"""Times of day, weekdays and cadences as people write them."""

from __future__ import annotations

import re
from datetime import time

from digests.inputs import InputError
from digests.inputs.normalize import fold_accents, normalize, shown
from digests.inputs.numbers import with_digits
from digests.schedules import Cadence

TIME_FORMS = ("09:00", "9点半", "9:30 pm")

_NOON, _EVENING, _HOURS, _MINUTES = 12, 5, 24, 60
#: Names of a time by themselves.
_NAMED = {
    "noon": time(12), "midday": time(12), "midnight": time(), "正午": time(12), "中午": time(12),
    "午夜": time(), "半夜": time(), "子夜": time(), "12 noon": time(12), "12 midnight": time(),
}  # fmt: skip
_MORNING = "凌晨|清晨|清早|大清早|黎明|早上|早晨|明早|今早|早|上午|晨"
_AFTERNOON = "下午|午后|傍晚"
_NIGHT = "晚上|晚间|晚|夜里|夜间|夜晚|深夜|半夜|午夜|夜|今晚"
_PART = rf"(?P<part>{_MORNING}|中午|正午|午间|{_AFTERNOON}|{_NIGHT})?"
_AMPM = r"(?P<half>[ap]\.? ?m?\.?|in the morning|in the afternoon|in the evening|(?:at|in the) night)"
_CLOCK = re.compile(
    rf"{_PART} ?(?P<hour>\d{{1,2}})[:.](?P<minute>\d{{2}})(?::00)?分? ?(?:{_AMPM}|uhr|h|hrs)?"
)
_CHINESE = re.compile(
    rf"{_PART}(?P<hour>\d{{1,2}})(?:点钟?|时)整?(?:(?P<minute>\d{{1,2}})分?|(?P<quarter>半|[13]刻))?"
)
_HOUR = re.compile(rf"(?P<hour>\d{{1,2}})(?: ?{_AMPM}| ?o'?clock(?: {_AMPM.replace('half', 'half2')})?)?")
_DIGITS = re.compile(rf"(?P<hour>\d{{1,2}})(?P<minute>\d{{2}})(?: ?h(?:rs|ours)?| ?{_AMPM})?")
_H = re.compile(r"(?P<hour>\d{1,2}) ?(?:h(?:rs|ours)?|uhr)(?P<minute>\d{2})?m?")
_SPOKEN = re.compile(
    rf"(?:a )?(?P<quarter>half|quarter|\d{{1,2}})(?: minutes?)?"
    rf" (?P<way>past|after|to) (?P<hour>\d{{1,2}}) ?{_AMPM}?"
)
_FRONT = re.compile(r"^(?P<half>[ap]\.?m\.?) ?(?P<rest>\d.*)$")
_LEAD = re.compile(
    r"^(?:at|@|around|by|于|在|每天|每日|天天|daily|every day|each day)(?:的| ?at\b)?[ ,:]*|^每(?=[早晚])"
)
_HOUR_NAMES = "one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905 - a row reads better
_MINUTE_WORDS = {"twenty-five": "25", "twenty five": "25", "twenty": "20"}
_HOUR_WORDS = re.compile(rf"\b(?:{'|'.join(_HOUR_NAMES)})\b")
_QUARTERS = {"半": 30, "1刻": 15, "3刻": 45}

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAYS = {name[:length]: n for n, name in enumerate(_DAYS) for length in range(3, len(name) + 1)}
_WEEKDAYS |= {"weds": 2, "thurs": 3, "tues": 1} | {f"{name}s": n for n, name in enumerate(_DAYS)}
_CHINESE_DAY = re.compile(r"(?:星期|周|礼拜)(?P<day>[1-7日天])")
_EVERY = re.compile(r"^(?:every|each|on|weekly on|weekly|per)[ ,]+|^(?:每逢|每个?|逢)")
_CADENCES = {
    Cadence.DAILY: "daily|everyday|every day|each day|once a day|once daily|per day|every single day|日报"
    "|每天|每日|天天|逐日|每一天|每天一次|每日一次|一天一次|一日一次|按天|按日",
    Cadence.WEEKLY: "weekly|every week|each week|once a week|once weekly|per week|周报"
    "|每周|每星期|每个星期|每礼拜|每个礼拜|每周一次|每星期一次|一周一次|按周",
    Cadence.MONTHLY: "monthly|every month|each month|once a month|once monthly|per month|月报"
    "|每月|每个月|每一月|每月一次|每个月一次|一个月一次|一月一次|按月"
    "|每月1号|每月1日|每月一号|每月一日|每个月1号|每个月1日|每月初|每个月初"
    "|monthly on the 1st|on the 1st of every month|on the 1st of each month",
}
#: A blank between Chinese characters.
_EMPTY = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
_CADENCE_WORDS = {word: cadence for cadence, words in _CADENCES.items() for word in words.split("|")}


def read_time(text: str) -> time:
    """A time of day: ``9``, ``09:00``, ``9:30 pm``, ``0900``, ``晚上8点半``, ``noon``; 24:00 is 00:00.

    Raises:
        InputError: it is none.
    """
    found = find_time(text)
    if found is None:
        raise InputError(
            "“%(given)s” is not a time of day between 00:00 and 23:59.", given=shown(text), forms=TIME_FORMS
        )
    return found


def find_time(text: str) -> time | None:
    """The time of day that a text is, or None when it is not shaped like one.

    Raises:
        InputError: it is shaped like one, but there is no such time.
    """
    plain = _FRONT.sub(r"\g<rest> \g<half>", _LEAD.sub("", _prepared(text)).strip(" ,.;!"))
    if plain in _NAMED:
        return _NAMED[plain]
    for pattern in (_CLOCK, _CHINESE, _HOUR, _H, _DIGITS, _SPOKEN):
        if match := pattern.fullmatch(plain):
            return _time(match.groupdict(), text)
    return None


def read_weekday(text: str) -> int:
    """A weekday, 0 for Monday: ``fri``, ``Fridays``, ``周五``, ``每个星期天``, ``礼拜五``.

    Raises:
        InputError: it is none.
    """
    found = find_weekday(text)
    if found is None:
        raise InputError("“%(given)s” is not a weekday.", given=shown(text), forms=("周五", "Friday", "fri"))
    return found


def find_weekday(text: str) -> int | None:
    """The weekday that a text is, or None."""
    plain = _EVERY.sub("", _prepared(text)).strip(" .,")
    if match := _CHINESE_DAY.fullmatch(plain.replace(" ", "")):
        return 6 if match["day"] in "日天7" else int(match["day"]) - 1
    return _WEEKDAYS.get(plain.removesuffix("'s"))


def read_cadence(text: str) -> Cadence:
    """How often: ``daily``, ``every week``, ``每月``.

    Raises:
        InputError: it says nothing of that.
    """
    found = find_cadence(text)
    if found is None:
        raise InputError(
            "“%(given)s” does not say how often.", given=shown(text), forms=("daily", "weekly", "monthly")
        )
    return found


def find_cadence(text: str) -> Cadence | None:
    """The cadence that a text is, or None."""
    return _CADENCE_WORDS.get(_EMPTY.sub("", normalize(text)).strip(" .,"))


def _prepared(text: str) -> str:
    plain = fold_accents(with_digits(normalize(text))).strip()
    for word, minutes in _MINUTE_WORDS.items():
        plain = plain.replace(word, minutes)
    return _HOUR_WORDS.sub(lambda word: str(_HOUR_NAMES.index(word[0]) + 1), plain)


def _time(parts: dict[str, str | None], text: str) -> time:
    hour, minute = int(parts["hour"] or 0), int(parts.get("minute") or 0)
    quarter = parts.get("quarter")
    if quarter in _QUARTERS:
        minute = _QUARTERS[quarter]
    elif quarter:
        minute = {"half": 30, "quarter": 15}.get(quarter) or int(quarter)
        hour, minute = (hour - 1, _MINUTES - minute) if parts["way"] == "to" else (hour, minute)
    hour = _in_day(hour, parts.get("part") or "", parts.get("half") or parts.get("half2") or "")
    if (hour, minute) == (_HOURS, 0):
        hour = 0
    if not (0 <= hour < _HOURS and minute < _MINUTES):
        raise InputError(
            "“%(given)s” is not a time of day between 00:00 and 23:59.", given=shown(text), forms=TIME_FORMS
        )
    return time(hour, minute)


def _in_day(hour: int, part: str, half: str) -> int:
    """The hour of 24 that an hour of 12 means in a part of the day."""
    if half:
        part = "下午" if half.startswith("p") or half.endswith(("afternoon", "evening", "night")) else "上午"
        hour = 0 if hour == _NOON and part == "上午" else hour
    if re.fullmatch(_MORNING, part):
        return 0 if (part, hour) == ("凌晨", _NOON) else hour
    if part in {"中午", "正午", "午间"}:
        return hour + _NOON if hour in {1, 2} else hour
    if part and re.fullmatch(_NIGHT, part):
        if hour == _NOON:
            return 0
        return hour + _NOON if _EVENING <= hour < _NOON else hour
    return hour + _NOON if part and hour < _NOON else hour
