"""Updates on record while they are in work, so that a process that dies loses none and repeats none for ever.

An update is held with its content when it was confirmed to the server before it was done, and without
it when its handling began and the server still keeps it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, select, update

from digests.store.connections.database import Database, insert
from digests.store.schema.tables import held_updates

_KEY = ["bot_id", "update_id"]


@dataclass(frozen=True, slots=True)
class HeldUpdate:
    """An update on record: its content (None: the server has it), and how often its handling began."""

    update_id: int
    content: str | None
    begun: int


class HeldUpdates:
    """The updates on record, by bot."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def hold(self, bot_id: int, contents: Mapping[int, str], now: datetime) -> None:
        """Put updates with their content on record, all of them or none."""
        rows = [
            {"bot_id": bot_id, "update_id": number, "content": content, "held_at": now}
            for number, content in contents.items()
        ]
        async with self._database.writing() as connection:
            statement = insert(connection, held_updates).values(rows)
            content = {"content": statement.excluded.content}
            await connection.execute(statement.on_conflict_do_update(index_elements=_KEY, set_=content))

    async def begin(self, bot_id: int, update_ids: Iterable[int], now: datetime) -> dict[int, int]:
        """Put on record that the handling of updates begins; how often each has begun by now."""
        rows = [{"bot_id": bot_id, "update_id": number, "begun": 1, "held_at": now} for number in update_ids]
        async with self._database.writing() as connection:
            statement = insert(connection, held_updates).values(rows)
            counted = statement.on_conflict_do_update(
                index_elements=_KEY, set_={"begun": held_updates.c.begun + 1}
            ).returning(held_updates.c.update_id, held_updates.c.begun)
            return {row.update_id: row.begun for row in await connection.execute(counted)}

    async def release(self, bot_id: int, update_ids: Iterable[int]) -> None:
        """Forget updates that are done."""
        async with self._database.writing() as connection:
            await connection.execute(delete(held_updates).where(_among(bot_id, update_ids)))

    async def excuse(self, bot_id: int, update_ids: Iterable[int]) -> None:
        """Forget how often updates began: they were cut off by a stop, and are not to blame."""
        async with self._database.writing() as connection:
            await connection.execute(update(held_updates).where(_among(bot_id, update_ids)).values(begun=0))

    async def set_aside(self, bot_id: int, update_id: int) -> None:
        """Drop the content of an update that is not to be handled again; its number stays on record."""
        async with self._database.writing() as connection:
            await connection.execute(
                update(held_updates).where(_among(bot_id, [update_id])).values(content=None)
            )

    async def all(self, bot_id: int) -> tuple[HeldUpdate, ...]:
        """The updates of a bot that are on record, in order."""
        query = select(held_updates).where(held_updates.c.bot_id == bot_id)
        async with self._database.reading() as connection:
            rows = await connection.execute(query.order_by(held_updates.c.update_id))
            return tuple(HeldUpdate(row.update_id, row.content, row.begun) for row in rows)

    async def prune(self, before: datetime) -> int:
        """Delete what was put on record before an instant; how many."""
        async with self._database.writing() as connection:
            return (
                await connection.execute(delete(held_updates).where(held_updates.c.held_at < before))
            ).rowcount


def _among(bot_id: int, update_ids: Iterable[int]) -> ColumnElement[bool]:
    return and_(held_updates.c.bot_id == bot_id, held_updates.c.update_id.in_(list(update_ids)))
