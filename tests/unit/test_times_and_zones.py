"""Every minute and every zone can be written, and a zone is shown to readers in their language."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.inputs import InputError
from digests.inputs.times import read_time
from digests.inputs.zone_index import index
from digests.inputs.zones import find_zone, read_zone, zone_label
from digests.text import Language

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
ABBREVIATIONS = {"localtime", "Factory", "EST", "MST"}


@pytest.mark.parametrize(
    "form", ["{0:%H:%M}", "{0:%H%M}", "{0:%I:%M %p}", "{0.hour}点{0.minute}分", "{0:%H：%M}"]
)
@given(at=st.times().map(lambda at: at.replace(second=0, microsecond=0)))
def test_every_minute_of_the_day_can_be_written(form, at):
    assert read_time(form.format(at)) == at


def test_every_zone_is_known_by_its_name_in_any_case():
    for zone in available_timezones() - ABBREVIATIONS:
        if "/" in zone:
            assert read_zone(zone.upper()) == zone
            assert read_zone(zone.replace("_", " ")) == zone


@given(st.integers(-12 * 60, 14 * 60), st.sampled_from(["UTC", "GMT", "utc ", ""]))
def test_an_offset_is_a_zone_of_just_that_offset_or_refused(minutes, prefix):
    text = f"{prefix}{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    try:
        zone = ZoneInfo(read_zone(text))
    except InputError:
        assert minutes % 60
        return
    for month in range(1, 13):
        offset = datetime(2026, month, 1, tzinfo=zone).utcoffset()
        assert offset is not None
        assert offset.total_seconds() == minutes * 60


@pytest.mark.parametrize(
    ("zone", "zh", "en"),
    [
        ("Asia/Shanghai", "上海 · UTC+8", "Shanghai · UTC+8"),
        ("America/New_York", "纽约 · UTC-5", "New York · UTC-5"),
        ("Asia/Kolkata", "加尔各答 · UTC+5:30", "Kolkata · UTC+5:30"),
        ("America/St_Johns", "圣约翰斯 · UTC-3:30", "St. John’s · UTC-3:30"),
        ("Europe/London", "伦敦 · UTC", "London · UTC"),
        ("Etc/GMT-8", "UTC+8", "UTC+8"),
        ("Etc/GMT+3", "UTC-3", "UTC-3"),
        ("UTC", "UTC", "UTC"),
    ],
)
def test_a_zone_is_shown_with_its_city_and_offset(zone, zh, en):
    assert (zone_label(zone, Language.ZH, NOW), zone_label(zone, Language.EN, NOW)) == (zh, en)


def test_the_offset_shown_is_that_of_the_season():
    assert zone_label("Europe/Berlin", Language.EN, NOW.replace(month=7)) == "Berlin · UTC+2"


def test_every_zone_is_shown_in_chinese_without_an_iana_name():
    for zone in available_timezones() - ABBREVIATIONS:
        assert "/" not in zone_label(zone, Language.ZH, NOW)
        assert "GMT" not in zone_label(zone, Language.ZH, NOW)


def test_what_a_label_shows_as_a_city_is_read_back_as_its_zone():
    for zone in {city.zone for cities in index().cities.values() for city in cities if city.names_zone}:
        for language in Language:
            city = zone_label(zone, language, NOW).split(" · ")[0]
            assert find_zone(city) == zone, city


@pytest.mark.parametrize(
    ("slip", "zone"),
    [("Asia/Shangai", "Asia/Shanghai"), ("Nwe York", "America/New_York"), ("Berln", "Europe/Berlin")],
)
def test_a_misspelt_city_is_answered_with_the_near_ones(slip, zone):
    with pytest.raises(InputError, match="Did you mean") as refusal:
        read_zone(slip)
    assert zone in refusal.value.near
