"""PostgreSQL: one pool of connections, and what the server is told on each of them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from sqlalchemy import URL, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from digests.logs.repeated_errors import RepeatedErrors
from digests.store.connections.database import (
    CHANNEL,
    HEARTBEAT,
    Database,
    UnavailableDatabaseError,
    is_database_trouble,
    reason_of,
)
from digests.store.connections.postgresql_options import split_options
from digests.waiting import wait_for_any

log = logging.getLogger(__name__)

_CONNECTIONS = 10

#: How long to wait for a connection, and for any one statement (seconds).
_CONNECT_LIMIT, _STATEMENT_LIMIT = 5.0, 60.0

#: How often the listening connection is tried, and how soon it is made anew (seconds).
_LISTEN_CHECK, _LISTEN_AGAIN = 30.0, 2.0

#: A process that was frozen inside a transaction must not hold its locks against the others.
_SERVER_SETTINGS = {
    "application_name": "silkline",
    "idle_in_transaction_session_timeout": "5000",  # ms
    "jit": "off",  # the statements are short, compiling them is not
    # what is claimed stands in the order of an index; of a broadcast that was queued just now the server's
    # statistics know nothing, and it would read and sort all that waits for each batch
    "enable_sort": "off",
}


class PostgresqlDatabase(Database):
    """A server that several instances share."""

    def __init__(self, url: URL) -> None:
        self._errors = RepeatedErrors(log, is_database_trouble)
        self.url, options = split_options(url.set(drivername="postgresql+asyncpg"))
        engine = create_async_engine(
            self.url,
            pool_size=_CONNECTIONS,
            max_overflow=0,
            hide_parameters=True,  # they hold chat ids and titles, and errors are logged
            pool_pre_ping=True,  # a server that was restarted costs a reconnect, not an answer
            connect_args={
                "timeout": _CONNECT_LIMIT,
                "command_timeout": _STATEMENT_LIMIT,
                "server_settings": _SERVER_SETTINGS,
                **options,
            },
        )
        super().__init__(engine, engine.execution_options(isolation_level="AUTOCOMMIT"))

    @property
    def name(self) -> str:
        """Its address, without the password and the options."""
        return self.url.set(query={}).render_as_string(hide_password=True)

    async def exists(self) -> bool:
        """Whether the server can be reached; what it has must be looked at."""
        await self.prepare()
        return True

    async def prepare(self) -> None:
        """Connect once, so that a wrong address or password is told at the start.

        Raises:
            UnavailableDatabaseError: the server cannot be reached, or refuses.
        """
        try:
            async with self.reading():
                return
        except (OSError, TypeError, ValueError, SQLAlchemyError) as error:
            raise UnavailableDatabaseError(f"{self.name} cannot be reached: {reason_of(error)}") from error

    async def lock(self, connection: AsyncConnection, name: str) -> None:
        """Hold up every other transaction that locks the same *name* until this one ends."""
        await connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(name))))

    async def write_heartbeat(self) -> None:
        """Write a row."""
        async with self.writing() as connection:
            await connection.exec_driver_sql(HEARTBEAT)

    async def listen(self, heard: Callable[[str], None]) -> None:
        """Give *heard* what transactions announce on `CHANNEL`, until cancelled; reconnects by itself."""
        while True:
            try:
                await self._listen(heard)
            except (OSError, SQLAlchemyError) as error:
                self._errors.failed("listening for changes", error)
            await asyncio.sleep(_LISTEN_AGAIN)

    async def _listen(self, heard: Callable[[str], None]) -> None:
        async with self._reader.connect() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            lost = asyncio.Event()
            driver.add_termination_listener(lambda _driver: lost.set())
            try:
                await driver.add_listener(CHANNEL, lambda _driver, _pid, _channel, message: heard(message))
                self._errors.worked("listening for changes")
                while not lost.is_set():
                    await wait_for_any(lost, seconds=_LISTEN_CHECK)
                    await connection.execute(select(1))  # a wire that was cut says nothing by itself
            finally:
                await connection.invalidate()  # it must not go back to the pool with ears
