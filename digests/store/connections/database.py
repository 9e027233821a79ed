"""What a database gives to the store, whichever it is: transactions that write, and views to read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

Insert = postgresql.Insert | sqlite.Insert


#: Where instances announce to each other what they changed.
CHANNEL = "silkline"


class UnsupportedDatabaseError(ValueError):
    """The URL names a database that this version cannot use."""


class UnavailableDatabaseError(RuntimeError):
    """The database cannot be reached or opened now; the message is one plain line."""


def insert(connection: AsyncConnection, table: Table) -> Insert:
    """An INSERT that may say what to do about a row that exists already."""
    is_postgresql = connection.dialect.name == "postgresql"
    return postgresql.insert(table) if is_postgresql else sqlite.insert(table)


class Database(ABC):
    """Connections for writing and for reading beside it."""

    def __init__(self, writer: AsyncEngine, reader: AsyncEngine) -> None:
        self._writer = writer
        self._reader = reader

    @abstractmethod
    async def prepare(self) -> None:
        """Make it ready for transactions; before the first one.

        Raises:
            UnavailableDatabaseError: it cannot be opened or reached.
        """

    @abstractmethod
    async def lock(self, connection: AsyncConnection, name: str) -> None:
        """Hold up every other transaction that locks the same *name* until this one ends."""

    @abstractmethod
    async def listen(self, heard: Callable[[str], None]) -> None:
        """Give *heard* what transactions announce on `CHANNEL`, until cancelled."""

    async def damage(self) -> str | None:
        """What a check of the stored bytes finds wrong; None for a database that looks after itself."""
        return None

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that may write: committed at the end, undone on an exception."""
        async with self._writer.begin() as connection:
            yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A view of what is committed that never waits for a writer."""
        async with self._reader.connect() as connection:
            yield connection

    async def close(self) -> None:
        """Close every connection."""
        await self._reader.dispose()
        await self._writer.dispose()
