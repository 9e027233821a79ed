from __future__ import annotations

import json
from datetime import date, time
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.inputs.subscription_lines import LineDefaults, read_subscription, write_subscription
from digests.schedules import Cadence, Schedule
from digests.subscriptions import Address, Layout, Subscription, SubscriptionState, Theme
from digests.text import Language

DEFAULTS = LineDefaults(Schedule(Cadence.MONTHLY, time(9), "Asia/Shanghai"), Language.ZH, Layout.CLASSIC)
TODAY = date(2026, 11, 26)
ZONES = sorted(available_timezones() - {"localtime", "Factory"})

subscriptions = st.builds(
    Subscription,
    st.builds(Address, st.integers(-(2**52) + 1, 2**52 - 1).filter(bool), st.integers(0, 2**31)),
    st.builds(
        lambda cadence, at, zone, weekday: Schedule(
            cadence, at, zone, weekday if cadence is Cadence.WEEKLY else 0
        ),
        st.sampled_from(Cadence),
        st.builds(time, st.integers(0, 23), st.integers(0, 59)),
        st.sampled_from(ZONES),
        st.integers(0, 6),
    ),
    st.sampled_from(Language),
    layout=st.sampled_from(Layout),
    theme=st.none() | st.sampled_from(Theme),
    silent=st.booleans(),
    picture=st.booleans(),
    figure_on_empty_days=st.booleans(),
    pin=st.booleans(),
    falls_back=st.booleans(),
    quiz=st.booleans(),
    reports=st.sets(st.sampled_from(["henan-cbec-2023", "other", "third"])).map(lambda s: tuple(sorted(s))),
    only=st.sets(st.sampled_from(["kind:policy", "place:luoyang", "theme:gone"])).map(
        lambda s: tuple(sorted(s))
    ),
    state=st.sampled_from(SubscriptionState),
    paused_until=st.none() | st.dates(date(2020, 1, 1), date(2028, 11, 26)),
    subscribed_by=st.none() | st.integers(1, 2**52 - 1),
)


@given(subscriptions)
def test_a_subscription_survives_being_written_and_read(subscription):
    line = write_subscription(subscription)
    assert "\n" not in line
    assert read_subscription(line, DEFAULTS, TODAY) == subscription


@pytest.mark.parametrize(
    "only", [["luoyang"], ["place:"], "place:luoyang", [f"place:p{n}" for n in range(9)]]
)
def test_what_cannot_be_a_choice_is_refused_by_name(only):
    with pytest.raises(ValueError, match="only"):
        read_subscription(json.dumps({"chat_id": 1, "only": only}), DEFAULTS, TODAY)


def test_what_a_line_leaves_out_takes_its_default():
    read = read_subscription('{"chat_id": -1001234567890}', DEFAULTS, TODAY)
    assert read == Subscription(Address(-1001234567890), DEFAULTS.schedule, Language.ZH)


def test_the_documented_line_is_read():
    line = (
        '{"chat_id": -1001234567890, "thread_id": null, "cadence": "monthly", "at": "09:00",'
        ' "timezone": "Asia/Shanghai", "language": "zh"}'
    )
    assert read_subscription(line, DEFAULTS, TODAY).schedule == DEFAULTS.schedule


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("{}", "chat_id"),
        ('{"chat_id": 1, "hour": 9}', "hour"),
        ('{"chat_id": 1, "cadence": "hourly"}', "cadence"),
        ('{"chat_id": 1, "at": "25:00"}', "25:00"),
        ('{"chat_id": 1, "timezone": "Asia/Shangai"}', "Asia/Shanghai"),
        ('{"chat_id": 1, "timezone": "EST "}', "several time zones"),
        (f'{{"chat_id": 1, "timezone": "{"x" * 5000}"}}', "timezone"),
        ('{"chat_id": 1, "weekday": 7}', "weekday"),
        ('{"chat_id": 1, "weekday": true}', "weekday"),
        ('{"chat_id": 99999999999999999999}', "chat_id"),
        ('{"chat_id": 4503599627370496}', "chat_id"),
        ('{"chat_id": -4503599627370496}', "chat_id"),
        ('{"chat_id": 0}', "chat_id"),
        ('{"chat_id": true}', "chat_id"),
        ('{"chat_id": 1.5}', "chat_id"),
        ('{"chat_id": null}', "chat_id"),
        ('{"chat_id": 1e400}', "chat_id"),
        ('{"chat_id": 1, "thread_id": -1}', "thread_id"),
        ('{"chat_id": 1, "thread_id": 9999999999999999}', "thread_id"),
        ('{"chat_id": 1, "subscribed_by": 0}', "subscribed_by"),
        ('{"chat_id": 1, "paused_until": "9999-12-31"}', "paused_until"),
        ('{"chat_id": 1, "paused_until": "2028-11-28"}', "paused_until"),
        ('{"chat_id": 1, "paused_until": "0001-01-01"}', "paused_until"),
        ('{"chat_id": 1, "paused_until": "2027-02-30"}', "paused_until"),
        ('{"chat_id": 1, "reports": [1, 2]}', "reports"),
        (f'{{"chat_id": 1, "at": "{"9" * 9000}"}}', "at"),
        ("[" * 100_000, "the line"),
        ("\x00", "the line"),
        ("not json", "the line"),
        ("[1]", "the line"),
    ],
)
def test_a_bad_line_is_refused_with_what_is_wrong_in_it(line, named):
    with pytest.raises(ValueError, match=named):
        read_subscription(line, DEFAULTS, TODAY)
