"""Cadences, the occasions they tell of, and the instants at which a schedule is due."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

#: How long after its due instant a digest is still news.
_WEEKLY_LIFE = timedelta(days=2)
_MONTHLY_LIFE = timedelta(days=7)

#: What a daily digest lives when a clock change moved it behind the end of its own day.
_MOVED_LIFE = timedelta(hours=1)

#: Zones differ from UTC by less than this, so a search that starts so much earlier misses nothing.
_ZONE_SPREAD = timedelta(days=2)


class Cadence(StrEnum):
    """How often a digest is told."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Schedule:
    """A cadence at a wall-clock time in an IANA zone; thousands of subscriptions share one.

    ``weekday`` (0 = Monday) matters to a weekly schedule only and is 0 elsewhere.
    """

    cadence: Cadence
    at: time
    timezone: str
    weekday: int = 0


@dataclass(frozen=True, slots=True)
class Occasion:
    """The local day, week or month that a digest tells of, named by its first day."""

    cadence: Cadence
    first_day: date

    def __post_init__(self) -> None:
        if self.cadence is Cadence.MONTHLY and self.first_day.day != 1:
            raise ValueError(f"a monthly occasion begins on the 1st, not on {self.first_day}")

    @classmethod
    def containing(cls, cadence: Cadence, day: date, weekday: int = 0) -> Occasion:
        """The occasion that *day* lies in; a week begins on *weekday* (0 = Monday)."""
        if cadence is Cadence.WEEKLY:
            first = day.toordinal() - (day.weekday() - weekday) % 7
            return cls(cadence, date.fromordinal(max(first, 1)))
        return cls(cadence, day.replace(day=1) if cadence is Cadence.MONTHLY else day)

    @classmethod
    def parse(cls, key: str) -> Occasion:
        """Read a key such as ``daily:2026-05-10``.

        Raises:
            ValueError: the key names no cadence, or no day that exists.
        """
        cadence, _, day = key.partition(":")
        try:
            known = Cadence(cadence)
            return cls(known, date.fromisoformat(f"{day}-01" if known is Cadence.MONTHLY else day))
        except ValueError as error:
            message = f"{key!r} is no occasion: write daily:2026-05-10, weekly:2026-05-11 or monthly:2026-05"
            raise ValueError(message) from error

    @property
    def last_day(self) -> date:
        """The last day it covers; at most the calendar's last."""
        if self.cadence is Cadence.DAILY:
            return self.first_day
        if self.cadence is Cadence.WEEKLY:
            return date.fromordinal(min(self.first_day.toordinal() + 6, date.max.toordinal()))
        return self.first_day.replace(day=monthrange(self.first_day.year, self.first_day.month)[1])

    @property
    def key(self) -> str:
        """Its name for everybody: ``daily:2026-05-10``, ``weekly:2026-05-11`` or ``monthly:2026-05``."""
        day = self.first_day.isoformat()
        return f"{self.cadence}:{day[:7] if self.cadence is Cadence.MONTHLY else day}"

    @property
    def following(self) -> Occasion:
        """The next occasion of the same cadence."""
        return Occasion(self.cadence, self.last_day + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Due:
    """An instant (UTC) at which a schedule tells an occasion."""

    at: datetime
    occasion: Occasion


def next_due(schedule: Schedule, after: datetime) -> Due:
    """The first due instant strictly after *after*, which must be aware.

    Wall-clock rules: a time that a clock change leaves out moves forward; one that comes twice
    counts once, the first; a day that a zone leaves out altogether has no daily digest.
    """
    zone = ZoneInfo(schedule.timezone)
    day = after.astimezone(zone).date() - _ZONE_SPREAD
    occasion = Occasion.containing(schedule.cadence, day, schedule.weekday)
    while True:
        at = due_at(schedule, occasion)
        if at > after and _is_told(occasion, zone):
            return Due(at, occasion)
        occasion = occasion.following


def due_at(schedule: Schedule, occasion: Occasion) -> datetime:
    """The instant (UTC) at which *schedule* tells *occasion*."""
    return _instant(occasion.first_day, schedule.at, ZoneInfo(schedule.timezone))


def stale_at(schedule: Schedule, occasion: Occasion, max_lateness: timedelta | None) -> datetime:
    """The instant (UTC) from which a digest is no longer sent.

    A daily digest lives to the end of its local day, a weekly one two days, a monthly one seven;
    *max_lateness* after the due instant replaces all three.
    """
    due = due_at(schedule, occasion)
    if max_lateness is not None:
        return due + max_lateness
    if occasion.cadence is Cadence.WEEKLY:
        return due + _WEEKLY_LIFE
    if occasion.cadence is Cadence.MONTHLY:
        return due + _MONTHLY_LIFE
    end = end_of_day(occasion.first_day, schedule.timezone)
    return end if end > due else due + _MOVED_LIFE


def end_of_day(day: date, timezone: str) -> datetime:
    """The instant (UTC) at which the local day *day* is over."""
    return _instant(day + timedelta(days=1), time(), ZoneInfo(timezone))


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    # fold=0 is both rules at once: the offset before a gap moves a missing time forward by the gap's
    # length, and of a time that comes twice it is the first
    return datetime.combine(day, at, tzinfo=zone).replace(fold=0).astimezone(UTC)


def _is_told(occasion: Occasion, zone: ZoneInfo) -> bool:
    # where the date line moved (Samoa, 30 December 2011) a day begins when the next one does
    day = occasion.first_day
    exists = _instant(day, time(), zone) < _instant(day + timedelta(days=1), time(), zone)
    return exists or occasion.cadence is not Cadence.DAILY
