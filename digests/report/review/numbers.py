"""The numbers that a Chinese or an English text names, as values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_CHINESE_DIGITS = {digit: number for number, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
_CHINESE_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_ENGLISH_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_WORDS = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_ORDINALS = (
    "zeroth",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
)

_DIGITS = r"\d+(?:,\d{3})*(?:\.\d+)?"
_CHINESE = re.compile(rf"(?<![A-Za-z])({_DIGITS})(?![A-Za-z\d])\s*([万亿]*)")
_ENGLISH = re.compile(
    rf"(?<![A-Za-z])({_DIGITS})(?:st|nd|rd|th)?(?![A-Za-z\d])(?:\s*({'|'.join(_ENGLISH_SCALES)}))?",
    re.IGNORECASE,
)
_NUMERALS = re.compile("[零一二三四五六七八九两十百千万亿]+")


@dataclass(frozen=True, slots=True)
class Numbers:
    """``exact``: written in digits. ``all``: those, and the ones written in words."""

    exact: frozenset[Decimal]
    all: frozenset[Decimal]


def chinese_numbers(text: str) -> Numbers:
    """The numbers of a Chinese text; ``2018.3亿`` is 201830000000."""
    exact = {_scaled(digits, scale) for digits, scale in _CHINESE.findall(text)}
    words = {value for run in _NUMERALS.findall(text) for value in _numerals(run)}
    return Numbers(frozenset(exact), frozenset(exact | words))


def english_numbers(text: str) -> Numbers:
    """The numbers of an English text; ``CNY 201.83 billion`` is 201830000000, and May is 5."""
    exact = {
        Decimal(digits.replace(",", "")) * _ENGLISH_SCALES.get(scale.lower(), 1)
        for digits, scale in _ENGLISH.findall(text)
    }
    named = {
        Decimal(number)
        for words, first in ((_MONTHS, 1), (_WORDS, 0), (_ORDINALS, 0))
        for number, word in enumerate(words, first)
        if re.search(rf"\b{word}\b", text, re.IGNORECASE)
    }
    return Numbers(frozenset(exact), frozenset(exact | named))


def _scaled(digits: str, scale: str) -> Decimal:
    value = Decimal(digits.replace(",", ""))
    for character in scale:
        value *= _CHINESE_SCALES[character]
    return value


def _numerals(run: str) -> set[Decimal]:
    """Each number that a run of numerals, or a part of it, may be: 十三五 holds 13, 3 and 5."""
    parts = {run[start:end] for start in range(len(run)) for end in range(start + 1, len(run) + 1)}
    return {Decimal(_numeral(part)) for part in parts}


def _numeral(part: str) -> int:
    total, digit = 0, 0
    for character in part:
        if character in _CHINESE_SCALES:
            total += (digit or 1) * _CHINESE_SCALES[character]
            digit = 0
        else:
            digit = _CHINESE_DIGITS[character]
    return total + digit
