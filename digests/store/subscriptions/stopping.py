"""Suspending subscriptions, and withdrawing the deliveries that wait for them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digests.posts import DeliveryState
from digests.store.schema.columns import Word
from digests.store.schema.tables import deliveries, subscriptions
from digests.subscriptions import Address, SubscriptionState

#: How a waiting delivery ends that will not be sent: who can tell whether an earlier try arrived?
GIVEN_UP = case(
    (deliveries.c.unknowns > 0, literal(DeliveryState.UNKNOWN, Word(DeliveryState))),
    else_=literal(DeliveryState.SKIPPED, Word(DeliveryState)),
)


async def suspend_chat(connection: AsyncConnection, chat_id: int, reason: str, now: datetime) -> int:
    """Suspend the active subscriptions of a chat and withdraw what waits for it."""
    active = and_(subscriptions.c.chat_id == chat_id, subscriptions.c.state == SubscriptionState.ACTIVE)
    return await stop(connection, active, SubscriptionState.SUSPENDED, reason, now)


async def suspend_address(connection: AsyncConnection, address: Address, reason: str, now: datetime) -> int:
    """Suspend one topic of a chat and withdraw what waits for it."""
    active = and_(at(address), subscriptions.c.state == SubscriptionState.ACTIVE)
    return await stop(connection, active, SubscriptionState.SUSPENDED, reason, now)


async def stop(
    connection: AsyncConnection,
    which: ColumnElement[bool],
    state: SubscriptionState,
    reason: str,
    now: datetime,
) -> int:
    withdrawn = (
        update(deliveries)
        .where(
            deliveries.c.state == DeliveryState.PENDING,
            deliveries.c.subscription_id.in_(select(subscriptions.c.id).where(which)),
        )
        .values(state=GIVEN_UP, reason=reason, settled_at=now)
    )
    await connection.execute(withdrawn)
    is_told = state is not SubscriptionState.SUSPENDED
    values = {"state": state, "reason": reason, "is_told": is_told, "changed_at": now}
    stopped = update(subscriptions).where(which).values(values)
    return (await connection.execute(stopped)).rowcount


def at(address: Address) -> ColumnElement[bool]:
    return and_(subscriptions.c.chat_id == address.chat_id, subscriptions.c.thread_id == address.thread_id)
