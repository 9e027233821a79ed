"""What people are told of the deliveries, and what they may do about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update

from digests.posts import DeliveryState
from digests.store.connections.database import Database
from digests.store.schema.tables import deliveries, schedules, subscriptions
from digests.store.subscriptions import GIVEN_UP
from digests.subscriptions import Address, SubscriptionState

_OPEN = (DeliveryState.PENDING, DeliveryState.SENDING)
_NOT_RETRIED = (*_OPEN, DeliveryState.SENT)

#: A delivery and where it goes.
RECORDED = select(deliveries, subscriptions.c.chat_id, subscriptions.c.thread_id).join_from(
    deliveries, subscriptions
)


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """What is known of a delivery, for people."""

    id: int
    address: Address
    occasion: str
    state: DeliveryState
    due_at: datetime
    not_before: datetime
    attempts: int
    unknowns: int
    message_id: int | None
    reason: str | None
    settled_at: datetime | None


def record_of(row: Row[Any]) -> DeliveryRecord:
    """The record that a row of `RECORDED` is."""
    return DeliveryRecord(
        id=row.id,
        address=Address(row.chat_id, row.thread_id),
        occasion=row.occasion,
        state=row.state,
        due_at=row.due_at,
        not_before=row.not_before,
        attempts=row.attempts,
        unknowns=row.unknowns,
        message_id=row.message_id,
        reason=row.reason,
        settled_at=row.settled_at,
    )


class DeliveryRecords:
    """The deliveries as they stand on record."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def skip_due(self, reason: str, before: datetime, now: datetime) -> int:
        """Put on record as skipped what was due *before* and waits or is in flight; how many."""
        waiting = deliveries.c.state.in_([DeliveryState.PENDING, DeliveryState.SENDING])
        statement = update(deliveries).where(waiting, deliveries.c.due_at <= before)
        async with self._database.writing(is_long=True) as connection:
            given_up = statement.values(state=GIVEN_UP, reason=reason, settled_at=now, lease_until=None)
            return (await connection.execute(given_up)).rowcount

    async def summary(self, since: datetime | None = None) -> dict[DeliveryState, int]:
        """How many deliveries wait or are in flight, and how many ended in each state *since* then."""
        ended = deliveries.c.settled_at.is_not(None) if since is None else deliveries.c.settled_at >= since
        number, state = func.count().label("number"), deliveries.c.state
        queries = [select(state, number).where(ended).group_by(state)]
        queries += [select(state, number).where(state == each).group_by(state) for each in _OPEN]
        found: dict[DeliveryState, int] = {}
        async with self._database.reading() as connection:
            for query in queries:  # each reads a part of an index, and no table
                found |= {row.state: row.number for row in await connection.execute(query)}
        return {each: found.get(each, 0) for each in DeliveryState}

    async def list(self, state: DeliveryState | None = None, limit: int = 50) -> tuple[DeliveryRecord, ...]:
        """The newest deliveries, of one state or of all."""
        query = RECORDED.order_by(deliveries.c.id.desc()).limit(limit)
        if state is not None:
            query = query.where(deliveries.c.state == state)
        async with self._database.reading() as connection:
            return tuple(record_of(row) for row in await connection.execute(query))

    async def retry(self, state: DeliveryState, now: datetime) -> int:
        """Queue again what ended in *state* and did not arrive, for active subscriptions; how many.

        Raises:
            ValueError: deliveries in this state wait, are under way or arrived.
        """
        if state in _NOT_RETRIED:
            raise ValueError(f"what is {state} is not retried: choose skipped, gone, failed or unknown")
        active = select(subscriptions.c.id).where(subscriptions.c.state == SubscriptionState.ACTIVE)
        statement = (
            update(deliveries)
            .where(deliveries.c.state == state, deliveries.c.subscription_id.in_(active))
            .values(state=DeliveryState.PENDING, not_before=now, stale_at=None, attempts=0, settled_at=None)
        )
        async with self._database.writing(is_long=True) as connection:
            return (await connection.execute(statement)).rowcount

    async def oldest_pending(self) -> datetime | None:
        """Since when the longest waiting delivery may be sent (or from when); None without any."""
        waiting = select(func.min(deliveries.c.not_before)).where(deliveries.c.state == DeliveryState.PENDING)
        async with self._database.reading() as connection:
            oldest: datetime | None = await connection.scalar(waiting)
        return oldest

    async def next_due(self) -> datetime | None:
        """The earliest instant at which any schedule is due; None without schedules."""
        async with self._database.reading() as connection:
            earliest: datetime | None = await connection.scalar(select(func.min(schedules.c.next_due_at)))
        return earliest
