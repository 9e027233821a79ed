"""Dates of every precision: their forms, their order, and when they are recalled."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from digests.dates import PartialDate, Precision

DATES: TypeAdapter[PartialDate] = TypeAdapter(PartialDate)


def read(text: str) -> PartialDate:
    return PartialDate.parse(text)


@pytest.mark.parametrize("text", ["2014-05-10", "2012-02-29", "2013-12-31", "2013-01-01"])
def test_a_day_is_not_recalled_in_its_own_year_nor_before_but_in_the_next(text: str) -> None:
    known = read(text)
    assert known.year is not None
    assert known.recalled_on(known.year) is None
    assert known.recalled_on(known.year - 1) is None
    recalled = known.recalled_on(known.year + 1)
    assert recalled is not None
    assert recalled.year == known.year + 1


@pytest.mark.parametrize("text", ["2012-08", "2017", "--08-28"])
def test_only_what_is_known_to_the_day_is_recalled_on_a_day(text: str) -> None:
    assert read(text).recalled_on(2026) is None


def test_a_day_is_recalled_on_its_own_month_and_day() -> None:
    assert read("2014-05-10").recalled_on(2026) == date(2026, 5, 10)
    assert read("2014-02-28").recalled_on(2027) == date(2027, 2, 28)
    assert read("2014-01-29").recalled_on(2027) == date(2027, 1, 29)


def test_a_leap_day_is_recalled_on_the_28th_in_a_century_that_is_no_leap_year() -> None:
    assert read("2016-02-29").recalled_on(2100) == date(2100, 2, 28)
    assert read("1996-02-29").recalled_on(2000) == date(2000, 2, 29)


@pytest.mark.parametrize("text", ["2012-08", "2012-08-15"])
def test_a_month_is_recalled_in_the_same_month_of_later_years(text: str) -> None:
    known = read(text)
    assert known.recalled_in(2013, 8)
    assert not known.recalled_in(2012, 8)
    assert not known.recalled_in(2011, 8)
    assert not known.recalled_in(2013, 7)


@pytest.mark.parametrize("text", ["2017", "--08-28"])
def test_a_year_and_a_day_without_one_are_recalled_in_no_month(text: str) -> None:
    assert not any(read(text).recalled_in(2026, month) for month in range(1, 13))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2014-05-10", date(2014, 5, 10), date(2014, 5, 10)),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29)),
        ("2015-02", date(2015, 2, 1), date(2015, 2, 28)),
        ("2014-04", date(2014, 4, 1), date(2014, 4, 30)),
        ("2017", date(2017, 1, 1), date(2017, 12, 31)),
        ("--08-28", None, None),
    ],
)
def test_a_date_covers_the_days_that_it_may_mean(text: str, first: date | None, last: date | None) -> None:
    assert (read(text).first_day(), read(text).last_day()) == (first, last)


def test_dates_are_ordered_by_time_the_less_precise_before_what_lies_in_it() -> None:
    texts = ["2011-12-31", "2012", "2012-08", "2012-08-01", "2012-08-02", "2012-09", "2013", "--01-01"]
    in_order = sorted(map(read, reversed(texts)), key=lambda known: known.sort_key)
    assert [str(known) for known in in_order] == texts


def test_an_unknown_year_comes_after_every_known_one() -> None:
    assert read("--01-01").sort_key == (9999, 1, 1)
    assert read("2999-12-31").sort_key < read("--01-01").sort_key


@pytest.mark.parametrize("text", ["0987-03-04", "0987-03", "0987", "--03-04", "--02-29", "2016-02-29"])
def test_a_date_is_written_as_it_was_read(text: str) -> None:
    assert str(read(text)) == text


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ((None,), "a date without a year needs a month and a day"),
        ((None, 5), "a date without a year needs a month and a day"),
        ((None, None, 5), "a date without a year needs a month and a day"),
        ((2014, None, 5), "a date with a day needs a month"),
        ((2014, 13), "month must be in 1..12"),
        ((2015, 2, 29), "day .*"),
        ((None, 2, 30), "day .*"),
    ],
)
def test_parts_that_are_no_date_are_refused_with_the_reason(
    parts: tuple[int | None, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=f"^{message}"):
        PartialDate(*parts)


@pytest.mark.parametrize("text", ["2014-5-1", "May 2014", "", "2014-05-10T00:00", "x2014", "2014x", "--5-1"])
def test_what_has_no_form_of_a_date_is_told_the_four_forms(text: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the whole message is compared
        read(text)
    assert str(caught.value) == f"{text!r} is not a date: write 2014-05-10, 2012-08, 2017 or --08-28"


def test_in_a_pack_a_date_is_text_and_goes_out_as_text() -> None:
    known = DATES.validate_python("2012-08")
    assert known == PartialDate(2012, 8)
    assert DATES.validate_python(known) is known
    assert DATES.dump_python(known, mode="json") == "2012-08"
    assert DATES.json_schema() == {"type": "string"}


@pytest.mark.parametrize("value", [2014, date(2014, 5, 10), None])
def test_in_a_pack_a_date_without_quotes_is_refused_with_the_remedy(value: object) -> None:
    with pytest.raises(ValidationError, match="a date is text: put quotes round"):
        DATES.validate_python(value)


@given(st.dates(date(1, 1, 1), date(9998, 12, 31)), st.integers(-2, 2))
def test_near_its_own_year_a_day_is_recalled_only_after_it(day: date, distance: int) -> None:
    known = PartialDate(day.year, day.month, day.day)
    assert known.precision is Precision.DAY
    if day.year + distance >= 1:
        assert (known.recalled_on(day.year + distance) is not None) == (distance > 0)
        assert known.recalled_in(day.year + distance, day.month) == (distance > 0)
