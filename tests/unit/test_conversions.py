"""Quantities in words: at the borders of scales, with and without a fraction, alone and in a range."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
import yaml
from pydantic import ValidationError

from bot.settings import packs_directory
from digests.quantities import QUALIFIER_MARKS, EnglishScale, Qualifier, Quantity, Unit
from digests.text import Language, Text

UNITS = {
    each["id"]: Unit.model_validate(each)
    for each in yaml.safe_load((packs_directory() / "units.yaml").read_text(encoding="utf-8"))["units"]
}


def english(unit: str, value: str, upper: str | None = None) -> str:
    return UNITS[unit].word(Language.EN, Decimal(value), None if upper is None else Decimal(upper))


@pytest.mark.parametrize(
    ("value", "worded"),
    [
        ("0", "CNY 0 million"),
        ("0.5", "CNY 50 million"),
        ("1", "CNY 100 million"),
        ("9", "CNY 900 million"),
        ("9.99", "CNY 999 million"),
        ("9.999", "CNY 999.9 million"),
        ("10", "CNY 1 billion"),
        ("10.0", "CNY 1 billion"),
        ("10.5", "CNY 1.05 billion"),
        ("11", "CNY 1.1 billion"),
        ("500", "CNY 50 billion"),
        ("6408.80", "CNY 640.880 billion"),
        ("20000", "CNY 2,000 billion"),
    ],
)
def test_a_hundred_million_yuan_become_a_billion_from_ten_on(value: str, worded: str) -> None:
    assert english("yi-yuan", value) == worded


@pytest.mark.parametrize("unit", sorted(UNITS))
def test_the_next_scale_begins_exactly_where_it_is_said_to(unit: str) -> None:
    smallest = Decimal("0.001")
    scales = sorted(UNITS[unit].en, key=lambda scale: Decimal(scale.starting_at))
    for lower, upper in pairwise(scales):
        border = Decimal(upper.starting_at)
        assert UNITS[unit].word(Language.EN, border) == upper.word(border, None)
        assert UNITS[unit].word(Language.EN, border - smallest) == lower.word(border - smallest, None)


def test_a_range_is_worded_in_the_scale_of_its_lower_end() -> None:
    assert english("yi-yuan", "9", "12") == "CNY 900–1,200 million"
    assert english("yi-yuan", "10", "12") == "CNY 1–1.2 billion"
    assert UNITS["yi-yuan"].word(Language.ZH, Decimal(9), Decimal("12.50")) == "9–12.50亿元"


def test_below_every_scale_the_smallest_one_is_taken() -> None:
    unit = Unit(
        id="u",
        name=Text(zh="包", en="parcels"),
        zh="{n}包",
        en=(EnglishScale(starting_at="10", form="{n} parcels"), EnglishScale(starting_at="100", form="{n}!")),
    )
    assert unit.word(Language.EN, Decimal(3)) == "3 parcels"
    assert unit.word(Language.EN, Decimal(100)) == "100!"
    assert unit.word(Language.EN, Decimal(99)) == "99 parcels"


def test_scales_are_compared_as_numbers_not_as_text() -> None:
    scales = (EnglishScale(starting_at="9", form="{n} small"), EnglishScale(starting_at="10", form="{n} big"))
    unit = Unit(id="u", name=Text(zh="包", en="parcels"), zh="{n}包", en=scales)
    assert unit.word(Language.EN, Decimal(9)) == "9 small"
    assert unit.word(Language.EN, Decimal(80)) == "80 big"


def test_only_exactly_one_is_worded_in_the_singular() -> None:
    assert english("years", "1") == "1 year"
    assert english("years", "2") == "2 years"
    assert english("years", "1", "2") == "1–2 years"
    assert english("years", "11") == "11 years"
    assert EnglishScale(form="{n} firms").word(Decimal(1), None) == "1 firms"


@pytest.mark.parametrize(
    ("value", "worded"), [("12000", "12,000"), ("1234567.50", "1,234,567.50"), ("0.10", "0.10")]
)
def test_without_a_conversion_the_digits_stay_as_printed(value: str, worded: str) -> None:
    assert EnglishScale(form="{n}").word(Decimal(value), None) == worded
    unit = Unit(id="u", name=Text(zh="包", en="parcels"), zh="{n}包", en=(EnglishScale(form="{n}"),))
    assert unit.word(Language.ZH, Decimal(value)) == f"{value}包"


@pytest.mark.parametrize(
    ("value", "times", "worded"),
    [
        ("500", "0.1", "50"),
        ("505", "0.1", "50.5"),
        ("500", "0.01", "5"),
        ("1500", "0.001", "1.5"),
        ("2.50", "10", "25"),
        ("2.50", "100", "250"),
        ("2.505", "10", "25.05"),
        ("2.05", "1000", "2,050"),
        ("12.50", "2", "25"),
        ("12.25", "2", "24.50"),
        ("3", "2.5", "7.5"),
        ("10", "0.25", "2.5"),
        ("100", "10", "1,000"),
        ("0.10", "0.1", "0.010"),
    ],
)
def test_a_conversion_keeps_the_printed_digits_and_adds_no_zeros(value: str, times: str, worded: str) -> None:
    assert EnglishScale(times=times, form="{n}").word(Decimal(value), None) == worded


@pytest.mark.parametrize(
    ("qualifier", "words", "marks"),
    [
        (Qualifier.OVER, "over", ("超",)),
        (Qualifier.NEARLY, "nearly", ("近",)),
        (Qualifier.LESS_THAN, "less than", ("不足",)),
        (Qualifier.MORE_THAN, "more than", ("余", "多")),
        (Qualifier.ABOUT, "about", ("左右", "约")),
    ],
)
def test_each_qualifier_has_its_words_in_both_languages(
    qualifier: Qualifier, words: str, marks: tuple[str, ...]
) -> None:
    quantity = Quantity(printed="9", value="9", unit="percent", qualifier=qualifier)
    assert quantity.word(Language.EN, UNITS["percent"]) == f"{words} 9%"
    assert QUALIFIER_MARKS[qualifier] == marks


def test_a_quantity_without_a_qualifier_is_only_its_number() -> None:
    quantity = Quantity(printed="9～10%", value="9", upper="10", unit="percent")
    assert quantity.number == Decimal(9)
    assert quantity.word(Language.EN, UNITS["percent"]) == "9–10%"
    assert quantity.word(Language.ZH, UNITS["percent"]) == "9～10%"


@pytest.mark.parametrize("upper", ["9", "9.0", "8.9"])
def test_the_end_of_a_range_is_greater_than_its_beginning(upper: str) -> None:
    with pytest.raises(ValidationError, match=f"upper {upper} must be greater than value 9"):
        Quantity(printed="9", value="9", upper=upper, unit="percent")
    assert Quantity(printed="9", value="9", upper="9.1", unit="percent").upper == "9.1"


@pytest.mark.parametrize("value", ["", "-1", "1.", ".5", "1,000", "1e3", "x1", "1x"])
def test_a_number_is_written_in_plain_digits(value: str) -> None:
    with pytest.raises(ValidationError):
        Quantity(printed="x", value=value, unit="percent")
