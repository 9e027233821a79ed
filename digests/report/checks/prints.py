"""Whether a quantity fits its print: its number, its unit and its qualifier stand in it."""

from __future__ import annotations

from collections.abc import Iterator

from digests.quantities import QUALIFIER_MARKS, Quantity
from digests.report.checks.walking import Complaint, squeeze
from digests.report.reading import Path_

_CHINESE_DIGITS = {"两": "2", **{digit: str(number) for number, digit in enumerate("零一二三四五六七八九十")}}


def print_fits(quantity: Quantity, unit_zh: str, path: Path_) -> Iterator[Complaint]:
    printed = squeeze(quantity.printed)
    for number in (quantity.value, quantity.upper):
        if number is not None and not _stands_in(number, printed):
            yield path, "printed", f"{quantity.printed!r} does not contain the value {number}"
    rest = iter(printed)
    if not all(character in rest for character in unit_zh.replace("{n}", "") if not character.isspace()):
        yield (
            path,
            "printed",
            f"{quantity.printed!r} does not contain its unit {unit_zh.replace('{n}', '')!r}",
        )
    yield from _qualifier_fits(quantity, printed, path)


def _stands_in(number: str, printed: str) -> bool:
    """Whether a print holds a number; one without any digit (首位, 超亿元) stands for one."""
    arabic = _arabic(printed)
    return number in printed or number in arabic or (number == "1" and not any(map(str.isdigit, arabic)))


def _arabic(printed: str) -> str:
    if "十" in printed:
        printed = printed.replace("十", "10")
    return "".join(_CHINESE_DIGITS.get(character, character) for character in printed)


def _qualifier_fits(quantity: Quantity, printed: str, path: Path_) -> Iterator[Complaint]:
    if quantity.qualifier is not None:
        if not any(mark in printed for mark in QUALIFIER_MARKS[quantity.qualifier]):
            yield path, "qualifier", f"{quantity.printed!r} has no mark of {quantity.qualifier.value!r}"
        return
    for qualifier, marks in QUALIFIER_MARKS.items():
        if any(printed.startswith(mark) or printed.endswith(mark) for mark in marks) or any(
            f"{m}家" in printed for m in "余多"
        ):
            yield path, "qualifier", f"{quantity.printed!r} says {qualifier.value!r}: name the qualifier"
            return
