"""Pauses that are over, each found once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import case, update

from digests.schedules import Schedule, end_of_day
from digests.store.connections.database import Database
from digests.store.schema.tables import subscriptions
from digests.store.subscriptions.rows import WITH_SCHEDULE, subscription_of
from digests.subscriptions import Subscription, SubscriptionState

#: The local day is at most so far ahead of the day in UTC.
_FARTHEST_EAST = timedelta(hours=14)

#: Nobody is told at night; a post that comes earlier says the same.
_MORNING = time(8)


class Pauses:
    """Ended by whoever tells of it; what was ended is not given out again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def end(self, now: datetime) -> tuple[Subscription, ...]:
        """The active subscriptions whose pause is over at *now*, without it; nothing is written when none is.

        They still receive only what falls due from the day on which the pause ended.
        """
        latest = (now + _FARTHEST_EAST).date()
        paused = WITH_SCHEDULE.where(
            subscriptions.c.paused_until <= latest, subscriptions.c.state == SubscriptionState.ACTIVE
        )
        async with self._database.reading() as connection:
            found = [(row.id, subscription_of(row)) for row in await connection.execute(paused)]
        over = [(key, each) for key, each in found if _is_over(each, now)]
        ended = [
            await self._end(key, each.paused_until, each.schedule.timezone)
            for key, each in over
            if each.paused_until
        ]
        return tuple(
            replace(each, paused_until=None)
            for (_, each), is_ours in zip(over, ended, strict=True)
            if is_ours
        )

    async def _end(self, key: int, day: date, timezone: str) -> bool:
        """Whether it was this call that ended the pause."""
        begins = end_of_day(day - timedelta(days=1), timezone) - timedelta.resolution
        eligible = subscriptions.c.eligible_from
        ending = (
            update(subscriptions)
            .where(subscriptions.c.id == key, subscriptions.c.paused_until == day)
            .values(paused_until=None, eligible_from=case((eligible < begins, begins), else_=eligible))
        )
        async with self._database.writing() as connection:
            return (await connection.execute(ending)).rowcount == 1


def _is_over(subscription: Subscription, now: datetime) -> bool:
    """Whether posts go on, and it is late enough in the day to say so."""
    until, schedule = subscription.paused_until, subscription.schedule
    return until is not None and now >= _told_from(until, schedule)


def _told_from(day: date, schedule: Schedule) -> datetime:
    return datetime.combine(day, min(schedule.at, _MORNING), ZoneInfo(schedule.timezone))
