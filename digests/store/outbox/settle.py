"""How claims ended, written to their deliveries."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Boolean, Dialect, Integer, bindparam, func, or_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digests.delivery.retry_policy import DeliveryUpdate
from digests.posts import DeliveryState
from digests.store.outbox.compiled import Compiled
from digests.store.schema.columns import UtcDateTime
from digests.store.schema.tables import deliveries

#: An unknown outcome counts only while the claim is held; a known one is true whoever wrote meanwhile.
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


async def write(connection: AsyncConnection, settlements: Sequence[DeliveryUpdate]) -> None:
    """Write settlements to their deliveries."""
    rows = [_settled(settlement) for settlement in settlements]
    await _settle(connection.dialect).execute_many(connection, rows)


@cache
def _settle(dialect: Dialect) -> Compiled:
    return Compiled(_SETTLE, dialect)


def _settled(settlement: DeliveryUpdate) -> dict[str, Any]:
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
