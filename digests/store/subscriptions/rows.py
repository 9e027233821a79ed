"""Subscriptions as rows: written with their schedule, and read back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from digests.posts import DeliveryState
from digests.schedules import Cadence, Occasion, Schedule, end_of_day, next_due
from digests.store.connections.database import insert
from digests.store.schema.tables import deliveries, schedules, subscriptions
from digests.subscription_settings import choice_values, switch_values
from digests.subscriptions import Address, Subscription, SubscriptionState

WITH_SCHEDULE = select(
    subscriptions, schedules.c.cadence, schedules.c.at, schedules.c.timezone, schedules.c.weekday
).join_from(subscriptions, schedules)

#: Deliveries that told their occasion, or may have, or still will.
_COVERING = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.UNKNOWN)

_ADDRESS = ("chat_id", "thread_id")


async def put_rows(connection: AsyncConnection, wanted: Sequence[Subscription], now: datetime) -> None:
    """Write some subscriptions; of several for one address the last one stays."""
    addresses = [(each.address.chat_id, each.address.thread_id) for each in wanted]
    query = WITH_SCHEDULE.where(tuple_(subscriptions.c.chat_id, subscriptions.c.thread_id).in_(addresses))
    before = {Address(row.chat_id, row.thread_id): row for row in await connection.execute(query)}
    schedule_ids = {
        schedule: await _schedule_id(connection, schedule, now)
        for schedule in {each.schedule for each in wanted}
    }
    rows = [
        _row(each, schedule_ids[each.schedule], now)
        | {"eligible_from": await _eligible_from(connection, before.get(each.address), each, now)}
        for each in wanted
    ]
    statement = insert(connection, subscriptions)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in _ADDRESS}
    await connection.execute(statement.on_conflict_do_update(index_elements=_ADDRESS, set_=changed), rows)


def _row(subscription: Subscription, schedule_id: int, now: datetime) -> dict[str, Any]:
    return {
        "chat_id": subscription.address.chat_id,
        "thread_id": subscription.address.thread_id,
        "schedule_id": schedule_id,
        "language": subscription.language,
        **choice_values(subscription),
        **switch_values(subscription),
        "reports": subscription.reports,
        "only": subscription.only,
        "is_told": True,
        "state": subscription.state,
        "reason": None,
        "paused_until": subscription.paused_until,
        "subscribed_by": subscription.subscribed_by,
        "changed_at": now,
    }


async def _schedule_id(connection: AsyncConnection, schedule: Schedule, now: datetime) -> int:
    same = and_(
        schedules.c.cadence == schedule.cadence,
        schedules.c.at == schedule.at,
        schedules.c.timezone == schedule.timezone,
        schedules.c.weekday == schedule.weekday,
    )
    query = select(schedules.c.id).where(same)
    known: int | None = await connection.scalar(query)
    if known is not None:
        return known
    statement = insert(connection, schedules).values(
        cadence=schedule.cadence,
        at=schedule.at,
        timezone=schedule.timezone,
        weekday=schedule.weekday,
        next_due_at=next_due(schedule, now).at,
    )
    await connection.execute(statement.on_conflict_do_nothing())  # somebody else may have made it just now
    made: int = (await connection.execute(query)).scalar_one()
    return made


async def _eligible_from(
    connection: AsyncConnection, old: Row[Any] | None, new: Subscription, now: datetime
) -> datetime:
    if old is None:
        return now
    before = subscription_of(old)
    is_resumed = before.state is not SubscriptionState.ACTIVE or (
        before.paused_until is not None and before.paused_until != new.paused_until
    )
    if before.schedule == new.schedule and not is_resumed:
        unchanged: datetime = old.eligible_from
        return unchanged
    if new.schedule.cadence is Cadence.WEEKLY:
        return max(now, await _covered_until(connection, old.id, new.schedule.timezone) or now)
    return now


async def _covered_until(connection: AsyncConnection, subscription_id: int, timezone: str) -> datetime | None:
    """The last instant of the last day that a weekly digest of this subscription covered."""
    query = select(func.max(deliveries.c.occasion)).where(
        deliveries.c.subscription_id == subscription_id,
        deliveries.c.occasion.startswith(f"{Cadence.WEEKLY}:"),
        deliveries.c.state.in_(_COVERING),
    )
    latest = (await connection.execute(query)).scalar_one()
    if latest is None:
        return None
    return end_of_day(Occasion.parse(latest).last_day, timezone) - timedelta.resolution


def subscription_of(row: Row[Any]) -> Subscription:
    return Subscription(
        address=Address(row.chat_id, row.thread_id),
        schedule=Schedule(row.cadence, row.at, row.timezone, row.weekday),
        language=row.language,
        layout=row.layout,
        theme=row.theme,
        **switch_values(row),
        reports=row.reports,
        only=row.only,
        state=row.state,
        paused_until=row.paused_until,
        subscribed_by=row.subscribed_by,
    )
