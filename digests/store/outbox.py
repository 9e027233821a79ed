"""The sender's side of the deliveries: claims with a lease, outcomes settled in groups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Integer, Row, Select, and_, bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digests.posts import Delivery, DeliveryState, Post
from digests.settling import Settlement
from digests.store.columns import UtcDateTime
from digests.store.database import Database
from digests.store.moving import move_chat
from digests.store.subscriptions import GIVEN_UP, suspend_chat
from digests.store.tables import deliveries, post_facts, posts, schedules, subscriptions
from digests.subscriptions import Address

_CLAIMED = (
    select(
        deliveries,
        subscriptions.c.chat_id,
        subscriptions.c.thread_id,
        subscriptions.c.layout,
        subscriptions.c.silent,
        subscriptions.c.picture,
        schedules.c.timezone,
        posts.c.language,
    )
    .join_from(deliveries, subscriptions)
    .join(schedules)
    .join(posts, posts.c.id == deliveries.c.post_id)
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


class Outbox:
    """The deliveries of all subscriptions."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._posts: dict[int, Post] = {}

    async def claim(self, now: datetime, limit: int, lease_until: datetime) -> tuple[Delivery, ...]:
        """Take up to *limit* pending deliveries for sending, committed when this returns.

        What got stale while it waited is put on record as skipped instead.
        """
        if not await self._has_pending(now):
            return ()
        query = _pending(_CLAIMED, now).order_by(deliveries.c.not_before, deliveries.c.id).limit(limit)
        async with self._database.writing() as connection:
            rows: Sequence[Row[Any]] = (
                await connection.execute(query.with_for_update(of=deliveries, skip_locked=True))
            ).all()
            fresh = [row for row in rows if row.stale_at is None or row.stale_at > now]
            if len(fresh) < len(rows):
                await _skip(connection, [row for row in rows if row not in fresh], now)
            await _lease(connection, fresh, lease_until)
            told = await self._posts_of(connection, fresh)
        return tuple(_delivery(row, told[row.post_id], row.epoch + 1, lease_until) for row in fresh)

    async def _has_pending(self, now: datetime) -> bool:
        async with self._database.reading() as connection:
            query = _pending(select(deliveries.c.id), now).limit(1)
            return (await connection.execute(query)).first() is not None

    async def expired(self, now: datetime, limit: int) -> tuple[Delivery, ...]:
        """Claims whose lease is over: nobody can tell whether their call was made."""
        over = and_(deliveries.c.state == DeliveryState.SENDING, deliveries.c.lease_until <= now)
        async with self._database.reading() as connection:
            rows = (await connection.execute(_CLAIMED.where(over).limit(limit))).all()
            told = await self._posts_of(connection, rows)
        return tuple(_delivery(row, told[row.post_id], row.epoch, row.lease_until) for row in rows)

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

    async def settle(self, settlements: Sequence[Settlement]) -> None:
        """Write what came of claims, in one transaction; chats that are gone or moved follow."""
        if not settlements:
            return
        async with self._database.writing() as connection:
            await connection.execute(_SETTLE, [_parameters(settlement) for settlement in settlements])
            for settlement in settlements:
                if settlement.gone_chat_id is not None:
                    chat_id, reason = settlement.gone_chat_id, settlement.reason or ""
                    await suspend_chat(connection, chat_id, reason, settlement.at)
                if settlement.moved is not None:
                    await move_chat(connection, *settlement.moved)

    async def withdraw_due(self, reason: str, now: datetime) -> int:
        """Put on record as skipped what is due or in flight, without sending it; how many."""
        waiting = deliveries.c.state.in_([DeliveryState.PENDING, DeliveryState.SENDING])
        statement = update(deliveries).where(waiting, deliveries.c.due_at <= now)
        async with self._database.writing() as connection:
            given_up = statement.values(state=GIVEN_UP, reason=reason, settled_at=now, lease_until=None)
            return (await connection.execute(given_up)).rowcount

    async def _posts_of(self, connection: AsyncConnection, rows: Sequence[Row[Any]]) -> dict[int, Post]:
        # the posts of the last claim are kept at hand: the next one mostly tells the same
        ids = {row.post_id for row in rows}
        kept = {post_id: post for post_id, post in self._posts.items() if post_id in ids}
        self._posts = kept | await _load_posts(connection, ids - kept.keys())
        return self._posts


_SETTLE = (
    update(deliveries)
    .where(
        deliveries.c.id == bindparam("b_id"),
        deliveries.c.epoch == bindparam("b_epoch"),
        or_(deliveries.c.state == DeliveryState.SENDING, bindparam("b_is_known", type_=Boolean)),
    )
    .values(
        state=bindparam("b_state"),
        message_id=bindparam("b_message_id"),
        reason=bindparam("b_reason"),
        not_before=func.coalesce(bindparam("b_not_before", type_=UtcDateTime), deliveries.c.not_before),
        settled_at=bindparam("b_settled_at"),
        attempts=deliveries.c.attempts + bindparam("b_attempts", type_=Integer),
        unknowns=deliveries.c.unknowns + bindparam("b_unknowns", type_=Integer),
        lease_until=None,
    )
)


def _parameters(settlement: Settlement) -> dict[str, Any]:
    is_final = settlement.state is not DeliveryState.PENDING
    return {
        "b_id": settlement.id,
        "b_epoch": settlement.epoch,
        "b_is_known": settlement.is_known,
        "b_state": settlement.state,
        "b_message_id": settlement.message_id,
        "b_reason": settlement.reason,
        "b_not_before": settlement.not_before,
        "b_settled_at": settlement.at if is_final else None,
        "b_attempts": int(settlement.counts),
        "b_unknowns": int(not settlement.is_known),
    }


async def _load_posts(connection: AsyncConnection, ids: set[int]) -> dict[int, Post]:
    if not ids:
        return {}
    facts: dict[int, list[str]] = {post_id: [] for post_id in ids}
    query = select(post_facts).where(post_facts.c.post_id.in_(ids)).order_by(post_facts.c.position)
    for row in await connection.execute(query):
        facts[row.post_id].append(row.fact)
    rows = await connection.execute(select(posts).where(posts.c.id.in_(ids)))
    return {row.id: Post(row.kind, row.html, row.picture, tuple(facts[row.id])) for row in rows}


def _pending(query: Select[Any], now: datetime) -> Select[Any]:
    return query.where(deliveries.c.state == DeliveryState.PENDING, deliveries.c.not_before <= now)


async def _lease(connection: AsyncConnection, rows: Sequence[Row[Any]], lease_until: datetime) -> None:
    claimed = update(deliveries).where(deliveries.c.id.in_([row.id for row in rows]))
    values = {"state": DeliveryState.SENDING, "lease_until": lease_until, "epoch": deliveries.c.epoch + 1}
    await connection.execute(claimed.values(values))


async def _skip(connection: AsyncConnection, rows: Sequence[Row[Any]], now: datetime) -> None:
    stale = update(deliveries).where(deliveries.c.id.in_([row.id for row in rows]))
    reason = "stale when its turn came"
    await connection.execute(stale.values(state=GIVEN_UP, reason=reason, settled_at=now))


def _delivery(row: Row[Any], post: Post, epoch: int, lease_until: datetime) -> Delivery:
    return Delivery(
        id=row.id,
        epoch=epoch,
        attempt=row.attempts + 1,
        address=Address(row.chat_id, row.thread_id),
        language=row.language,
        layout=row.layout,
        post_id=row.post_id,
        post=post,
        silent=row.silent,
        picture=row.picture,
        timezone=row.timezone,
        due_at=row.due_at,
        stale_at=row.stale_at,
        lease_until=lease_until,
    )
