"""SQLite: one writer, a few readers, and what must be told on each connection."""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import URL, event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from digests.store.connections.database import HEARTBEAT, Database, UnavailableDatabaseError

#: How long a connection waits for another process's lock before it gives up.
_LOCK_WAIT_MS = 5000

#: How often, and in which distance (seconds), a new file is asked to keep a log.
_LOG_ATTEMPTS, _LOG_WAIT = 50, 0.1

_READERS = 3

#: How long a heartbeat waits for a lock (seconds): whoever asks for it wants an answer.
_HEARTBEAT_WAIT = 2.0

#: Kinds of mounts, as the kernel names them.
_NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "fuse.sshfs",
     "fuse.glusterfs", "fuse.s3fs", "fuse.rclone"}
)  # fmt: skip

log = logging.getLogger(__name__)

#: FULL, not NORMAL: a claim that a power cut undoes would be sent twice.
_PRAGMAS = (
    f"PRAGMA busy_timeout={_LOCK_WAIT_MS}",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
)


class SqliteDatabase(Database):
    """A file, written by one connection at a time; without a path, one that goes with the process."""

    def __init__(self, path: Path | None) -> None:
        self._temporary = None
        if path is None:
            self._temporary = TemporaryDirectory(prefix="silkline-")
            path = Path(self._temporary.name) / "silkline.db"
        self.path = path
        self._identity: tuple[int, int] | None = None  # of the file that is open: its device and inode
        super().__init__(
            _engine(path, begin="BEGIN IMMEDIATE", connections=1),
            _engine(path, begin="BEGIN", connections=_READERS),
        )

    @property
    def name(self) -> str:
        """The whole path of its file."""
        return str(self.path.absolute())

    async def exists(self) -> bool:
        """Whether the file is there."""
        return self.path.exists()

    async def prepare(self) -> None:
        """Make its folder, and have the file keep a write-ahead log: readers and writer do not wait.

        Raises:
            UnavailableDatabaseError: the file cannot be written, or stays locked.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            await self._keep_log()
            self._identity = self._found()
            if network := self.network_file_system():
                log.warning("%s lies on %s: SQLite is not safe there, use a local disk", self.name, network)
        except (OSError, sqlite3.Error) as error:
            raise UnavailableDatabaseError(f"{self.name} cannot be opened: {error}") from error

    def network_file_system(self) -> str | None:
        """The network file system that the file lies on; None for a disk, or where it cannot be told.

        SQLite's write-ahead log needs memory that all its processes share, which no network gives.
        """
        try:
            mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None
        return _network_file_system(self.path.absolute(), mounts)

    async def _keep_log(self) -> None:
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

    def _found(self) -> tuple[int, int] | None:
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return None
        return status.st_dev, status.st_ino

    def require_file(self) -> None:
        """Make sure that what is open is what stands under the file's name.

        Raises:
            UnavailableDatabaseError: the file was deleted or replaced; what is written is lost at a restart.
        """
        if self._identity is not None and self._found() != self._identity:
            raise UnavailableDatabaseError(f"{self.name} was deleted or replaced: restart the bot")

    @asynccontextmanager
    async def writing(self, *, is_long: bool = False) -> AsyncIterator[AsyncConnection]:
        """A transaction that may write: committed at the end, undone on an exception.

        Raises:
            UnavailableDatabaseError: it took too long, or the file was deleted or replaced.
        """
        self.require_file()
        async with super().writing(is_long=is_long) as connection:
            yield connection

    async def lock(self, connection: AsyncConnection, name: str) -> None:
        """Nothing more to do: a transaction that writes is alone."""

    async def listen(self, heard: Callable[[str], None]) -> None:
        """Nothing to hear: SQLite announces nothing, and whoever cares looks now and then."""

    async def write_heartbeat(self) -> None:
        """Write a row by a connection of its own: one that waits for a lock must not hold up the others.

        Raises:
            UnavailableDatabaseError: the file was deleted or replaced.
        """
        self.require_file()
        await asyncio.to_thread(_write_heartbeat, self.path)

    async def damage(self) -> str | None:
        """What SQLite's own quick check finds wrong, read beside everything else."""
        return await asyncio.to_thread(_damage, self.path)

    async def close(self) -> None:
        """Close every connection."""
        await super().close()
        if self._temporary is not None:
            self._temporary.cleanup()


def _engine(path: Path, *, begin: str, connections: int) -> AsyncEngine:
    url = URL.create("sqlite+aiosqlite", database=str(path))
    engine = create_async_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        hide_parameters=True,  # they hold chat ids and titles, and errors are logged
    )
    event.listen(engine.sync_engine, "connect", _prepare)

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        # a deferred transaction that reads before it writes fails at once when another one wrote meanwhile
        connection.exec_driver_sql(begin)

    @event.listens_for(engine.sync_engine, "invalidate")
    def _undo(connection: Any, _record: Any, _error: Any) -> None:
        # whoever is cancelled while many rows are written leaves a cursor behind, and as long as Python keeps
        # that, a closed connection keeps its transaction, and with it the lock
        with suppress(sqlite3.Error, ValueError):
            connection.rollback()

    return engine


def _network_file_system(path: Path, mounts: str) -> str | None:
    """The kind of the mount that holds *path*, among lines of ``/proc/self/mounts``, if it is a network's."""
    holding = [
        (len(point), kind)
        for _, point, kind, *_ in (line.split() for line in mounts.splitlines())
        if path.is_relative_to(point.replace("\\040", " "))
    ]
    kind = max(holding)[1] if holding else ""
    return kind if kind in _NETWORK_FILE_SYSTEMS else None


def _keep_log(path: Path) -> None:
    os.close(
        os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    )  # a new one is its owner's alone: it holds chats' names
    with closing(sqlite3.connect(path, timeout=0)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")


def _write_heartbeat(path: Path) -> None:
    uri = f"{path.absolute().as_uri()}?mode=rw"  # one that is gone must not be made
    with closing(sqlite3.connect(uri, timeout=_HEARTBEAT_WAIT, isolation_level=None, uri=True)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(HEARTBEAT)
        connection.execute("COMMIT")


def _damage(path: Path) -> str | None:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            found: str = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        return str(error)
    return None if found == "ok" else " ".join(found.split())


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()
