"""What people are shown of a delivery."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from digests.posts import DeliveryState
from digests.store.schema.tables import deliveries, subscriptions
from digests.subscriptions import Address

#: A delivery and where it goes.
RECORDED = select(deliveries, subscriptions.c.chat_id, subscriptions.c.thread_id).join_from(
    deliveries, subscriptions
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


def record_of(row: Row[Any]) -> DeliveryRecord:
    """The record that a row of `RECORDED` is."""
    return DeliveryRecord(
        id=row.id,
        address=Address(row.chat_id, row.thread_id),
        occasion=row.occasion,
        state=row.state,
        due_at=row.due_at,
        not_before=row.not_before,
        attempts=row.attempts,
        unknowns=row.unknowns,
        message_id=row.message_id,
        reason=row.reason,
        settled_at=row.settled_at,
    )
