"""Places of the reports by any spelling of their names, and the nearest when there is none of that name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from digests.inputs import InputError
from digests.inputs.normalize import is_han, name_key, nearest, words
from digests.text import Text

_SUGGESTED = 3
_ALIKE = 74.0
_SHORTEST_ALIKE = 4
_CHINESE_TAIL = re.compile(r"(?<=..)(?:市|省|县|区|地区|城区|市区|自治区|特别行政区)$")
_ENGLISH_TAIL = re.compile(
    r" (?:city|municipality|prefecture|county|province|district|region|shi|sheng|xian)$"
    r"|^(?:city|province) of "
)
_TONE_DIGIT = re.compile(r"(?<=[a-z])[1-5](?=[a-z]|$)")


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place and its names; ``id`` is None for one that is only on a map and that no report tells of."""

    id: str | None
    name: Text
    aliases: tuple[str, ...] = ()


class PlaceFinder:
    """Finds places by name, in either script, with or without accents, tones, blanks and suffixes."""

    def __init__(self, places: Iterable[NamedPlace]) -> None:
        self._by_key: dict[str, NamedPlace] = {}
        # a place that a report tells of wins over one of the map, and a name over an alias
        known = sorted(places, key=lambda place: place.id is None)
        for place in known:
            self._add(place, (place.id or "", place.name.zh, place.name.en))
        for place in known:
            self._add(place, place.aliases)

    def find(self, text: str) -> NamedPlace | None:
        """The place of exactly that name, or None; ``河南省郑州市`` is 郑州."""
        for key in _keys(text):
            if place := self._by_key.get(key) or self._inner(key):
                return place
        return None

    def nearest(self, text: str) -> tuple[NamedPlace, ...]:
        """The places whose names are alike, the most alike first: to be told as near, not as found."""
        found = [self._by_key[near] for key in _keys(text) for near in self._alike(key)]
        return tuple(dict.fromkeys(found))[:_SUGGESTED]

    def _add(self, place: NamedPlace, names: Iterable[str]) -> None:
        for name in names:
            for key in _keys(name):
                self._by_key.setdefault(key, place)

    def _inner(self, key: str) -> NamedPlace | None:
        """The smaller of two places told together: behind the larger in Chinese, before it in English."""
        for cut in range(2, len(key) - 1):
            outer, inner = (key[:cut], key[cut:]) if is_han(key[0]) else (key[cut:], key[:cut])
            outer, inner = _CHINESE_TAIL.sub("", outer), _CHINESE_TAIL.sub("", inner)
            if inner in self._by_key and (outer in self._by_key or outer in {"中国", "china"}):
                return self._by_key[inner]
        return None

    def _alike(self, key: str) -> list[str]:
        if is_han(key[0]):
            same_length = (name for name in self._by_key if len(name) == len(key) and len(key) > 1)
            return [name for name in same_length if name[0] == key[0] and _differing(name, key) == 1]
        return nearest(key, self._by_key, _SUGGESTED, _ALIKE) if len(key) >= _SHORTEST_ALIKE else []


def _keys(text: str) -> Iterator[str]:
    """What a name is looked up by: as it is, without its suffix, without the digits of its tones."""
    try:
        plain = words(text)
    except InputError:
        return  # no place has so long a name
    key = name_key(plain)
    bare = name_key(_ENGLISH_TAIL.sub("", plain))
    keys = (key, _CHINESE_TAIL.sub("", key), bare, _TONE_DIGIT.sub("", bare))
    yield from dict.fromkeys(found for found in keys if found)


def _differing(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))
