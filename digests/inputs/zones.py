"""Time zones as people name them: cities, countries, offsets, IANA names; and how a zone is shown."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from itertools import chain
from zoneinfo import ZoneInfo

from digests.inputs import AmbiguousInputError, InputError
from digests.inputs.normalize import LONGEST, fold_accents, is_han, name_key, nearest, normalize, shown, words
from digests.inputs.numbers import with_digits
from digests.inputs.zone_aliases import ALIASES, AMBIGUOUS, UNEVEN, UNEVEN_SUMMER
from digests.inputs.zone_index import City, dominant, iana_zones, index, zone_names
from digests.text import Language

FORMS = ("Shanghai", "上海", "New York", "UTC+8")

_SUGGESTED = 3
_ALIKE, _SHORTEST_ALIKE, _SLIP = 78.0, 4, 2
_LONGEST_NAME = 80
_MOST_COUNTRY_WORDS = 4

_OFFSET = re.compile(
    r"\(?(?:(?:utc|gmt|世界时|etc/utc) ?(?P<sign>[+±-])?|(?P<bare>[+-])) ?(?P<hours>\d{1,2})"
    r"(?:(?::|\.|点)?(?P<minutes>\d{2})|(?P<half>\.5|半)|\.0)?(?:小时|hours?|h)?\)?"
)
_CHINESE_OFFSET = re.compile(
    r"(?P<way>[东西])(?P<hours>\d{1,2})(?P<half>半)?(?:时?区)|(?P<zero>[零0]时区|中时区)"
)
#: An offset told beside a city, as `zone_label` does.
_BESIDE_NAME = re.compile(r"\(?(?:utc|gmt) ?[+-]\d{1,2}(?::?\d{2})?\)?|\([东西][^()]*区\)|· ?utc$")
_TAIL = re.compile(r"(?:标准时间?|夏令时间?|当地时间?|本地时间?|时间|时区|时)$")
_TAIL_EN = re.compile(
    r"(?: (?:local|standard|daylight|summer))?(?: time)?(?: zone)?$| city$|^(?:time ?zone|tz) "
)
_EASTMOST, _WESTMOST = 14, 12


def read_zone(text: str) -> str:
    """The IANA zone of a city, country or offset: ``上海``, ``Sao Paulo``, ``UTC+8``, ``东八区``.

    Whole offsets become fixed zones such as ``Etc/GMT-8``, whose sign is turned: show them by `zone_label`.

    Raises:
        AmbiguousInputError: it means several zones, ``near`` holds them.
        InputError: it is none; ``near`` holds zones whose names are alike.
    """
    found = find_zone(text)
    if found is not None:
        return found
    near = zones_alike(text)
    raise InputError("I know no time zone “%(given)s”.", given=shown(text), near=near, forms=FORMS)


def find_zone(text: str) -> str | None:
    """The IANA zone that a text names exactly, or None; raises AmbiguousInputError like `read_zone`."""
    plain = fold_accents(normalize(text)).strip(" .,;")
    if not 0 < len(plain) <= _LONGEST_NAME:
        return None
    if offset := _find_offset(plain, text):
        return offset
    if "/" not in plain:
        plain = _BESIDE_NAME.sub("", plain).strip(" ,.;·()") or plain
    whole = iana_zones().get(plain.split(" (")[0].replace(" ", "_"))
    if whole and "/" in whole:
        return whole
    for name in dict.fromkeys((plain, _without_tail(plain), _TAIL.sub("", plain).removesuffix("市"))):
        if name and (zone := _named(name, text)):
            return zone
    return whole


def is_iana_name(text: str) -> bool:
    """Whether it is the exact name of an IANA zone, such as ``Europe/Berlin`` or ``EST``."""
    return iana_zones().get(text.lower()) == text


def zone_label(zone: str, language: Language, now: datetime) -> str:
    """A zone for readers: ``上海 · UTC+8``, ``Shanghai · UTC+8``, and ``UTC+8`` for a fixed offset.

    *now* is aware; the offset is that of this instant.
    """
    offset = offset_label(zone, now)
    if zone.startswith("Etc/") or "/" not in zone:
        return offset
    return f"{zone_city(zone, language)} · {offset}"


def zone_city(zone: str, language: Language) -> str:
    """The city after which a zone is called, in a reader's language."""
    return zone_names(language).get(zone) or zone.rpartition("/")[2].replace("_", " ")


def offset_label(zone: str, now: datetime) -> str:
    """The offset of a zone at an instant: ``UTC``, ``UTC+8``, ``UTC-3:30``."""
    offset = now.astimezone(ZoneInfo(zone)).utcoffset()
    minutes = round(offset.total_seconds() / 60) if offset else 0
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '-'}{hours}{f':{rest:02}' if rest else ''}"


def _named(name: str, text: str) -> str | None:
    key = name_key(name)
    if key in AMBIGUOUS:
        raise _several(text, AMBIGUOUS[key])
    if zone := ALIASES.get(key) or index().spans.get(key):
        return zone
    if len(key) > 1 and (cities := index().cities.get(key)):
        return _one_of(cities, text)
    if country := index().countries.get(key):
        return _of_country(country, text)
    return _in_country(name, text)


def _in_country(name: str, text: str) -> str | None:
    """A city told with its country: ``Paris, France``, ``San Jose US``, ``美国纽约``, ``中国上海``."""
    for city, country in chain(_cut_chinese(name), _cut_words(name)):
        code = index().countries.get(country)
        cities = [found for found in index().cities.get(city, ()) if found.country == code]
        if code and cities:
            return _one_of(tuple(cities), text)
    return None


def _cut_chinese(name: str) -> list[tuple[str, str]]:
    key = name_key(name)
    return [(key[n:], key[:n]) for n in range(2, min(len(key), 8)) if is_han(key[0])]


def _cut_words(name: str) -> list[tuple[str, str]]:
    parts = words(name).split()
    most = min(len(parts), _MOST_COUNTRY_WORDS + 1)
    return [("".join(parts[:-n]), "".join(parts[-n:])) for n in range(1, most)]


def _one_of(cities: tuple[City, ...], text: str) -> str:
    called = {city.zone for city in cities if city.names_zone}
    if len(called) == 1:
        return called.pop()
    inhabitants: dict[str, int] = {}
    for city in cities:
        inhabitants[city.zone] = max(city.inhabitants, inhabitants.get(city.zone, 0))
    zones = dominant(inhabitants)
    if len(zones) == 1:
        return zones[0]
    raise _several(text, zones)


def _of_country(country: str, text: str) -> str | None:
    zones = index().zones_of_country.get(country, ())
    if len(zones) > 1:
        raise _several(text, zones)
    return zones[0] if zones else None


def _several(text: str, zones: tuple[str, ...]) -> AmbiguousInputError:
    return AmbiguousInputError(
        "“%(given)s” may be several time zones: which one?",
        given=shown(text),
        near=zones[:_SUGGESTED],
        forms=FORMS,
    )


def _without_tail(plain: str) -> str:
    return _TAIL.sub("", _TAIL_EN.sub("", plain)).strip()


def _find_offset(plain: str, text: str) -> str | None:
    compact = with_digits(plain).replace(" ", "")
    if match := _CHINESE_OFFSET.fullmatch(compact):
        if match["zero"]:
            return "UTC"
        minutes = int(match["hours"]) * 60 + (30 if match["half"] else 0)
        return _fixed(minutes if match["way"] == "东" else -minutes, text)
    match = _OFFSET.fullmatch(compact)
    if match is None:
        return None
    minutes = int(match["hours"]) * 60 + (30 if match["half"] else int(match["minutes"] or 0))
    return _fixed(-minutes if "-" in {match["sign"], match["bare"]} else minutes, text)


def _fixed(minutes: int, text: str) -> str:
    """The zone of an offset (minutes east of UTC); the names of IANA count westwards."""
    hours, rest = divmod(abs(minutes), 60)
    if not rest and hours <= (_EASTMOST if minutes > 0 else _WESTMOST):
        return f"Etc/GMT{'-' if minutes > 0 else '+'}{hours}" if hours else "UTC"
    if minutes in UNEVEN:
        return UNEVEN[minutes]
    near = (UNEVEN_SUMMER[minutes],) if minutes in UNEVEN_SUMMER else ()
    raise InputError("No time zone keeps “%(given)s” all year.", given=shown(text), near=near, forms=FORMS)


def zones_alike(text: str) -> tuple[str, ...]:
    """Zones of cities whose names are alike, the most alike first."""
    key = name_key(text[:LONGEST].rpartition("/")[2])
    if len(key) < _SHORTEST_ALIKE:
        return ()
    names = nearest(key, _of_length(len(key)), _SUGGESTED, _ALIKE)
    found = dict.fromkeys(max(index().cities[name], key=lambda c: c.inhabitants).zone for name in names)
    return tuple(found)


@cache
def _of_length(length: int) -> tuple[str, ...]:
    """The names that a slip of a few letters may have been."""
    return tuple(name for name in index().cities if abs(len(name) - length) <= _SLIP)
