"""The lease by which one of several instances plans and sends; its epoch fences off earlier holders."""

from __future__ import annotations

import platform
import secrets
import time
from typing import Any

from sqlalchemy import ColumnElement, Double, case, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from digests.store.connections.database import Database, insert
from digests.store.schema.tables import leases

_NAME = "sender"

#: No lease lasts longer (seconds).
_LONGEST = 3600.0


class LeaseLostError(RuntimeError):
    """Another instance took the lease: what this one still wanted to do is no longer its business."""


class _DatabaseTime(FunctionElement[float]):
    """Seconds since 1970 by the clock of the database, the only one that all instances share."""

    type = Double()
    inherit_cache = True


@compiles(_DatabaseTime, "sqlite")
def _sqlite_time(_element: _DatabaseTime, _compiler: Any, **_options: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(_DatabaseTime, "postgresql")
def _postgresql_time(_element: _DatabaseTime, _compiler: Any, **_options: Any) -> str:
    return "CAST(extract(epoch FROM clock_timestamp()) AS double precision)"


class Lease:
    """One row of the database. An instance that never took it is alone, and is not fenced off."""

    def __init__(self, database: Database) -> None:
        self.holder = f"{platform.node()[:60]}-{secrets.token_hex(4)}"
        self.epoch: int | None = None
        self._database = database
        self._held_until = 0.0  # by this machine's steady clock

    @property
    def is_over(self) -> bool:
        """Whether it was held and was not renewed in time, as far as this instance knows without asking.

        A process that stood still knows it at once when it goes on.
        """
        return self.epoch is not None and time.monotonic() >= self._held_until

    async def take(self, seconds: float) -> bool:
        """Hold it for so long from now, for the first time or once more; False when another one does."""
        began = time.monotonic()
        if not await self._is_free():
            return False
        async with self._database.writing() as connection:
            epoch: int | None = await connection.scalar(_take(connection, self.holder, seconds))
        if epoch is not None:
            self.epoch, self._held_until = epoch, began + seconds
        return epoch is not None

    async def _is_free(self) -> bool:
        # whoever waits for the lease looks often, and must not lock the row each time
        query = select(leases.c.name).where(leases.c.name == _NAME, ~_takeable(self.holder))
        async with self._database.reading() as connection:
            return (await connection.execute(query)).first() is None

    async def is_held(self) -> bool:
        """Whether another instance plans and sends now."""
        return not await self._is_free()

    async def free_for(self) -> float:
        """How long nobody holds it, in seconds: 0 while somebody does, and before anybody ever did."""
        query = select(_DatabaseTime() - leases.c.until).where(leases.c.name == _NAME, leases.c.until > 0)
        async with self._database.reading() as connection:
            return max(0.0, await connection.scalar(query) or 0.0)

    async def give_up(self) -> None:
        """Let the next one have it at once."""
        mine = update(leases).where(leases.c.name == _NAME, leases.c.holder == self.holder)
        async with self._database.writing() as connection:
            await connection.execute(mine.values(until=0.0))

    async def free(self) -> None:
        """Let anybody have it at once, whoever holds it."""
        async with self._database.writing() as connection:
            await connection.execute(update(leases).where(leases.c.name == _NAME).values(until=0.0))

    async def require(self, connection: AsyncConnection) -> None:
        """Make sure, until the transaction of *connection* ends, that nobody took the lease since.

        Raises:
            LeaseLostError: somebody did.
        """
        if self.epoch is None:
            return
        query = select(leases.c.epoch).where(leases.c.name == _NAME).with_for_update(read=True)
        if await connection.scalar(query) != self.epoch:
            raise LeaseLostError("another instance plans and sends now")


def _takeable(holder: str) -> ColumnElement[bool]:
    """One that is free, or would last longer than any does: the clock was set back since."""
    is_over = leases.c.until <= _DatabaseTime()
    return or_(leases.c.holder == holder, is_over, leases.c.until > _DatabaseTime() + _LONGEST)


def _take(connection: AsyncConnection, holder: str, seconds: float) -> Any:
    until = _DatabaseTime() + seconds
    first = insert(connection, leases).values(name=_NAME, holder=holder, epoch=1, until=until)
    epoch = case((leases.c.holder == holder, leases.c.epoch), else_=leases.c.epoch + 1)
    renewed = {"holder": holder, "epoch": epoch, "until": first.excluded.until}
    statement = first.on_conflict_do_update(index_elements=["name"], set_=renewed, where=_takeable(holder))
    return statement.returning(leases.c.epoch)
