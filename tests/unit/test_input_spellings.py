"""Every spelling of the table is read, and read alike however it is typed."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from hypothesis import given, settings
from hypothesis import strategies as st

from digests.inputs import AmbiguousInputError, InputError
from digests.inputs.dates import find_when, read_when
from digests.inputs.times import find_time, find_weekday, read_cadence, read_time, read_weekday
from digests.inputs.zones import read_zone
from digests.pages.catalogs import translations
from digests.text import Language
from tests.unit import spellings

TODAY = date(2026, 11, 26)


def pairs(table: str) -> list[tuple[str, str]]:
    """The entries of a table: spelling and meaning."""
    return [
        (spelling.strip(), meaning.strip())
        for spelling, meaning in (entry.split(" = ") for entry in entries(table))
    ]


def entries(table: str) -> list[str]:
    """The spellings of a table."""
    return [entry.strip() for line in table.strip().splitlines() for entry in line.split(" | ")]


DATES, TIMES, WEEKDAYS, CADENCES, ZONES = (
    pairs(table)
    for table in (
        spellings.DATES,
        spellings.TIMES,
        spellings.WEEKDAYS,
        spellings.CADENCES,
        spellings.ZONES,
    )
)


def read_as_text(kind: str, text: str) -> str:
    """What the reader of a kind makes of a text, as the tables write it."""
    if kind == "date":
        return str(read_when(text, TODAY))
    if kind == "time":
        return f"{read_time(text):%H:%M}"
    if kind == "weekday":
        return str(read_weekday(text))
    return str(read_cadence(text)) if kind == "cadence" else read_zone(text)


ALL = [
    (kind, *pair)
    for kind, table in (
        ("date", DATES),
        ("time", TIMES),
        ("weekday", WEEKDAYS),
        ("cadence", CADENCES),
        ("zone", ZONES),
    )
    for pair in table
]


@pytest.mark.parametrize(("kind", "text", "meaning"), ALL)
def test_a_spelling_is_read_as_what_it_means(kind, text, meaning):
    assert read_as_text(kind, text) == meaning


FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F) if chr(code) not in "~'"}
DISGUISES = {
    "in capitals": str.upper,
    "with blanks around": lambda text: f" \u3000{text}\u00a0 ",
    "with invisible characters": lambda text: "\u200b" + "\u2060".join(text) + "\ufeff",
    "in full width": lambda text: text.translate(FULL_WIDTH),
    "with a stop": lambda text: text if text.endswith(("-", "+", ")")) else f"{text}。",
}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_no_disguise_of_the_keyboard_changes_what_is_read(disguise):
    changed = {
        (kind, text)
        for kind, text, meaning in ALL
        if read_as_text(kind, DISGUISES[disguise](text)) != meaning
    }
    assert changed == set()


@pytest.mark.parametrize("text", entries(spellings.WRONG_DATES))
def test_a_wrong_date_is_told_as_such_and_never_taken_for_something_else(text):
    with pytest.raises(InputError) as refusal:
        find_when(text, TODAY)
    assert refusal.value.forms


@pytest.mark.parametrize("text", entries(spellings.NO_DATES))
def test_what_is_not_shaped_like_a_date_is_left_to_others(text):
    assert find_when(text, TODAY) is None


@pytest.mark.parametrize("text", entries(spellings.WRONG_TIMES))
def test_a_wrong_time_is_told_as_such(text):
    with pytest.raises(InputError, match="between 00:00 and 23:59"):
        find_time(text)


@pytest.mark.parametrize("text", entries(spellings.NO_TIMES))
def test_what_is_no_time_is_refused_with_what_would_be(text):
    assert find_time(text) is None
    with pytest.raises(InputError) as refusal:
        read_time(text)
    assert all(read_time(form) for form in refusal.value.forms)


@pytest.mark.parametrize("text", entries(spellings.NO_WEEKDAYS))
def test_what_is_no_weekday_is_refused(text):
    assert find_weekday(text) is None


@pytest.mark.parametrize("text", entries(spellings.AMBIGUOUS_ZONES))
def test_a_name_of_several_zones_is_answered_with_them(text):
    with pytest.raises(AmbiguousInputError) as refusal:
        read_zone(text)
    assert len(refusal.value.near) > 1
    assert all(read_zone(zone) == zone for zone in refusal.value.near)


@pytest.mark.parametrize("text", entries(spellings.NO_ZONES))
def test_what_is_no_zone_is_refused_with_spellings_that_work(text):
    with pytest.raises(InputError) as refusal:
        read_zone(text)
    assert all(read_zone(form) for form in refusal.value.forms)


READERS = st.sampled_from(["date", "time", "weekday", "cadence", "zone"])
PIECES = st.sampled_from([text for _, text, _ in ALL]) | st.sampled_from(list("0123456789-/.:年月日点 +~"))
TYPED = st.text(max_size=400) | st.lists(PIECES, max_size=12).map("".join) | st.from_regex(r"\d{1,40}")


@settings(max_examples=300, deadline=None)
@given(READERS, TYPED)
def test_whatever_is_typed_is_read_or_refused_and_nothing_else_happens(kind, text):
    with suppress(InputError):
        assert read_as_text(kind, text)


@settings(max_examples=200, deadline=None)
@given(
    st.datetimes(datetime(1900, 1, 1), datetime(2100, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%Y年%m月%d日", "%d %B %Y", "%B %d, %Y", "%Y/%m/%d", "%d.%m.%Y", "%Y%m%d"]),
)
def test_every_day_within_bounds_is_read_in_each_form(day, form):
    assert str(read_when(day.strftime(form), TODAY)) == f"{day:%Y-%m-%d}"


def test_what_a_reader_says_is_said_in_chinese_too():
    found: set[str] = set()
    for path in (Path(__file__).parents[2] / "digests").rglob("*.py"):
        keywords = {"InputError": None, "AmbiguousInputError": None}
        found |= {
            str(message) for _, message, _, _ in extract_from_file("python", str(path), keywords=keywords)
        }
    chinese = translations(Language.ZH)
    assert found
    assert {phrase for phrase in found if chinese.gettext(phrase) == phrase} == set()
