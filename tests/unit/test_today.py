"""Which day is today: that of the instance's zone, at the moment of the question."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, cast

import pytest

from bot.handlers.responders import Responders


class Clock:
    """A clock that stands."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now


def today(zone: str, now: datetime) -> date:
    nobody = cast("Any", None)
    return Responders(
        nobody, languages=nobody, library_holder=nobody, pages=nobody, clock=Clock(now), zone=zone
    ).today()


@pytest.mark.parametrize(
    ("zone", "now", "day"),
    [
        ("Asia/Shanghai", datetime(2026, 5, 9, 15, 59, 59), date(2026, 5, 9)),
        ("Asia/Shanghai", datetime(2026, 5, 9, 16), date(2026, 5, 10)),
        ("Asia/Shanghai", datetime(2026, 5, 10), date(2026, 5, 10)),
        ("America/New_York", datetime(2026, 5, 10, 3, 59, 59), date(2026, 5, 9)),
        ("America/New_York", datetime(2026, 5, 10, 4), date(2026, 5, 10)),
        ("UTC", datetime(2026, 12, 31, 23, 59, 59), date(2026, 12, 31)),
    ],
)
def test_the_day_changes_at_midnight_of_the_instances_zone(zone: str, now: datetime, day: date) -> None:
    assert today(zone, now.replace(tzinfo=UTC)) == day
