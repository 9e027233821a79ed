"""The deliveries: claimed by the sender, settled in groups, and shown to people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digests.delivery.retry_policy import DeliveryUpdate
from digests.posts import Delivery, DeliveryState, Post
from digests.schedules import Occasion
from digests.store.chat_migration import move_chat
from digests.store.connections.database import Database
from digests.store.lease import Lease
from digests.store.outbox.claim import Claimed, claimable, give_up, has_pending, lease, load_posts, overdue
from digests.store.outbox.query import RECORDED, DeliveryRecord, record_of
from digests.store.outbox.settle import write
from digests.store.schema.columns import instant
from digests.store.schema.tables import deliveries, schedules, subscriptions
from digests.store.subscriptions import GIVEN_UP, suspend_address, suspend_chat
from digests.subscriptions import Address, SubscriptionState


class Outbox:
    """The deliveries of all subscriptions."""

    def __init__(self, database: Database, lease: Lease) -> None:
        self._database = database
        self._lease = lease
        self._posts: dict[int, Post] = {}
        self._has_more = False

    async def claim(self, now: datetime, limit: int, lease_until: datetime) -> tuple[Delivery, ...]:
        """Take up to *limit* pending deliveries for sending, committed when this returns.

        What got stale while it waited is put on record as skipped instead.

        Raises:
            LeaseLostError: another instance sends now.
        """
        if not self._has_more and not await self._has_pending(now):
            return ()  # an idle sender looks often, and must not lock the database each time
        async with self._database.writing() as connection:
            await self._lease.require(connection)
            rows = await claimable(connection, now, limit)
            self._has_more = len(rows) == limit
            wanted = [row for row in rows if row.unwanted(now) is None]
            await give_up(connection, [row for row in rows if row.unwanted(now)], now)
            await lease(connection, wanted, lease_until)
            told = await self._posts_of(connection, wanted)
        return tuple(row.delivery(told[row.post_id], row.epoch + 1, lease_until) for row in wanted)

    async def _has_pending(self, now: datetime) -> bool:
        async with self._database.reading() as connection:
            return await has_pending(connection, now)

    async def expired(self, now: datetime, limit: int) -> tuple[Delivery, ...]:
        """Claims whose lease is over: nobody can tell whether their call was made."""
        async with self._database.reading() as connection:
            rows = await overdue(connection, now, limit)
            told = await self._posts_of(connection, rows)
        return tuple(row.delivery(told[row.post_id], row.epoch, instant(row.lease_until)) for row in rows)

    async def give_back(self, uncalled: Iterable[Delivery]) -> None:
        """Let go of claims whose call was not made."""
        keys = [{"b_id": delivery.id, "b_epoch": delivery.epoch} for delivery in uncalled]
        if not keys:
            return
        statement = (
            update(deliveries)
            .where(
                deliveries.c.id == bindparam("b_id"),
                deliveries.c.epoch == bindparam("b_epoch"),
                deliveries.c.state == DeliveryState.SENDING,
            )
            .values(state=DeliveryState.PENDING, lease_until=None)
        )
        async with self._database.writing() as connection:
            await connection.execute(statement, keys)

    async def settle(self, settlements: Sequence[DeliveryUpdate]) -> None:
        """Write what came of claims, in one transaction; chats that are gone or moved follow."""
        if not settlements:
            return
        async with self._database.writing() as connection:
            await write(connection, settlements)
            for settlement in settlements:
                if settlement.gone is not None:
                    await _suspend(connection, settlement, settlement.gone)
                if settlement.moved is not None:
                    await move_chat(connection, *settlement.moved)

    async def withdraw_due(self, reason: str, now: datetime) -> int:
        """Put on record as skipped what is due or in flight, without sending it; how many."""
        waiting = deliveries.c.state.in_([DeliveryState.PENDING, DeliveryState.SENDING])
        statement = update(deliveries).where(waiting, deliveries.c.due_at <= now)
        async with self._database.writing() as connection:
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
        async with self._database.writing() as connection:
            return (await connection.execute(statement)).rowcount

    async def state_of(self, address: Address, occasion: Occasion) -> DeliveryState | None:
        """Where the latest delivery of an occasion to an address stands; None when there is none."""
        query = (
            select(deliveries.c.state)
            .join_from(deliveries, subscriptions)
            .where(
                subscriptions.c.chat_id == address.chat_id,
                subscriptions.c.thread_id == address.thread_id,
                deliveries.c.occasion == occasion.key,
            )
            .order_by(deliveries.c.repeat.desc())
        )
        async with self._database.reading() as connection:
            state: DeliveryState | None = await connection.scalar(query.limit(1))
        return state

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

    async def _posts_of(self, connection: AsyncConnection, rows: Sequence[Claimed]) -> dict[int, Post]:
        # the posts of the last claim are kept at hand: the next one mostly tells the same
        ids = {row.post_id for row in rows}
        kept = {post_id: post for post_id, post in self._posts.items() if post_id in ids}
        self._posts = kept | await load_posts(connection, ids - kept.keys())
        return self._posts


async def _suspend(connection: AsyncConnection, settlement: DeliveryUpdate, gone: Address) -> None:
    reason = settlement.reason or ""
    if settlement.topic_only:
        await suspend_address(connection, gone, reason, settlement.at)
    else:
        await suspend_chat(connection, gone.chat_id, reason, settlement.at)


_OPEN = (DeliveryState.PENDING, DeliveryState.SENDING)
_NOT_RETRIED = (*_OPEN, DeliveryState.SENT)
