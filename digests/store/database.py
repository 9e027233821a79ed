"""The database: one writer, a few readers, and what SQLite must be told on each connection."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import URL, Table, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

#: How long a connection waits for another process's lock before it gives up.
_LOCK_WAIT_MS = 5000

_READERS = 3

#: FULL, not NORMAL: a claim that a power cut undoes would be sent twice.
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={_LOCK_WAIT_MS}",
)


class UnsupportedDatabaseError(ValueError):
    """The URL names a database that this version cannot use."""


def insert(table: Table) -> sqlite.Insert:
    """An INSERT that may say what to do about a row that exists already."""
    return sqlite.insert(table)


def sqlite_path(url: str) -> Path | None:
    """The file that a SQLite URL names; None for a database in memory.

    Raises:
        UnsupportedDatabaseError: the URL is not one of SQLite.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise UnsupportedDatabaseError(f"no database URL: {error}") from error
    if parsed.drivername not in {"sqlite", "sqlite+aiosqlite"}:
        message = f"{parsed.drivername} is not supported: write sqlite+aiosqlite:///var/silkline.db"
        raise UnsupportedDatabaseError(message)
    return None if parsed.database in {None, "", ":memory:"} else Path(str(parsed.database))


class Database:
    """Connections for writing, one at a time, and for reading beside it."""

    def __init__(self, path: Path, temporary: TemporaryDirectory[str] | None = None) -> None:
        self.path = path
        self._temporary = temporary
        self._writer = _engine(path, begin="BEGIN IMMEDIATE", connections=1)
        self._reader = _engine(path, begin="BEGIN", connections=_READERS)

    @classmethod
    def at(cls, url: str) -> Database:
        """The database of a URL; its folder is made. One in memory is a file that goes with it.

        Raises:
            UnsupportedDatabaseError: the URL is not one of SQLite.
        """
        path = sqlite_path(url)
        if path is None:
            temporary = TemporaryDirectory(prefix="silkline-")
            return cls(Path(temporary.name) / "silkline.db", temporary)
        path.parent.mkdir(parents=True, exist_ok=True)
        return cls(path)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that may write: committed at the end, undone on an exception."""
        async with self._writer.begin() as connection:
            yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A consistent view that never waits for the writer."""
        async with self._reader.connect() as connection:
            yield connection

    async def close(self) -> None:
        """Close every connection."""
        await self._reader.dispose()
        await self._writer.dispose()
        if self._temporary is not None:
            self._temporary.cleanup()


def _engine(path: Path, *, begin: str, connections: int) -> AsyncEngine:
    url = URL.create("sqlite+aiosqlite", database=str(path))
    engine = create_async_engine(url, pool_size=connections, max_overflow=0)
    event.listen(engine.sync_engine, "connect", _prepare)

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        # a deferred transaction that reads before it writes fails at once when another one wrote meanwhile
        connection.exec_driver_sql(begin)

    return engine


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()
