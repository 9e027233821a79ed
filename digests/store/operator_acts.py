"""What operators did: published, reloaded, retried, restored, settled, withdrew."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from digests.store.connections.database import Database, insert
from digests.store.schema.tables import operator_acts

log = logging.getLogger(__name__)

#: Who acts when nobody can be named.
COMMAND_LINE = "command line"


class Act(StrEnum):
    """What is put on record."""

    PUBLISH = "publish"
    RELOAD = "reload"
    RETRY = "retry"
    RESTORE = "restore"
    SETTLE = "settle"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class OperatorAct:
    """One act: when, by whom (the id of a user, or `COMMAND_LINE`), and what it was about."""

    at: datetime
    actor: str
    act: str
    detail: str


class OperatorActs:
    """The acts on record."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(self, act: Act, detail: str, now: datetime, actor: str = COMMAND_LINE) -> None:
        """Put an act on record, and in the log."""
        values = {"at": now, "actor": actor, "act": act.value, "detail": detail}
        async with self._database.writing() as connection:
            await connection.execute(insert(connection, operator_acts).values(**values))
        log.info("operator %s: %s %s", actor, act, detail)

    async def latest(self, limit: int = 50) -> tuple[OperatorAct, ...]:
        """The newest acts first."""
        query = select(operator_acts).order_by(operator_acts.c.id.desc()).limit(limit)
        async with self._database.reading() as connection:
            rows = await connection.execute(query)
            return tuple(OperatorAct(row.at, row.actor, row.act, row.detail) for row in rows)
