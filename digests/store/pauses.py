"""Pauses that are over, each found once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import and_, case, update

from digests.schedules import Schedule, end_of_day
from digests.store.connections.database import Database
from digests.store.schema.tables import subscriptions
from digests.store.subscriptions.rows import WITH_SCHEDULE, subscription_of
from digests.subscriptions import Subscription, SubscriptionState

#: The local day is at most so far ahead of the day in UTC.
_FARTHEST_EAST = timedelta(hours=14)

#: Nobody is told at night; a post that comes earlier says the same.
_MORNING = time(8)


@dataclass(frozen=True, slots=True)
class EndedPause:
    """A subscription whose pause is over, without it, and until when it was paused."""

    subscription: Subscription
    until: date


class Pauses:
    """Ended by whoever tells of it; what was ended is not given out again, unless it is given back."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def end(self, now: datetime) -> tuple[EndedPause, ...]:
        """The pauses of active subscriptions that are over at *now*; nothing is written when none is.

        They still receive only what falls due from the day on which the pause ended.
        """
        latest = (now + _FARTHEST_EAST).date()
        query = WITH_SCHEDULE.where(
            subscriptions.c.paused_until <= latest, subscriptions.c.state == SubscriptionState.ACTIVE
        )
        async with self._database.reading() as connection:
            found = [(row.id, subscription_of(row)) for row in await connection.execute(query)]
        paused = [
            (key, EndedPause(replace(each, paused_until=None), each.paused_until))
            for key, each in found
            if each.paused_until
        ]
        return tuple([each for key, each in paused if is_over(each, now) and await self._end(key, each)])

    async def give_back(self, ended: EndedPause) -> None:
        """Have a pause ended again whose end could not be told; posts go on meanwhile."""
        address = ended.subscription.address
        here = and_(
            subscriptions.c.chat_id == address.chat_id,
            subscriptions.c.thread_id == address.thread_id,
            subscriptions.c.paused_until.is_(None),
        )
        async with self._database.writing() as connection:
            await connection.execute(update(subscriptions).where(here).values(paused_until=ended.until))

    async def _end(self, key: int, ended: EndedPause) -> bool:
        """Whether it was this call that ended the pause."""
        day, timezone = ended.until, ended.subscription.schedule.timezone
        begins = end_of_day(day - timedelta(days=1), timezone) - timedelta.resolution
        eligible = subscriptions.c.eligible_from
        ending = (
            update(subscriptions)
            .where(subscriptions.c.id == key, subscriptions.c.paused_until == day)
            .values(paused_until=None, eligible_from=case((eligible < begins, begins), else_=eligible))
        )
        async with self._database.writing() as connection:
            return (await connection.execute(ending)).rowcount == 1


def is_over(ended: EndedPause, now: datetime) -> bool:
    """Whether posts go on, and it is late enough in the day to say so."""
    return now >= _told_from(ended.until, ended.subscription.schedule)


def _told_from(day: date, schedule: Schedule) -> datetime:
    return datetime.combine(day, min(schedule.at, _MORNING), ZoneInfo(schedule.timezone))
