"""PostgreSQL: one pool of connections, and what the server is told on each of them."""

from __future__ import annotations

from sqlalchemy import URL, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from digests.store.database import Database, UnavailableDatabaseError

_CONNECTIONS = 10

#: How long to wait for a connection, and for any one statement (seconds).
_CONNECT_LIMIT, _STATEMENT_LIMIT = 5.0, 60.0

#: A process that was frozen inside a transaction must not hold its locks against the others.
_SERVER_SETTINGS = {
    "application_name": "silkline",
    "idle_in_transaction_session_timeout": "5000",  # ms
    "jit": "off",  # the statements are short, compiling them is not
}


class PostgresqlDatabase(Database):
    """A server that several instances share."""

    def __init__(self, url: URL) -> None:
        self.url = url.set(drivername="postgresql+asyncpg")
        engine = create_async_engine(
            self.url,
            pool_size=_CONNECTIONS,
            max_overflow=0,
            pool_pre_ping=True,  # a server that was restarted costs a reconnect, not an answer
            connect_args={
                "timeout": _CONNECT_LIMIT,
                "command_timeout": _STATEMENT_LIMIT,
                "server_settings": _SERVER_SETTINGS,
            },
        )
        super().__init__(engine, engine.execution_options(isolation_level="AUTOCOMMIT"))

    async def prepare(self) -> None:
        """Connect once, so that a wrong address or password is told at the start.

        Raises:
            UnavailableDatabaseError: the server cannot be reached, or refuses.
        """
        try:
            async with self.reading():
                return
        except (OSError, TypeError, ValueError, SQLAlchemyError) as error:
            where = self.url.render_as_string(hide_password=True)
            raise UnavailableDatabaseError(f"{where} cannot be reached: {_reason(error)}") from error

    async def lock(self, connection: AsyncConnection, name: str) -> None:
        """Hold up every other transaction that locks the same *name* until this one ends."""
        await connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(name))))


def _reason(error: Exception) -> str:
    """The first line of what the driver said, without SQLAlchemy's wrapping."""
    cause = getattr(error, "orig", None) or error
    return (str(cause.__cause__ or cause) or type(cause).__name__).splitlines()[0]
