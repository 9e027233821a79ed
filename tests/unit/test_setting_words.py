"""A sentence is split into the settings that it names; what is unknown costs none of the others."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digests.inputs import InputError
from digests.inputs.dates import read_pause
from digests.inputs.setting_words import (
    Reader,
    find_language,
    find_pause,
    find_switch,
    find_time_setting,
    is_resume,
    split_settings,
)
from digests.inputs.times import find_cadence, find_weekday
from digests.inputs.zones import find_zone
from tests.unit import spellings
from tests.unit.test_input_spellings import pairs

TODAY = date(2026, 11, 26)
READERS: dict[str, Reader] = {
    "how often": find_cadence,
    "weekday": find_weekday,
    "at": find_time_setting,
    "language": find_language,
    "pin": lambda text: find_switch(text, ("pin", "置顶")),
    "picture": lambda text: find_switch(text, ("picture", "pictures", "图片")),
    "resume": is_resume,
    "pause": lambda text: find_pause(text, TODAY),
    "zone": find_zone,
}


def told(text: str) -> str:
    """What a sentence says, in short: the values in order, each unknown piece behind a ?."""
    found = split_settings(text, READERS, ("daily", "weekly", "monthly", "resume", "pause"))
    known = [
        f"{word.setting} {word.value}" if isinstance(word.value, bool) else str(word.value)
        for word in found.known
    ]
    return " | ".join([*known, *(f"?{word.text}" for word in found.unknown)])


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("daily 09:00 New York", "daily | 09:00:00 | America/New_York"),
        ("每天 9点 上海", "daily | 09:00:00 | Asia/Shanghai"),
        ("每天9点上海", "daily | 09:00:00 | Asia/Shanghai"),
        ("每天，09:00", "daily | 09:00:00"),
        ("每天早上八点", "daily | 08:00:00"),
        ("每天早上八點 香港", "daily | 08:00:00 | Asia/Hong_Kong"),
        ("weekly, fri 8pm Kuala Lumpur", "4 | 20:00:00 | Asia/Kuala_Lumpur"),
        ("weekly; 8 pm", "weekly | 20:00:00"),
        ("每周五晚上8点东京时间", "4 | 20:00:00 | Asia/Tokyo"),
        ("every friday at 8pm", "4 | 20:00:00"),
        ("each day at 9 in Berlin", "daily | 09:00:00 | Europe/Berlin"),
        ("daily 9 San Jose, Costa Rica", "daily | 09:00:00 | America/Costa_Rica"),
        ("monthly Europe/Berlin en", "monthly | Europe/Berlin | en"),
        ("daily 09:00 UTC+5:30", "daily | 09:00:00 | Asia/Kolkata"),
        ("每月 8:30 UTC＋8", "monthly | 08:30:00 | Etc/GMT-8"),
        ("每月一号 9点", "monthly | 09:00:00"),
        ("时间：9点", "09:00:00"),
        ("time: 9:30 pm, zone: Sao Paulo, language: English", "21:30:00 | America/Sao_Paulo | en"),
        ("请改为每周一上午9点，北京时间，中文", "0 | 09:00:00 | Asia/Shanghai | zh"),
        ("2027/01/01", "2027-01-01"),
        ("2027年1月1日", "2027-01-01"),
        ("pause until 1 January", "2027-01-01"),
        ("暂停到二〇二七年一月一日", "2027-01-01"),
        ("暂停两周", "2026-12-10"),
        ("resume", "resume True"),
        ("no posts in August", "2027-09-01"),
        ("stop August", "2027-09-01"),
        ("八月不推送", "2027-09-01"),
        ("在8月份暂停推送", "2027-09-01"),
        ("stop pin", "pin False"),
        ("恢复推送", "resume True"),
        ("pin off, no pictures", "pin False | picture False"),
        ("置顶 关 不要图片", "pin False | picture False"),
        ("开启置顶，图片：开", "pin True | picture True"),
        ("I want it every day at 9pm Los Angeles time please", "daily | 21:00:00 | America/Los_Angeles"),
        ("hong kong 7.30 am weekly monday", "Asia/Hong_Kong | 07:30:00 | 0"),
        ("daily foo 9:00", "daily | 09:00:00 | ?foo"),
        ("daily 25:00 Berlin", "daily | Europe/Berlin | ?25:00"),
        ("daily 09:00 Nwe York en", "daily | 09:00:00 | en | ?Nwe York"),
        ("daily EST 9am", "daily | 09:00:00 | ?EST"),
        ("daliy 9am", "09:00:00 | ?daliy"),
        ("daily 2014-13-45", "daily | ?2014-13-45"),
        ("weekly 9000-01-01 静默", "weekly | ?9000-01-01 | ?静默"),
        ("每晚9点", "daily | 21:00:00"),
        ("every evening at 9", "daily | 21:00:00"),
        ("every morning at 8:30 Tokyo time", "daily | 08:30:00 | Asia/Tokyo"),
        ("明天恢复", "2026-11-27"),
        ("resume on 1 January 2027", "2027-01-01"),
        ("每两天", "?两天"),
        ("9-10", "?9-10"),
        ("daily@09:00", "daily | 09:00:00"),
        ("每天下午三点一刻，纽约时间，不要图片", "daily | 15:15:00 | America/New_York | picture False"),
        ("weekly fri,8pm,Singapore", "4 | 20:00:00 | Asia/Singapore"),
        ("daily noon UTC+5:45 en pin", "daily | 12:00:00 | Asia/Kathmandu | en | pin True"),
        ("每天 09：00 －5", "daily | 09:00:00 | Etc/GMT+5"),
        ("San Fransisco 9am", "America/Los_Angeles | 09:00:00"),
        ("", ""),
    ],
)
def test_a_sentence_is_split_into_its_settings(text, meaning):
    assert told(text) == meaning


@pytest.mark.parametrize(("text", "zone"), [p for p in pairs(spellings.ZONES) if len(p[0]) > 2])
def test_every_zone_is_read_within_a_sentence(text, zone):
    found = split_settings(f"daily 09:00 {text}", READERS)
    assert [str(word.value) for word in found.known] == ["daily", "09:00:00", zone]
    assert not found.unknown


def test_a_slip_is_told_what_may_have_been_meant():
    (slip,) = split_settings("daily Nwe York 9am", READERS).unknown
    assert slip.near == ("America/New_York",)
    (slip,) = split_settings("daliy", READERS, ("daily", "weekly")).unknown
    assert slip.near == ("daily",)


def test_a_wrong_value_keeps_what_is_wrong_with_it():
    (slip,) = split_settings("daily IST 9am", READERS).unknown
    assert slip.problem
    assert "Asia/Kolkata" in slip.near


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2027-01-01", "2027-01-01"), ("2027/01/01", "2027-01-01"), ("1 Jan 2027", "2027-01-01"),
        ("1 Jan", "2027-01-01"), ("until 1 January", "2027-01-01"), ("明天", "2026-11-27"),
        ("two weeks", "2026-12-10"), ("2周", "2026-12-10"), ("三个月", "2027-02-26"),
        ("下个月", "2027-01-01"),
        ("下周", "2026-11-30"), ("2027", "2027-01-01"), ("2028年11月26日", "2028-11-26"),
        ("暂停至明年1月1日", "2027-01-01"),
        ("5月10日", "2027-05-10"), ("下周五", "2026-12-04"),
        ("一年", "2027-11-26"), ("11月", "2026-12-01"), ("pause in August", "2027-09-01"),
        ("暂停八月", "2027-09-01"), ("until August", "2027-08-01"), ("暂停到8月", "2027-08-01"),
        ("pause for November", "2026-12-01"), ("2027-08", "2027-09-01"),
    ],
)  # fmt: skip
def test_a_pause_is_read_as_a_day_or_a_duration(text, day):
    assert read_pause(text, TODAY) == date.fromisoformat(day)


@pytest.mark.parametrize("text", ["9998-01-01", "2016-05-10", "2026-02-30"])
def test_what_is_offered_instead_of_a_pause_is_one(text):
    with pytest.raises(InputError) as refused:
        find_pause(text, TODAY)
    assert refused.value.forms
    for form in refused.value.forms:
        assert find_pause(form, TODAY) is not None


@pytest.mark.parametrize(
    "text",
    ["9999-12-31", "0001-01-01", "2020-01-01", "9000-01-01", "2028-11-27", "今天", "昨天", "3年", "999 years",
     "2026-11-26", "pause", "", "foo", "999天", "2099-01-01"],
)  # fmt: skip
def test_a_pause_beyond_its_bounds_is_refused(text):
    with pytest.raises(InputError):
        read_pause(text, TODAY)


@settings(deadline=None)
@given(st.dates(date(1970, 1, 1), date(2090, 1, 1)), st.text(max_size=60))
def test_a_pause_always_lies_within_two_years(today, text):
    try:
        day = read_pause(text, today)
    except InputError:
        return
    assert today < day <= today + timedelta(days=731)


ON = "pin|Pin|pin on|pin: on|turn on pin|enable pin|置顶|置頂|开启置顶|置顶开|打开置顶|要置顶|pin yes"
OFF = "nopin|no pin|no-pin|pin off|pin: off|disable pin|不置顶|不要置顶|关闭置顶|置顶关|取消置頂"


@pytest.mark.parametrize(
    ("text", "is_on"), [(t, True) for t in ON.split("|")] + [(t, False) for t in OFF.split("|")]
)
def test_a_switch_is_read_both_ways(text, is_on):
    assert find_switch(text, ("pin", "置顶")) is is_on


@pytest.mark.parametrize("text", ["", "no", "off", "picture", "pinned", "pin 9", "关"])
def test_what_is_no_word_of_a_switch_leaves_it_alone(text):
    assert find_switch(text, ("pin", "置顶")) is None


PIECES = ["每天", "9", "点", "San ", "上", "25:00 ", "EST ", ",", "New ", "-"]


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=400)
    | st.lists(
        st.sampled_from(["每天", "9", "点", "San ", "上", "25:00 ", "EST ", ",", "New ", "-"]), max_size=200
    ).map("".join)
)
def test_no_sentence_disturbs_the_splitter(text):
    found = split_settings(text, READERS)
    assert len(found.known) <= 48
