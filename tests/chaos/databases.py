"""The databases of a run, and what may happen to them."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.integration.replicas import Wire
from tests.integration.test_outages import another_process, fill
from tests.servers import PostgresqlServer

#: Enough for the report, the deliveries and a write-ahead log.
_DISK = "32m"


class SqliteFile:
    """A file, for root on a small disk of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = f"sqlite+aiosqlite:///{folder / 'silkline.db'}"
        self.has_disk = False
        self._one_at_a_time = asyncio.Lock()

    def url_of(self, _instance: int) -> str:
        """How an instance is told it."""
        return self.url

    async def full(self, seconds: float) -> None:
        """Have no room on the disk for a while."""
        if not self.has_disk:
            return
        filler = self.folder / "filler"
        async with self._one_at_a_time:
            await asyncio.to_thread(fill, filler)
            await asyncio.sleep(seconds)
            filler.unlink()

    async def locked(self, seconds: float) -> None:
        """Have another program hold the lock for a while."""
        with closing(another_process(self.folder / "silkline.db")) as other:
            await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
            await asyncio.sleep(seconds)
            other.execute("ROLLBACK")


class PostgresqlDatabase:
    """A database of a real server, which each instance reaches by a wire of its own."""

    def __init__(self, server: PostgresqlServer, url: str, wires: list[Wire], folders: list[Path]) -> None:
        self.url = url
        self._server = server
        self._wires = wires
        self._folders = folders
        self._one_at_a_time = asyncio.Lock()

    def url_of(self, instance: int) -> str:
        """How an instance is told it."""
        return self.url.replace(str(self._server.folder), str(self._folders[instance]))

    async def cut(self, instance: int, seconds: float) -> None:
        """Let nothing through between an instance and the server for a while."""
        self._wires[instance].cut()
        await asyncio.sleep(seconds)
        self._wires[instance].mend()

    async def restart(self, seconds: float) -> None:
        """Have the server crash, be away for a while, and come back."""
        async with self._one_at_a_time:
            await asyncio.to_thread(self._server.stop)
            await asyncio.sleep(seconds)
            await asyncio.to_thread(self._server.start)


@asynccontextmanager
async def sqlite_file(folder: Path) -> AsyncIterator[SqliteFile]:
    """A new file, on a tmpfs where that can be made."""
    disk = folder / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={_DISK}", "tmpfs", str(disk)]
    file = SqliteFile(disk)
    file.has_disk = (
        os.geteuid() == 0 and subprocess.run(mount, capture_output=True, check=False).returncode == 0
    )
    try:
        yield file
    finally:
        if file.has_disk:
            subprocess.run(["umount", "--lazy", str(disk)], check=True)


@asynccontextmanager
async def postgresql_database(server: PostgresqlServer, instances: int) -> AsyncIterator[PostgresqlDatabase]:
    """A new database, and a wire for each instance."""
    # what a crash of the server undoes would be sent twice
    careful = "ALTER SYSTEM SET synchronous_commit = on", "SELECT pg_reload_conf()"
    await asyncio.to_thread(server.execute, *careful)
    with TemporaryDirectory(prefix="wires-") as path:
        folders = [Path(path) / str(number) for number in range(instances)]
        wires = [Wire(server.folder, folder) for folder in folders]
        for wire in wires:
            await wire.start()
        try:
            url = await asyncio.to_thread(server.migrated)
            yield PostgresqlDatabase(server, url, wires, folders)
        finally:
            for wire in wires:
                await wire.close()
