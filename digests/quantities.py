"""Quantities as printed, and their exact wording in each language."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from digests.text import Language, Phrase, Text

NumberAsPrinted = Annotated[str, StringConstraints(pattern=r"^\d+(\.\d+)?$", max_length=40)]


class Qualifier(StrEnum):
    """The word that a source puts beside a number to say that it is not exact."""

    OVER = "over"  # 超
    NEARLY = "nearly"  # 近
    LESS_THAN = "less_than"  # 不足
    MORE_THAN = "more_than"  # 余, 多
    ABOUT = "about"  # 左右


#: The characters by which a Chinese source marks each qualifier.
QUALIFIER_MARKS: dict[Qualifier, tuple[str, ...]] = {
    Qualifier.OVER: ("超",),
    Qualifier.NEARLY: ("近",),
    Qualifier.LESS_THAN: ("不足",),
    Qualifier.MORE_THAN: ("余", "多"),
    Qualifier.ABOUT: ("左右", "约"),
}

_ENGLISH_QUALIFIERS: dict[Qualifier, str] = {
    Qualifier.OVER: "over",
    Qualifier.NEARLY: "nearly",
    Qualifier.LESS_THAN: "less than",
    Qualifier.MORE_THAN: "more than",
    Qualifier.ABOUT: "about",
}


class EnglishScale(BaseModel):
    """How an English text words numbers of a unit from a certain size on.

    ``form`` holds ``{n}`` where the number goes; the printed number is multiplied by ``times``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    starting_at: NumberAsPrinted = "0"
    times: NumberAsPrinted = "1"
    form: Phrase
    singular: Phrase | None = None

    def word(self, lower: Decimal, upper: Decimal | None) -> str:
        """The number, or the range, in this scale."""
        numbers = [self._number(number) for number in (lower, upper) if number is not None]
        form = self.singular if self.singular and numbers == ["1"] else self.form
        return form.replace("{n}", "–".join(numbers))

    def _number(self, printed: Decimal) -> str:
        if self.times == "1":
            return f"{printed:,f}"
        converted = f"{_times(printed, Decimal(self.times)):,f}"
        # zeros that only the conversion brought behind the point (500 x 0.1 = 50.0) were never printed
        is_whole = printed == printed.to_integral_value()
        return (
            converted.rstrip("0").rstrip(".")
            if is_whole and "." in converted
            else _without_empty_fraction(converted)
        )


def _times(printed: Decimal, factor: Decimal) -> Decimal:
    """The product; a power of ten only moves the point, so that it adds no zeros behind it."""
    moved = printed.scaleb(factor.adjusted())
    return moved if moved == printed * factor else printed * factor


def _without_empty_fraction(number: str) -> str:
    whole, _, fraction = number.partition(".")
    return number if fraction.strip("0") else whole


class Unit(BaseModel):
    """A unit of measure or a counting word, as each language writes it.

    ``zh`` holds ``{n}`` where the number goes (``{n}亿元``); ``en`` is tried from the largest
    ``starting_at`` down.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Phrase
    name: Text
    zh: Phrase
    en: tuple[EnglishScale, ...] = Field(min_length=1)

    def word(self, language: Language, lower: Decimal, upper: Decimal | None = None) -> str:
        """Word a number of this unit, exactly, without a qualifier."""
        if language is Language.ZH:
            number = f"{lower:f}" if upper is None else f"{lower:f}–{upper:f}"
            return self.zh.replace("{n}", number)
        scales = sorted(self.en, key=lambda scale: Decimal(scale.starting_at), reverse=True)
        scale = next((scale for scale in scales if lower >= Decimal(scale.starting_at)), scales[-1])
        return scale.word(lower, upper)


class Quantity(BaseModel):
    """A number as printed, with its unit and its qualifier.

    ``printed`` is the source's own spelling (``不足1亿元``, ``4万余家``, ``20%-25%左右``) and is what a
    Chinese reader sees; ``value`` keeps the printed digits, ``upper`` is the end of a range.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    printed: Phrase
    value: NumberAsPrinted
    upper: NumberAsPrinted | None = None
    unit: Phrase
    qualifier: Qualifier | None = None

    @model_validator(mode="after")
    def _range_is_ordered(self) -> Quantity:
        if self.upper is not None and Decimal(self.upper) <= Decimal(self.value):
            raise ValueError(f"upper {self.upper} must be greater than value {self.value}")
        return self

    @property
    def number(self) -> Decimal:
        """The printed value, exactly."""
        return Decimal(self.value)

    def word(self, language: Language, unit: Unit) -> str:
        """The quantity in words: as printed in Chinese, exactly converted in English.

        *unit* is the one that ``unit`` names.
        """
        if language is Language.ZH:
            return self.printed
        upper = None if self.upper is None else Decimal(self.upper)
        worded = unit.word(language, self.number, upper)
        return f"{_ENGLISH_QUALIFIERS[self.qualifier]} {worded}" if self.qualifier else worded
