from __future__ import annotations

from datetime import time
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.timeparse import UnknownTimezoneError, parse_time, parse_timezone


@pytest.mark.parametrize("text", ["09:00", "9:00", "9", "9.00", "9：00", " 09:00 "])
def test_a_time_of_day_is_read_as_people_write_it(text):
    assert parse_time(text) == time(9)


@given(st.times().map(lambda at: at.replace(second=0, microsecond=0)))
def test_every_minute_of_the_day_can_be_written(at):
    assert parse_time(f"{at:%H:%M}") == at


@pytest.mark.parametrize("text", ["", "24:00", "9:60", "9:0", "morning", "-1", "9:00:00"])
def test_what_is_no_time_is_refused_with_what_would_be(text):
    with pytest.raises(ValueError, match="write 09:00"):
        parse_time(text)


def test_every_zone_is_known_by_its_name_in_any_case():
    for zone in available_timezones() - {"localtime", "Factory"}:
        assert parse_timezone(zone.upper()) == zone


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("shanghai", "Asia/Shanghai"),
        ("New York", "America/New_York"),
        ("北京", "Asia/Shanghai"),
        ("utc", "UTC"),
    ],
)
def test_a_city_is_enough(text, zone):
    assert parse_timezone(text) == zone


@pytest.mark.parametrize("text", ["UTC+8", "gmt+8", "+08:00", "+8"])
def test_an_offset_means_what_people_mean_by_it(text):
    assert parse_timezone(text) == "Etc/GMT-8"


def test_a_misspelt_zone_is_answered_with_near_ones():
    with pytest.raises(UnknownTimezoneError, match="did you mean") as refusal:
        parse_timezone("Asia/Shangai")
    assert "Asia/Shanghai" in refusal.value.near


def test_a_city_of_several_zones_is_answered_with_them():
    with pytest.raises(UnknownTimezoneError) as refusal:
        parse_timezone("Istanbul")
    assert refusal.value.near == ("Asia/Istanbul", "Europe/Istanbul")


def test_a_zone_like_nothing_is_answered_with_an_example():
    with pytest.raises(UnknownTimezoneError, match="write one such as Asia/Shanghai"):
        parse_timezone("§§§")
