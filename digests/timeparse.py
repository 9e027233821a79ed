"""What people type for a time of day and a time zone, read forgivingly."""

from __future__ import annotations

import re
from datetime import time
from difflib import get_close_matches
from functools import cache
from zoneinfo import available_timezones

_TIME = re.compile(r"(?P<hour>\d{1,2})(?:[:：.](?P<minute>\d{2}))?")
_OFFSET = re.compile(r"(?:utc|gmt)?(?P<sign>[+-])0?(?P<hours>\d{1,2})(?::?00)?")

#: Files that some systems keep beside the zones.
_NOT_ZONES = frozenset({"localtime", "Factory"})

#: What the time of China is called everywhere but in the IANA names.
_ALIASES = {"beijing": "Asia/Shanghai", "北京": "Asia/Shanghai", "北京时间": "Asia/Shanghai"}

_SUGGESTED = 3


class UnknownTimezoneError(ValueError):
    """A name that no single time zone has; ``near`` holds the names that may have been meant."""

    def __init__(self, name: str, near: tuple[str, ...]) -> None:
        meant = f"did you mean {', '.join(near)}?" if near else "write one such as Asia/Shanghai"
        super().__init__(f"{name!r} is no time zone: {meant}")
        self.near = near


def parse_time(text: str) -> time:
    """Read a time of day: ``09:00``, ``9:00``, ``9.00`` or ``9``.

    Raises:
        ValueError: the text is no time of day.
    """
    match = _TIME.fullmatch(text.strip())
    try:
        if match:
            return time(int(match["hour"]), int(match["minute"] or 0))
    except ValueError:
        pass
    raise ValueError(f"{text!r} is no time of day: write 09:00, between 00:00 and 23:59")


def parse_timezone(text: str) -> str:
    """The IANA name that is meant: any case, blanks for underscores, the city alone, or ``UTC+8``.

    Raises:
        UnknownTimezoneError: there is no such zone, or several cities of that name.
    """
    wanted = text.strip().replace(" ", "_").lower()
    zones = _zones_by_name()
    whole = tuple(zone for zone in zones.get(wanted, ()) if zone.lower() == wanted)
    found = whole or zones.get(_offset_zone(wanted) or wanted, ())
    if len(found) == 1:
        return found[0]
    close = get_close_matches(wanted, zones, n=_SUGGESTED)
    near = dict.fromkeys(found or (zone for name in close for zone in zones[name]))
    raise UnknownTimezoneError(text, tuple(near)[:_SUGGESTED])


def _offset_zone(wanted: str) -> str | None:
    # the IANA names count westwards: what everybody calls UTC+8 is named Etc/GMT-8
    match = _OFFSET.fullmatch(wanted)
    if match is None:
        return None
    return f"etc/gmt{'-' if match['sign'] == '+' else '+'}{match['hours']}"


@cache
def _zones_by_name() -> dict[str, tuple[str, ...]]:
    zones = sorted(available_timezones() - _NOT_ZONES)
    cities: dict[str, tuple[str, ...]] = {}
    for zone in zones:
        city = zone.lower().rpartition("/")[2]
        cities[city] = (*cities.get(city, ()), zone)
    whole = {zone.lower(): (zone,) for zone in zones}
    return cities | whole | {alias: (zone,) for alias, zone in _ALIASES.items()}
