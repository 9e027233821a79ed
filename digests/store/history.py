"""What was posted to an address, for those who look after it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from digests.posts import QUIZ_MARK, DeliveryState
from digests.store.connections.database import Database
from digests.store.outbox.records import RECORDED, DeliveryRecord, record_of
from digests.store.schema.tables import deliveries, subscriptions
from digests.subscriptions import Address

_OPEN = (DeliveryState.PENDING, DeliveryState.SENDING)


class History:
    """What became of the deliveries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def latest(self, address: Address, *, quiz: bool = False) -> DeliveryRecord | None:
        """The last digest, or quiz, that came to an end; None when there was none."""
        is_quiz = deliveries.c.occasion.startswith(QUIZ_MARK)
        query = RECORDED.where(
            subscriptions.c.chat_id == address.chat_id,
            subscriptions.c.thread_id == address.thread_id,
            deliveries.c.state.not_in(_OPEN),
            is_quiz if quiz else ~is_quiz,
        ).order_by(deliveries.c.due_at.desc(), deliveries.c.id.desc())
        async with self._database.reading() as connection:
            row = (await connection.execute(query.limit(1))).one_or_none()
        return None if row is None else record_of(row)

    async def prune(self, before: datetime, limit: int) -> int:
        """Delete up to *limit* deliveries that ended before an instant, the oldest first; how many."""
        ended = select(deliveries.c.id).where(deliveries.c.settled_at < before)
        oldest = ended.order_by(deliveries.c.settled_at).limit(limit)
        async with self._database.writing() as connection:
            return (await connection.execute(delete(deliveries).where(deliveries.c.id.in_(oldest)))).rowcount
