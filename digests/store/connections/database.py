"""What a database gives to the store, whichever it is: transactions that write, and views to read."""

from __future__ import annotations

import asyncio
import re
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from sqlalchemy import Engine, Table, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

Insert = postgresql.Insert | sqlite.Insert


#: How long one look at the database may take, whatever hangs (seconds).
_READ_LIMIT = 5.0

#: How long a short transaction may take: less than a handler may (seconds).
_WRITE_LIMIT = 20.0

#: How long closing may take (seconds): a server that hangs does not answer a goodbye.
_CLOSE_LIMIT = 2.0

#: Writes one row, which says nothing but that it could be written.
HEARTBEAT = (
    "INSERT INTO leases (name, holder, epoch, until) VALUES ('heartbeat', '', 0, 0) "
    "ON CONFLICT (name) DO UPDATE SET epoch = 1 - leases.epoch"
)

#: What a server says of a database that refuses to be written or read now. A connection that ends while it
#: is made is a bare `DBAPIError`, none of its kinds.
_TROUBLE = (OSError, TimeoutError, DBAPIError, PoolTimeoutError)

#: What a server says of a value that it would never take; PostgreSQL by a class of its codes.
_OUR_FAULT = (DataError, IntegrityError)
_OUR_CODES = ("22", "23")

#: What drivers say of an error besides: its class, and where SQLAlchemy explains it.
_NOISE = re.compile(r"^(\([\w.]+\) )?(<class '[\w.]+'>: )?")

#: Where instances announce to each other what they changed.
CHANNEL = "silkline"


class UnsupportedDatabaseError(ValueError):
    """The URL names a database that this version cannot use."""


class UnavailableDatabaseError(RuntimeError):
    """The database cannot be reached or opened now; the message is one plain line."""

    is_plain = True  # no fault of ours: its words say all


def is_database_trouble(error: BaseException) -> bool:
    """Whether an error means that the database was away, locked, full or read-only, not that we are wrong."""
    code = str(getattr(getattr(error, "orig", None), "sqlstate", None))
    is_ours = isinstance(error, _OUR_FAULT) or code.startswith(_OUR_CODES)
    return isinstance(error, (UnavailableDatabaseError, *_TROUBLE)) and not is_ours


def reason_of(error: BaseException) -> str:
    """What a driver said, in one line, without SQLAlchemy's wrapping."""
    if isinstance(error, UnavailableDatabaseError):
        return str(error)
    cause = getattr(error, "orig", None) or error
    for each in (cause.__cause__, cause):
        if each is not None and (said := _NOISE.sub("", str(each)).strip()):
            return said.splitlines()[0]
    return "no answer in time" if isinstance(cause, TimeoutError) else type(cause).__name__


@contextmanager
def told_plainly(name: str) -> Iterator[None]:
    """Turn what a driver says of a database into one plain line that names it.

    Raises:
        UnavailableDatabaseError: it cannot be opened, reached, read or written.
    """
    try:
        yield
    except (OSError, SQLAlchemyError, TypeError) as error:
        reason = reason_of(error)
        way_out = " is damaged, restore a backup" if "malformed" in reason else ""
        raise UnavailableDatabaseError(f"{name}{way_out}: {reason}") from error


def _time_statements(engine: Engine, observe: Callable[[float], None]) -> None:
    @event.listens_for(engine, "before_cursor_execute")
    def _begin(*arguments: Any) -> None:
        arguments[4].began_at = time.perf_counter()

    @event.listens_for(engine, "after_cursor_execute")
    def _end(*arguments: Any) -> None:
        observe(time.perf_counter() - arguments[4].began_at)


def insert(connection: AsyncConnection, table: Table) -> Insert:
    """An INSERT that may say what to do about a row that exists already."""
    is_postgresql = connection.dialect.name == "postgresql"
    return postgresql.insert(table) if is_postgresql else sqlite.insert(table)


class Database(ABC):
    """Connections for writing and for reading beside it."""

    def __init__(self, writer: AsyncEngine, reader: AsyncEngine) -> None:
        self._writer = writer
        self._reader = reader

    @property
    @abstractmethod
    def name(self) -> str:
        """Which database it is, for people: without a password."""

    @abstractmethod
    async def exists(self) -> bool:
        """Whether there is anything to open; nothing is made."""

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

    @abstractmethod
    async def write_heartbeat(self) -> None:
        """Write a row, so that it is known whether anything can be written.

        Raises:
            Exception: nothing can; whatever the database says.
        """

    def observe(self, observe: Callable[[float], None]) -> None:
        """Have *observe* given the duration of each statement (seconds)."""
        for engine in {self._writer.sync_engine, self._reader.sync_engine}:
            _time_statements(engine, observe)

    async def damage(self) -> str | None:
        """What a check of the stored bytes finds wrong; None for a database that looks after itself."""
        return None

    @asynccontextmanager
    async def writing(self, *, is_long: bool = False) -> AsyncIterator[AsyncConnection]:
        """A transaction that may write: committed at the end, undone on an exception.

        *is_long*: it may take as long as it needs, since it writes rows for each of many subscribers.

        Raises:
            UnavailableDatabaseError: it took too long.
        """
        async with _answering(None if is_long else _WRITE_LIMIT), self._writer.begin() as connection:
            yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A view of what is committed that never waits for a writer.

        Raises:
            UnavailableDatabaseError: it took too long.
        """
        async with _answering(_READ_LIMIT), self._reader.connect() as connection:
            yield connection

    async def close(self) -> None:
        """Close every connection; one that does not end in time is left."""
        closing = asyncio.ensure_future(self._dispose())
        await asyncio.wait([closing], timeout=_CLOSE_LIMIT)

    async def _dispose(self) -> None:
        # one after the other: SQLite folds its log into the file for the last one, and of two at once none is
        await self._reader.dispose()
        await self._writer.dispose()


@asynccontextmanager
async def _answering(seconds: float | None) -> AsyncIterator[None]:
    """What is done with a database, within so many seconds.

    Raises:
        UnavailableDatabaseError: it took longer.
    """
    try:
        async with asyncio.timeout(seconds) as limit:
            yield
    except TimeoutError as error:
        if not limit.expired():
            raise
        raise UnavailableDatabaseError(f"the database did not answer within {seconds:g} s") from error
