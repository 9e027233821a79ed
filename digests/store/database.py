"""The database: one writer, a few readers, and what SQLite must be told on each connection."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import URL, Table, event
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

#: How long a connection waits for another process's lock before it gives up.
_LOCK_WAIT_MS = 5000

#: How often, and in which distance (seconds), a new file is asked to keep a log.
_LOG_ATTEMPTS, _LOG_WAIT = 50, 0.1

_READERS = 3

#: FULL, not NORMAL: a claim that a power cut undoes would be sent twice.
_PRAGMAS = (
    f"PRAGMA busy_timeout={_LOCK_WAIT_MS}",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
)


class UnsupportedDatabaseError(ValueError):
    """The URL names a database that this version cannot use."""


def insert(table: Table) -> Insert:
    """An INSERT that may say what to do about a row that exists already."""
    return sqlite_insert(table)


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

    async def keep_log(self) -> None:
        """Have the file keep a write-ahead log, so that readers and the writer do not wait for each other.

        Raises:
            sqlite3.OperationalError: the file cannot be written, or stays locked.
        """
        # SQLite refuses at once when two instances do this to a new file at the same time
        for _ in range(_LOG_ATTEMPTS):
            try:
                return await asyncio.to_thread(_keep_log, self.path)
            except sqlite3.OperationalError as error:
                if "locked" not in str(error):
                    raise
                failure = error
                await asyncio.sleep(_LOG_WAIT)
        raise failure

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


def _keep_log(path: Path) -> None:
    with closing(sqlite3.connect(path, timeout=0)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()
