"""Who gets digests: one subscription for each chat and topic, its settings kept in every state."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import replace
from datetime import datetime
from itertools import islice

from sqlalchemy import and_, func, or_, select, update

from digests.store.chats import put_chat
from digests.store.connections.database import Database
from digests.store.schema.tables import subscriptions
from digests.store.subscriptions.rows import WITH_SCHEDULE, put_rows, subscription_of
from digests.store.subscriptions.stopping import GIVEN_UP, at, stop, suspend_address, suspend_chat
from digests.subscriptions import Address, Subscription, SubscriptionState

__all__ = ["GIVEN_UP", "Subscriptions", "suspend_address", "suspend_chat"]

_AT_ONCE = 500

#: The reason of a suspension says so in Telegram's words, as TOPIC_CLOSED or “message thread not found”.
_REASON = func.coalesce(subscriptions.c.reason, "")
_TOPIC_IS_GONE = and_(
    subscriptions.c.thread_id != 0, or_(_REASON.icontains("topic"), _REASON.icontains("thread"))
)


class Subscriptions:
    """The subscriptions of all chats and topics."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, address: Address) -> Subscription | None:
        """The subscription of an address in whatever state; None when it never had one."""
        async with self._database.reading() as connection:
            row = (await connection.execute(WITH_SCHEDULE.where(at(address)))).one_or_none()
        return None if row is None else subscription_of(row)

    async def put(self, subscription: Subscription, now: datetime) -> Subscription:
        """Subscribe an address, or change the subscription that it has; it is active afterwards.

        It receives what falls due after *now* when it is new, resumed or has another schedule;
        other settings change nothing about that.
        """
        active = replace(subscription, state=SubscriptionState.ACTIVE)
        async with self._database.writing() as connection:
            await put_rows(connection, [active], now)
        return active

    async def edit(
        self,
        address: Address,
        edit: Callable[[Subscription], Subscription],
        now: datetime,
        *,
        fresh: Subscription | None = None,
    ) -> tuple[Subscription | None, Subscription] | None:
        """Change the subscription of an address as *edit* says, with *fresh* if it has none.

        The result is the one before and the one now; None without any. Callers on all instances take
        turns, so that of two who change different settings at once neither undoes what the other did.
        """
        turn = select(subscriptions.c.id).where(at(address)).with_for_update()
        async with self._database.writing() as connection:
            await connection.execute(turn)
            row = (await connection.execute(WITH_SCHEDULE.where(at(address)))).one_or_none()
            before = None if row is None else subscription_of(row)
            if (base := before or fresh) is None:
                return None
            after = edit(base)
            await put_rows(connection, [after], now)
        return before, after

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
            row = (await connection.execute(WITH_SCHEDULE.where(at(address)))).one_or_none()
            before = None if row is None else subscription_of(row)
            after = replace(before or fresh, state=SubscriptionState.ACTIVE)
            if after.subscribed_by is None:
                after = replace(after, subscribed_by=fresh.subscribed_by)
            if after != before:
                await put_rows(connection, [after], now)
        return before, after, now if row is None else row.changed_at

    async def put_all(self, wanted: Iterable[Subscription], now: datetime) -> int:
        """Put many in one transaction, each in the state it has; how many."""
        count = 0
        source = iter(wanted)
        async with self._database.writing(is_long=True) as connection:
            while some := list(islice(source, _AT_ONCE)):
                await put_rows(connection, some, now)
                count += len(some)
        return count

    async def unsubscribe(self, address: Address, now: datetime) -> bool:
        """Stop the digests of an address and keep its settings; False when there was nothing to stop."""
        wanted = and_(at(address), subscriptions.c.state != SubscriptionState.UNSUBSCRIBED)
        async with self._database.writing() as connection:
            stopped = await stop(connection, wanted, SubscriptionState.UNSUBSCRIBED, "unsubscribed", now)
        return stopped > 0

    async def suspend(self, chat_id: int, reason: str, now: datetime) -> int:
        """Stop the digests of a chat that cannot be reached; how many subscriptions that were."""
        async with self._database.writing() as connection:
            return await suspend_chat(connection, chat_id, reason, now)

    async def suspend_topic(self, address: Address, reason: str, now: datetime) -> int:
        """Stop the digests of one topic that cannot be written to."""
        async with self._database.writing() as connection:
            return await suspend_address(connection, address, reason, now)

    async def wake(
        self, chat_id: int, now: datetime, thread_id: int | None = None
    ) -> tuple[Subscription, ...]:
        """Resume what was suspended in a chat that can be reached again, or in one topic; the resumed.

        With its chat no topic is resumed that is closed or deleted.
        """
        which = [subscriptions.c.chat_id == chat_id, subscriptions.c.state == SubscriptionState.SUSPENDED]
        if thread_id is None:
            which.append(~_TOPIC_IS_GONE)
        else:
            which.append(subscriptions.c.thread_id == thread_id)
        statement = (
            update(subscriptions)
            .where(*which)
            .values(state=SubscriptionState.ACTIVE, reason=None, eligible_from=now, changed_at=now)
            .returning(subscriptions.c.id)
        )
        async with self._database.writing() as connection:
            woken = (await connection.execute(statement)).scalars().all()
            rows = await connection.execute(WITH_SCHEDULE.where(subscriptions.c.id.in_(woken)))
            return tuple(subscription_of(row) for row in rows)

    async def made_by(self, user_id: int) -> tuple[Subscription, ...]:
        """The subscriptions that a person made, in whatever state, by chat and topic."""
        query = WITH_SCHEDULE.where(subscriptions.c.subscribed_by == user_id)
        in_order = query.order_by(subscriptions.c.chat_id, subscriptions.c.thread_id)
        async with self._database.reading() as connection:
            return tuple(subscription_of(row) for row in await connection.execute(in_order))

    async def exchange_pinned(self, address: Address, message_id: int) -> int | None:
        """Note the message that is pinned now; the one that was pinned before, None without any."""
        async with self._database.writing() as connection:
            query = select(subscriptions.c.pinned_message_id).where(at(address))
            before: int | None = await connection.scalar(query)
            pinned = update(subscriptions).where(at(address)).values(pinned_message_id=message_id)
            await connection.execute(pinned)
        return before if before != message_id else None

    async def all(self) -> AsyncIterator[Subscription]:
        """Every subscription in whatever state, by chat and topic; memory stays flat."""
        last = (-(2**63), 0)
        key = subscriptions.c.chat_id, subscriptions.c.thread_id
        while True:
            after = (key[0] > last[0]) | and_(key[0] == last[0], key[1] > last[1])
            query = WITH_SCHEDULE.where(after).order_by(*key).limit(_AT_ONCE)
            async with self._database.reading() as connection:
                rows = (await connection.execute(query)).all()
            for row in rows:
                yield subscription_of(row)
            if len(rows) < _AT_ONCE:
                return
            last = (rows[-1].chat_id, rows[-1].thread_id)

    async def count(self) -> int:
        """How many subscriptions are active."""
        query = select(func.count()).where(subscriptions.c.state == SubscriptionState.ACTIVE)
        async with self._database.reading() as connection:
            return (await connection.execute(query)).scalar_one()
