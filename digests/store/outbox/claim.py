"""Deliveries that are claimed to be sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, select, type_coerce, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import NullType

from digests.posts import Delivery, DeliveryState, Post
from digests.store.schema.columns import UtcDateTime, instant
from digests.store.schema.tables import deliveries, post_facts, posts, schedules, subscriptions
from digests.store.subscriptions import GIVEN_UP
from digests.subscriptions import Address, Layout, SubscriptionState
from digests.text import Language


class Claimed(NamedTuple):
    """What sending a delivery needs, as the driver gives it: most rows say the same, and are many."""

    id: int
    epoch: int
    attempts: int
    post_id: int
    due_at: Any
    stale_at: Any
    lease_until: Any
    reason: str | None
    chat_id: int
    thread_id: int
    layout: str
    silent: int
    picture: int
    pin: int
    falls_back: int
    subscription_state: str
    timezone: str
    language: str

    def unwanted(self, now: datetime) -> str | None:
        """Why it must not be sent any more; None when it may."""
        if self.subscription_state != SubscriptionState.ACTIVE:
            return f"{self.subscription_state} meanwhile"
        if self.stale_at is not None and instant(self.stale_at) <= now:
            return "stale when its turn came"
        return None

    def delivery(self, post: Post, epoch: int, lease_until: datetime) -> Delivery:
        """The delivery, with its post, as it is claimed."""
        return Delivery(
            id=self.id,
            epoch=epoch,
            attempt=self.attempts + 1,
            address=Address(self.chat_id, self.thread_id),
            language=Language(self.language),
            layout=Layout(self.layout),
            post_id=self.post_id,
            post=post,
            silent=bool(self.silent),
            picture=bool(self.picture),
            pin=bool(self.pin),
            falls_back=bool(self.falls_back),
            timezone=self.timezone,
            due_at=instant(self.due_at),
            stale_at=instant(self.stale_at),
            lease_until=lease_until,
            reason=self.reason,
        )


_COLUMNS = {
    deliveries: ("id", "epoch", "attempts", "post_id", "due_at", "stale_at", "lease_until", "reason"),
    subscriptions: ("chat_id", "thread_id", "layout", "silent", "picture", "pin", "falls_back", "state"),
    schedules: ("timezone",),
    posts: ("language",),
}

_RAW: list[ColumnElement[Any]] = [
    type_coerce(table.c[name], NullType()) for table, names in _COLUMNS.items() for name in names
]

_CLAIMED: Select[Any] = (
    select(*_RAW)
    .join_from(deliveries, subscriptions)
    .join(schedules)
    .join(posts, posts.c.id == deliveries.c.post_id)
)

_MAY_BE_SENT = and_(
    deliveries.c.state == DeliveryState.PENDING,
    deliveries.c.not_before <= bindparam("now", type_=UtcDateTime),
)
_ANY_PENDING = select(deliveries.c.id).where(_MAY_BE_SENT).limit(1)
_OLDEST_PENDING = (
    _CLAIMED.where(_MAY_BE_SENT)
    .order_by(deliveries.c.not_before, deliveries.c.id)
    .limit(bindparam("limit", type_=Integer))
    .with_for_update(of=deliveries, skip_locked=True)
)
_OVERDUE = _CLAIMED.where(
    deliveries.c.state == DeliveryState.SENDING,
    deliveries.c.lease_until <= bindparam("now", type_=UtcDateTime),
).limit(bindparam("limit", type_=Integer))
_LEASE = (
    update(deliveries)
    .where(deliveries.c.id.in_(bindparam("b_ids", expanding=True)))
    .values(state=DeliveryState.SENDING, lease_until=bindparam("b_until"), epoch=deliveries.c.epoch + 1)
)


async def load_posts(connection: AsyncConnection, ids: set[int]) -> dict[int, Post]:
    """Posts by id, with their facts."""
    if not ids:
        return {}
    facts: dict[int, list[str]] = {post_id: [] for post_id in ids}
    query = select(post_facts).where(post_facts.c.post_id.in_(ids)).order_by(post_facts.c.position)
    for row in await connection.execute(query):
        facts[row.post_id].append(row.fact)
    rows = await connection.execute(select(posts).where(posts.c.id.in_(ids)))
    return {row.id: Post(row.kind, row.html, row.picture, tuple(facts[row.id])) for row in rows}


async def has_pending(connection: AsyncConnection, now: datetime) -> bool:
    """Whether a delivery may be sent at *now*."""
    return (await connection.execute(_ANY_PENDING, {"now": now})).first() is not None


async def claimable(connection: AsyncConnection, now: datetime, limit: int) -> list[Claimed]:
    """Pending deliveries that may be sent at *now*, the oldest first, locked until the transaction ends."""
    rows = await connection.execute(_OLDEST_PENDING, {"now": now, "limit": limit})
    return [Claimed._make(row) for row in rows.all()]


async def overdue(connection: AsyncConnection, now: datetime, limit: int) -> list[Claimed]:
    """Claims whose lease is over at *now*."""
    rows = await connection.execute(_OVERDUE, {"now": now, "limit": limit})
    return [Claimed._make(row) for row in rows.all()]


async def lease(connection: AsyncConnection, rows: Sequence[Claimed], until: datetime) -> None:
    """Mark rows as claimed: from here on their call may have begun."""
    await connection.execute(_LEASE, {"b_ids": [row.id for row in rows], "b_until": until})


async def give_up(connection: AsyncConnection, rows: Sequence[Claimed], now: datetime) -> None:
    """Put rows on record that will not be sent any more."""
    statement = (
        update(deliveries)
        .where(deliveries.c.id == bindparam("b_id"))
        .values(state=GIVEN_UP, reason=bindparam("b_reason"), settled_at=now)
    )
    if keys := [{"b_id": row.id, "b_reason": row.unwanted(now)} for row in rows]:
        await connection.execute(statement, keys)
