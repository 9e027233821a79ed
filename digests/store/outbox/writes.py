"""The two statements that run for every message: a claim, and what came of it.

Each database is given all rows at once, SQLite as JSON and PostgreSQL as arrays: it takes longer to begin a
statement, or to bind its parameters, than to write a row.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    ColumnElement,
    Integer,
    Text,
    Update,
    any_,
    bindparam,
    column,
    func,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeEngine

from digests.posts import DeliveryState, DeliveryUpdate
from digests.store.schema.columns import UtcDateTime, Word, as_sqlite_text
from digests.store.schema.tables import deliveries

_CLAIM = update(deliveries).values(
    state=DeliveryState.SENDING, lease_until=bindparam("b_until"), epoch=deliveries.c.epoch + 1
)
_IDS_JSON = func.json_each(bindparam("b_ids", type_=Text)).table_valued("value")
_CLAIM_IN = _CLAIM.where(deliveries.c.id.in_(select(_IDS_JSON.c.value)))
_CLAIM_ANY = _CLAIM.where(deliveries.c.id == any_(bindparam("b_ids", type_=ARRAY(Integer))))

#: What is given of each update.
_GIVEN: dict[str, TypeEngine[Any]] = {
    "id": Integer(),
    "epoch": Integer(),
    "in_any_state": Boolean(),
    "state": Word(DeliveryState),
    "message_id": BigInteger(),
    "reason": Text(),
    "not_before": UtcDateTime(),
    "settled_at": UtcDateTime(),
    "attempts": Integer(),
    "unknowns": Integer(),
}


def _update(given: Mapping[str, ColumnElement[Any]]) -> Update:
    return (
        update(deliveries)
        .where(
            deliveries.c.id == given["id"],
            deliveries.c.epoch == given["epoch"],
            or_(deliveries.c.state == DeliveryState.SENDING, given["in_any_state"]),
        )
        .values(
            state=given["state"],
            message_id=given["message_id"],
            reason=given["reason"],
            not_before=func.coalesce(given["not_before"], deliveries.c.not_before),
            settled_at=given["settled_at"],
            attempts=given["attempts"],
            unknowns=deliveries.c.unknowns + given["unknowns"],
            lease_until=None,
        )
    )


_JSON = func.json_each(bindparam("b_rows", type_=Text)).table_valued("value")
_UPDATE_JSON = _update(
    {
        name: type_coerce(func.json_extract(_JSON.c.value, f"$[{position}]"), kind)
        for position, (name, kind) in enumerate(_GIVEN.items())
    }
)
_ARRAYS = (
    func.unnest(*(bindparam(f"b_{name}", type_=ARRAY(kind)) for name, kind in _GIVEN.items()))
    .table_valued(*(column(name, kind) for name, kind in _GIVEN.items()))
    .render_derived(name="given")
)
_UPDATE_ARRAYS = _update({name: _ARRAYS.c[name] for name in _GIVEN})


async def write_claims(connection: AsyncConnection, ids: list[int], until: datetime) -> None:
    """Mark deliveries as claimed: from here on their call may have been made."""
    if connection.dialect.name == "postgresql":
        await connection.execute(_CLAIM_ANY, {"b_ids": ids, "b_until": until})
    else:
        await connection.execute(_CLAIM_IN, {"b_ids": json.dumps(ids), "b_until": until})


async def write_updates(connection: AsyncConnection, updates: Sequence[DeliveryUpdate]) -> None:
    """Write what came of claims: each where its claim is the last one, unknown outcomes while it is held."""
    rows = [_given(each) for each in updates]
    if connection.dialect.name == "postgresql":
        columns = dict(zip((f"b_{name}" for name in _GIVEN), map(list, zip(*rows, strict=True)), strict=True))
        await connection.execute(_UPDATE_ARRAYS, columns)
    else:
        await connection.execute(_UPDATE_JSON, {"b_rows": json.dumps(rows, default=as_sqlite_text)})


def _given(each: DeliveryUpdate) -> tuple[Any, ...]:
    """The values of `_GIVEN`, in its order."""
    return (
        each.id,
        each.epoch,
        not each.only_while_claimed,
        each.state,
        each.message_id,
        each.reason,
        each.not_before,
        None if each.state is DeliveryState.PENDING else each.at,
        each.attempts,
        int(not each.is_known),
    )
