"""The statements by which deliveries are claimed and settled, and the shape of what was claimed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Integer, Row, Select, bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digests.posts import Delivery, DeliveryState, Post
from digests.settling import Settlement
from digests.store.columns import UtcDateTime
from digests.store.subscriptions import GIVEN_UP
from digests.store.tables import deliveries, post_facts, posts, schedules, subscriptions
from digests.subscriptions import Address, SubscriptionState

_NEEDED = ("id", "epoch", "attempts", "post_id", "due_at", "stale_at", "lease_until", "reason")

#: What sending a delivery needs, but for its post; each column more is felt in a large broadcast.
CLAIMED: Select[Any] = (
    select(
        *(deliveries.c[name] for name in _NEEDED),
        subscriptions.c.chat_id,
        subscriptions.c.thread_id,
        subscriptions.c.layout,
        subscriptions.c.silent,
        subscriptions.c.picture,
        subscriptions.c.pin,
        subscriptions.c.falls_back,
        subscriptions.c.state.label("subscription_state"),
        schedules.c.timezone,
        posts.c.language,
    )
    .join_from(deliveries, subscriptions)
    .join(schedules)
    .join(posts, posts.c.id == deliveries.c.post_id)
)

#: What people are shown of a delivery.
RECORDED = select(deliveries, subscriptions.c.chat_id, subscriptions.c.thread_id).join_from(
    deliveries, subscriptions
)

#: An unknown outcome counts only while the claim is held; a known one is true whoever wrote meanwhile.
SETTLE = (
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


def settle_parameters(settlement: Settlement) -> dict[str, Any]:
    """What `SETTLE` takes for one settlement."""
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


def pending(query: Select[Any], now: datetime) -> Select[Any]:
    """Only the deliveries that may be sent at *now*."""
    return query.where(deliveries.c.state == DeliveryState.PENDING, deliveries.c.not_before <= now)


async def lease(connection: AsyncConnection, rows: Sequence[Row[Any]], until: datetime) -> None:
    """Mark rows as claimed: from here on their call may have begun."""
    claimed = update(deliveries).where(deliveries.c.id.in_([row.id for row in rows]))
    values = {"state": DeliveryState.SENDING, "lease_until": until, "epoch": deliveries.c.epoch + 1}
    await connection.execute(claimed.values(values))


async def give_up(connection: AsyncConnection, rows: Sequence[Row[Any]], now: datetime) -> None:
    """Put rows on record that will not be sent any more."""
    statement = (
        update(deliveries)
        .where(deliveries.c.id == bindparam("b_id"))
        .values(state=GIVEN_UP, reason=bindparam("b_reason"), settled_at=now)
    )
    keys = [{"b_id": row.id, "b_reason": unwanted(row, now)} for row in rows]
    if keys:
        await connection.execute(statement, keys)


def unwanted(row: Row[Any], now: datetime) -> str | None:
    """Why a pending row must not be sent; None when it may."""
    if row.subscription_state is not SubscriptionState.ACTIVE:
        return f"{row.subscription_state} meanwhile"
    if row.stale_at is not None and row.stale_at <= now:
        return "stale when its turn came"
    return None


def delivery_of(row: Row[Any], post: Post, epoch: int, lease_until: datetime) -> Delivery:
    """The delivery that a row of `CLAIMED` is."""
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
        pin=row.pin,
        falls_back=row.falls_back,
        timezone=row.timezone,
        due_at=row.due_at,
        stale_at=row.stale_at,
        lease_until=lease_until,
        reason=row.reason,
    )
