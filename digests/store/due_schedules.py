"""What is due, and the one statement that turns a post into a delivery for each subscriber."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digests.posts import Audience, Post
from digests.schedules import Due, Occasion, Schedule, next_due
from digests.store.connections.database import Database
from digests.store.lease import Lease
from digests.store.outbox.ahead import undo_ahead
from digests.store.outbox.enqueue import (
    Entry,
    count_wanting,
    enqueue,
    enqueue_again,
    local_days,
    save_post,
)
from digests.store.schema.tables import deliveries, posts, schedules, subscriptions
from digests.subscriptions import Address, SubscriptionState


@dataclass(frozen=True, slots=True)
class DueSchedule:
    """A schedule whose time has come; ``next_due_at`` is its earliest unplanned instant."""

    id: int
    schedule: Schedule
    next_due_at: datetime


@dataclass(frozen=True, slots=True)
class PlannedOccasion:
    """One occasion of a schedule with its posts; a stale one is recorded and not sent."""

    due: Due
    stale_at: datetime
    is_stale: bool
    posts: Mapping[Audience, Post]


class DueSchedules:
    """The schedules, and the deliveries that follow from them."""

    def __init__(self, database: Database, lease: Lease) -> None:
        self._database = database
        self._lease = lease

    @property
    def term(self) -> int | None:
        """The epoch of the lease: another one than before means that somebody else planned meanwhile."""
        return self._lease.epoch

    async def due(self, now: datetime) -> tuple[DueSchedule, ...]:
        """The schedules that are due, the longest due first; without any, only an index is read."""
        query = select(schedules).where(schedules.c.next_due_at <= now).order_by(schedules.c.next_due_at)
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).all()
        return tuple(
            DueSchedule(row.id, Schedule(row.cadence, row.at, row.timezone, row.weekday), row.next_due_at)
            for row in rows
        )

    async def audiences(self) -> tuple[Audience, ...]:
        """The different readers that posts are composed for."""
        names = (field.name for field in fields(Audience))
        query = select(*(subscriptions.c[name] for name in names)).distinct()
        active = query.where(subscriptions.c.state == SubscriptionState.ACTIVE)
        async with self._database.reading() as connection:
            return tuple(Audience(*row) for row in await connection.execute(active))

    async def record(
        self, schedule: DueSchedule, tellings: Sequence[PlannedOccasion], next_due_at: datetime, now: datetime
    ) -> tuple[int, int]:
        """Write the deliveries of a schedule and move it on, in one transaction.

        Returns how many deliveries were queued and how many recorded as skipped; none of either
        when somebody else planned this schedule meanwhile.

        Raises:
            LeaseLostError: another instance plans now.
        """
        moved = (
            update(schedules)
            .where(schedules.c.id == schedule.id, schedules.c.next_due_at == schedule.next_due_at)
            .values(next_due_at=next_due_at)
        )
        counts = {True: 0, False: 0}
        async with self._database.writing(is_long=True) as connection:
            await self._lease.require(connection)
            if (await connection.execute(moved)).rowcount == 0:
                return 0, 0
            for telling in tellings:
                counts[telling.is_stale] += await _enqueue(connection, schedule, telling, now)
        return counts[False], counts[True]

    async def publish(
        self,
        occasion: Occasion,
        told: Mapping[Audience, Post],
        now: datetime,
        *,
        again: bool,
        address: Address | None,
    ) -> tuple[int, int]:
        """Queue an occasion now for the subscribers of its cadence, or for one *address*.

        It never gets stale. Returns how many deliveries were queued and how many subscribers had
        theirs already; *again* sends it once more to those who have it.
        """
        queued = wanting = 0
        async with self._database.writing(is_long=True) as connection:
            days = await local_days(connection, now)
            for post, audiences in _by_post(told):
                post_id = await save_post(connection, occasion, audiences[0].language, post)
                entry = Entry(occasion, audiences, post.kind, post_id, now, address=address, local_days=days)
                wanting += await count_wanting(connection, entry)
                queued += await (enqueue_again if again else enqueue)(connection, entry)
        return queued, wanting - queued

    async def reschedule(self, now: datetime, *, only_due: bool = False) -> None:
        """Make every schedule, or only those that are due, wait for the first due instant after *now*."""
        query = select(schedules).where(schedules.c.next_due_at <= now) if only_due else select(schedules)
        async with self._database.writing(is_long=True) as connection:
            for row in (await connection.execute(query)).all():
                schedule = Schedule(row.cadence, row.at, row.timezone, row.weekday)
                moved = update(schedules).where(schedules.c.id == row.id)
                await connection.execute(moved.values(next_due_at=next_due(schedule, now).at))

    async def undo_ahead(self, now: datetime, *, was_set_back: bool) -> int:
        """Take back what a clock that was ahead planned, skipped or put off; how much that was.

        Raises:
            LeaseLostError: another instance plans now.
        """
        async with self._database.writing(is_long=True) as connection:
            await self._lease.require(connection)
            return await undo_ahead(connection, now, was_set_back=was_set_back)

    async def forget_after(self, now: datetime) -> None:
        """Undo what was planned for later than *now*, as if it never happened."""
        unused = posts.c.id.not_in(select(deliveries.c.post_id))
        earlier = update(subscriptions).where(subscriptions.c.eligible_from > now).values(eligible_from=now)
        async with self._database.writing(is_long=True) as connection:
            await connection.execute(delete(deliveries).where(deliveries.c.due_at > now))
            await connection.execute(delete(posts).where(unused))
            await connection.execute(earlier)


async def _enqueue(
    connection: AsyncConnection, schedule: DueSchedule, telling: PlannedOccasion, now: datetime
) -> int:
    count = 0
    for post, audiences in _by_post(telling.posts):
        entry = Entry(
            telling.due.occasion,
            audiences,
            post.kind,
            await save_post(connection, telling.due.occasion, audiences[0].language, post),
            telling.due.at,
            stale_at=telling.stale_at,
            schedule_id=schedule.id,
            skipped_at=now if telling.is_stale else None,
        )
        count += await enqueue(connection, entry)
    return count


def _by_post(told: Mapping[Audience, Post]) -> Iterator[tuple[Post, tuple[Audience, ...]]]:
    """Each post with those who read it, who differ in what they are narrowed to only."""
    readers: dict[tuple[Post, Audience], list[Audience]] = {}
    for audience, post in told.items():
        readers.setdefault((post, replace(audience, only=())), []).append(audience)
    for (post, _), audiences in readers.items():
        yield post, tuple(audiences)
