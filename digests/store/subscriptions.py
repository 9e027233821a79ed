"""Who gets digests: one subscription for each chat and topic, its settings kept in every state."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, literal, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digests.posts import DeliveryState
from digests.schedules import Cadence, Occasion, Schedule, end_of_day, next_due
from digests.store.chats import put_chat
from digests.store.connections.database import Database, insert
from digests.store.schema.columns import Word
from digests.store.schema.tables import deliveries, schedules, subscriptions
from digests.subscription_settings import switch_values
from digests.subscriptions import Address, Subscription, SubscriptionState

_WITH_SCHEDULE = select(
    subscriptions, schedules.c.cadence, schedules.c.at, schedules.c.timezone, schedules.c.weekday
).join_from(subscriptions, schedules)

#: Deliveries that told their occasion, or may have, or still will.
_COVERING = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.UNKNOWN)

_AT_ONCE = 500

_ADDRESS = ("chat_id", "thread_id")

#: How a waiting delivery ends that will not be sent: who can tell whether an earlier try arrived?
GIVEN_UP = case(
    (deliveries.c.unknowns > 0, literal(DeliveryState.UNKNOWN, Word(DeliveryState))),
    else_=literal(DeliveryState.SKIPPED, Word(DeliveryState)),
)


class Subscriptions:
    """The subscriptions of all chats and topics."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, address: Address) -> Subscription | None:
        """The subscription of an address in whatever state; None when it never had one."""
        async with self._database.reading() as connection:
            row = (await connection.execute(_WITH_SCHEDULE.where(_at(address)))).one_or_none()
        return None if row is None else _subscription(row)

    async def put(self, subscription: Subscription, now: datetime) -> Subscription:
        """Subscribe an address, or change the subscription that it has; it is active afterwards.

        It receives what falls due after *now* when it is new, resumed or has another schedule;
        other settings change nothing about that.
        """
        active = replace(subscription, state=SubscriptionState.ACTIVE)
        async with self._database.writing() as connection:
            await _put(connection, [active], now)
        return active

    async def begin(
        self, fresh: Subscription, kind: str, title: str, now: datetime
    ) -> tuple[Subscription | None, Subscription, datetime]:
        """Activate the subscription of a chat, with *fresh* if it has none.

        The result is the one before, the one now, and when it had last been changed. Callers on all
        instances take turns: the chat's row is locked first. An active subscription stays as it is; one
        that nobody made becomes that of *fresh*'s maker.
        """
        address = fresh.address
        async with self._database.writing() as connection:
            await put_chat(connection, address.chat_id, kind, title)
            row = (await connection.execute(_WITH_SCHEDULE.where(_at(address)))).one_or_none()
            before = None if row is None else _subscription(row)
            after = replace(before or fresh, state=SubscriptionState.ACTIVE)
            if after.subscribed_by is None:
                after = replace(after, subscribed_by=fresh.subscribed_by)
            if after != before:
                await _put(connection, [after], now)
        return before, after, now if row is None else row.changed_at

    async def put_all(self, wanted: Iterable[Subscription], now: datetime) -> int:
        """Put many in one transaction, each in the state it has; how many."""
        count = 0
        source = iter(wanted)
        async with self._database.writing() as connection:
            while some := list(islice(source, _AT_ONCE)):
                await _put(connection, some, now)
                count += len(some)
        return count

    async def unsubscribe(self, address: Address, now: datetime) -> bool:
        """Stop the digests of an address and keep its settings; False when there was nothing to stop."""
        wanted = and_(_at(address), subscriptions.c.state != SubscriptionState.UNSUBSCRIBED)
        async with self._database.writing() as connection:
            stopped = await _stop(connection, wanted, SubscriptionState.UNSUBSCRIBED, "unsubscribed", now)
        return stopped > 0

    async def suspend(self, chat_id: int, reason: str, now: datetime) -> int:
        """Stop the digests of a chat that cannot be reached; how many subscriptions that were."""
        async with self._database.writing() as connection:
            return await suspend_chat(connection, chat_id, reason, now)

    async def suspend_topic(self, address: Address, reason: str, now: datetime) -> int:
        """Stop the digests of one topic that cannot be written to."""
        async with self._database.writing() as connection:
            return await suspend_address(connection, address, reason, now)

    async def wake(self, chat_id: int, now: datetime, thread_id: int | None = None) -> int:
        """Resume what was suspended in a chat that can be reached again, or in one topic; how many."""
        which = [subscriptions.c.chat_id == chat_id, subscriptions.c.state == SubscriptionState.SUSPENDED]
        if thread_id is not None:
            which.append(subscriptions.c.thread_id == thread_id)
        statement = (
            update(subscriptions)
            .where(*which)
            .values(state=SubscriptionState.ACTIVE, reason=None, eligible_from=now, changed_at=now)
        )
        async with self._database.writing() as connection:
            return (await connection.execute(statement)).rowcount

    async def made_by(self, user_id: int) -> tuple[Subscription, ...]:
        """The subscriptions that a person made, in whatever state, by chat and topic."""
        query = _WITH_SCHEDULE.where(subscriptions.c.subscribed_by == user_id)
        in_order = query.order_by(subscriptions.c.chat_id, subscriptions.c.thread_id)
        async with self._database.reading() as connection:
            return tuple(_subscription(row) for row in await connection.execute(in_order))

    async def exchange_pinned(self, address: Address, message_id: int) -> int | None:
        """Note the message that is pinned now; the one that was pinned before, None without any."""
        async with self._database.writing() as connection:
            query = select(subscriptions.c.pinned_message_id).where(_at(address))
            before: int | None = await connection.scalar(query)
            pinned = update(subscriptions).where(_at(address)).values(pinned_message_id=message_id)
            await connection.execute(pinned)
        return before if before != message_id else None

    async def all(self) -> AsyncIterator[Subscription]:
        """Every subscription in whatever state, by chat and topic; memory stays flat."""
        last = (-(2**63), 0)
        key = subscriptions.c.chat_id, subscriptions.c.thread_id
        while True:
            after = (key[0] > last[0]) | and_(key[0] == last[0], key[1] > last[1])
            query = _WITH_SCHEDULE.where(after).order_by(*key).limit(_AT_ONCE)
            async with self._database.reading() as connection:
                rows = (await connection.execute(query)).all()
            for row in rows:
                yield _subscription(row)
            if len(rows) < _AT_ONCE:
                return
            last = (rows[-1].chat_id, rows[-1].thread_id)

    async def count(self) -> int:
        """How many subscriptions are active."""
        query = select(func.count()).where(subscriptions.c.state == SubscriptionState.ACTIVE)
        async with self._database.reading() as connection:
            return (await connection.execute(query)).scalar_one()


async def suspend_chat(connection: AsyncConnection, chat_id: int, reason: str, now: datetime) -> int:
    """Suspend the active subscriptions of a chat and withdraw what waits for it."""
    active = and_(subscriptions.c.chat_id == chat_id, subscriptions.c.state == SubscriptionState.ACTIVE)
    return await _stop(connection, active, SubscriptionState.SUSPENDED, reason, now)


async def suspend_address(connection: AsyncConnection, address: Address, reason: str, now: datetime) -> int:
    """Suspend one topic of a chat and withdraw what waits for it."""
    active = and_(_at(address), subscriptions.c.state == SubscriptionState.ACTIVE)
    return await _stop(connection, active, SubscriptionState.SUSPENDED, reason, now)


async def _stop(
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


async def _put(connection: AsyncConnection, wanted: Sequence[Subscription], now: datetime) -> None:
    """Write some subscriptions; of several for one address the last one stays."""
    addresses = [(each.address.chat_id, each.address.thread_id) for each in wanted]
    query = _WITH_SCHEDULE.where(tuple_(subscriptions.c.chat_id, subscriptions.c.thread_id).in_(addresses))
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
        "layout": subscription.layout,
        **switch_values(subscription),
        "reports": subscription.reports,
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
    before = _subscription(old)
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


def _at(address: Address) -> ColumnElement[bool]:
    return and_(subscriptions.c.chat_id == address.chat_id, subscriptions.c.thread_id == address.thread_id)


def _subscription(row: Row[Any]) -> Subscription:
    return Subscription(
        address=Address(row.chat_id, row.thread_id),
        schedule=Schedule(row.cadence, row.at, row.timezone, row.weekday),
        language=row.language,
        layout=row.layout,
        **switch_values(row),
        reports=row.reports,
        state=row.state,
        paused_until=row.paused_until,
        subscribed_by=row.subscribed_by,
    )
