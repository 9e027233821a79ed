"""Numbers as people write them: digits of any script, Chinese numerals, separators, multiples and percent."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from digests.inputs import InputError
from digests.inputs.normalize import normalize, shown

_DIGITS = {digit: value for value, digits in enumerate("零壹贰叁肆伍陆柒捌玖") for digit in digits}
_DIGITS |= {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_TENS = {"廿": "二十", "卅": "三十"}
_NUMERAL = re.compile(f"[{''.join((*_DIGITS, *_UNITS, *_TENS))}]+")

_NUMBER = re.compile(
    r"(?P<sign>[+-]?)(?P<whole>\d{1,18}|\d{1,3}(?:[, ']\d{3}){1,5})?(?:\.(?P<part>\d{1,12}))? ?(?P<times>\D*)"
)
_MULTIPLES = {"": 1, "万": 10**4, "亿": 10**8, "万亿": 10**12, "千": 1000, "百万": 10**6, "千万": 10**7}
_MULTIPLES |= {"k": 1000, "thousand": 1000, "m": 10**6, "mn": 10**6, "million": 10**6, "万万": 10**8}
_MULTIPLES |= {"bn": 10**9, "billion": 10**9, "tn": 10**12, "trillion": 10**12, "%": 1, "percent": 1}
_FORMS = ("10.51", "1,200", "3268.4亿")


@lru_cache(maxsize=1024)
def with_digits(text: str) -> str:
    """Normalised text whose Chinese numerals are written in digits; a run that is no number stays."""
    return _NUMERAL.sub(lambda run: _digits(run[0]) or run[0], text)


def read_count(text: str, least: int, most: int) -> int:
    """A whole number between *least* and *most*, both allowed.

    Raises:
        InputError: it is none, or outside the bounds.
    """
    found = re.fullmatch(r"([+-]?\d{1,18})(?: ?[个条期次篇项])?", with_digits(normalize(text)))
    if found and least <= int(found[1]) <= most:
        return int(found[1])
    raise InputError(
        "“%(given)s” is not a whole number from %(least)s to %(most)s.",
        given=shown(text),
        least=least,
        most=most,
        forms=(str(least), str(most)),
    )


def read_number(text: str) -> Decimal:
    """A number: ``3,268.4``, ``1.2万亿``, ``两千``, ``10.51%`` (which is 10.51), ``3 million``.

    Raises:
        InputError: it is none.
    """
    written = with_digits(normalize(text)).removeprefix("百分之").strip()
    found = _NUMBER.fullmatch(written)
    times = _MULTIPLES.get(found["times"].strip()) if found else None
    if found is None or times is None or not (found["whole"] or found["part"]):
        raise InputError("“%(given)s” is not a number.", given=shown(text), forms=_FORMS)
    whole = re.sub(r"\D", "", found["whole"] or "0")
    return Decimal(f"{found['sign']}{whole}.{found['part'] or 0}") * times


def _digits(run: str) -> str | None:
    """A run of Chinese numerals in digits: ``二零一六`` is 2016, ``二十三`` is 23."""
    for short, long in _TENS.items():
        run = run.replace(short, long)
    if all(character in _DIGITS for character in run):
        return "".join(str(_DIGITS[character]) for character in run)
    total, digit, smallest = 0, None, 10**4
    for character in run:
        if character in _UNITS:
            unit = _UNITS[character]
            if unit >= smallest or (digit is None and unit != _UNITS["十"]):
                return None
            total, digit, smallest = total + (1 if digit is None else digit) * unit, None, unit
        elif digit not in {None, 0}:
            return None
        else:
            digit = _DIGITS[character]
    return str(total + (digit or 0))
