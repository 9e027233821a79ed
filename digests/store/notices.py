"""What the people who subscribed a chat are to be told, each thing once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, Select, and_, exists, func, select, update

from digests.posts import QUIZ_MARK, DeliveryState
from digests.store.connections.database import Database
from digests.store.schema.tables import chats, deliveries, subscriptions
from digests.subscriptions import Address, SubscriptionState

_LAST_FAILURE = (
    select(func.max(deliveries.c.id))
    .where(
        deliveries.c.subscription_id == subscriptions.c.id,
        deliveries.c.state == DeliveryState.FAILED,
        deliveries.c.id > subscriptions.c.told_failure_id,
    )
    .correlate(subscriptions)
    .scalar_subquery()
)

#: Somebody else can be told: whose own private chat is lost cannot be reached there.
_TELLABLE = and_(
    subscriptions.c.subscribed_by.is_not(None), subscriptions.c.subscribed_by != subscriptions.c.chat_id
)
_UNTOLD = and_(
    _TELLABLE, subscriptions.c.state == SubscriptionState.SUSPENDED, subscriptions.c.is_told.is_(False)
)
_FAILED = and_(
    _TELLABLE,
    subscriptions.c.id.in_(
        select(deliveries.c.subscription_id).where(
            deliveries.c.state == DeliveryState.FAILED, deliveries.c.id > subscriptions.c.told_failure_id
        )
    ),
)


@dataclass(frozen=True, slots=True)
class Notice:
    """That an address was suspended, or that a post to it, or only its quiz, finally failed, and why."""

    user_id: int
    address: Address
    title: str
    reason: str
    is_suspended: bool
    is_quiz: bool = False
    failure_id: int = 0  # of the delivery


class Notices:
    """Taken by whoever tells them; what was taken is not given out again, unless it is given back."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(self) -> tuple[Notice, ...]:
        """Everything that is to be told now; nothing is written when there is nothing."""
        async with self._database.reading() as connection:
            anything = select(exists().where(_UNTOLD) | exists().where(_FAILED))
            if not await connection.scalar(anything):
                return ()
        return (*await self._suspended(), *await self._failed())

    async def give_back(self, notice: Notice) -> None:
        """Have a notice given out again that could not be told now."""
        address = notice.address
        here = and_(
            subscriptions.c.chat_id == address.chat_id, subscriptions.c.thread_id == address.thread_id
        )
        untold = update(subscriptions).where(here)
        if notice.is_suspended:
            untold = untold.values(is_told=False)
        else:
            newest = subscriptions.c.told_failure_id == notice.failure_id
            untold = untold.where(newest).values(told_failure_id=notice.failure_id - 1)
        async with self._database.writing() as connection:
            await connection.execute(untold)

    async def _suspended(self) -> tuple[Notice, ...]:
        taking = update(subscriptions).where(_UNTOLD).values(is_told=True)
        async with self._database.writing() as connection:
            taken = (await connection.execute(taking.returning(subscriptions.c.id))).scalars().all()
            rows = await connection.execute(_told().where(subscriptions.c.id.in_(taken)))
            return tuple(_notice(row, row.reason, is_suspended=True) for row in rows)

    async def _failed(self) -> tuple[Notice, ...]:
        taking = update(subscriptions).where(_FAILED).values(told_failure_id=_LAST_FAILURE)
        async with self._database.writing() as connection:
            taken = (await connection.execute(taking.returning(subscriptions.c.id))).scalars().all()
            failure = deliveries.c.id == subscriptions.c.told_failure_id
            why = deliveries.c.reason.label("failure"), deliveries.c.occasion
            query = _told().add_columns(*why).join(deliveries, failure)
            rows = await connection.execute(query.where(subscriptions.c.id.in_(taken)))
            return tuple(
                replace(
                    _notice(row, row.failure, is_suspended=False),
                    is_quiz=row.occasion.startswith(QUIZ_MARK),
                    failure_id=row.told_failure_id,
                )
                for row in rows
            )


def _notice(row: Row[Any], reason: str | None, *, is_suspended: bool) -> Notice:
    address = Address(row.chat_id, row.thread_id)
    return Notice(row.subscribed_by, address, row.title or "", reason or "", is_suspended)


def _told() -> Select[Any]:
    columns = (
        subscriptions.c.chat_id,
        subscriptions.c.thread_id,
        subscriptions.c.subscribed_by,
        subscriptions.c.reason,
        subscriptions.c.told_failure_id,
        chats.c.title,
    )
    return select(*columns).select_from(
        subscriptions.outerjoin(chats, chats.c.chat_id == subscriptions.c.chat_id)
    )
