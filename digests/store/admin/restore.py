"""Starting again from a backup, without telling anybody what was due before."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from digests.store.admin.backup import check_database, copy_database
from digests.store.connections.database import UnsupportedDatabaseError
from digests.store.connections.sqlite import SqliteDatabase
from digests.store.connections.url import sqlite_path
from digests.store.due_schedules import DueSchedules
from digests.store.lease import Lease
from digests.store.outbox.outbox import Outbox
from digests.store.schema.migrate import migrate


class DatabaseInUseError(RuntimeError):
    """The bot still runs on the database that is to be replaced."""


async def restore(backup: Path, url: str, now: datetime) -> int:
    """Replace the database of *url* by a backup in which everything due before *now* is skipped.

    The replaced file stays beside it as ``<name>.replaced``. Returns how many deliveries were
    waiting in the backup and are now on record as skipped.

    Raises:
        DamagedBackupError: the backup is no complete database.
        DatabaseInUseError: the bot is running.
        NewerDatabaseError: a later version wrote the backup.
        UnsupportedDatabaseError: *url* names no SQLite file.
    """
    target = sqlite_path(url)
    if target is None:
        raise UnsupportedDatabaseError("a database in memory cannot be restored")
    await asyncio.to_thread(check_database, backup)
    prepared = target.with_name(f"{target.name}.restoring")
    try:
        await copy_database(backup, prepared)
        skipped = await _skip_what_was_due(prepared, now)
        await asyncio.to_thread(_replace, target, prepared)
    finally:
        prepared.unlink(missing_ok=True)
    return skipped


async def _skip_what_was_due(path: Path, now: datetime) -> int:
    database = SqliteDatabase(path)
    try:
        await migrate(database)
        lease = Lease(database)
        skipped = await Outbox(database, lease).withdraw_due("due before the backup was restored", now)
        await DueSchedules(database, lease).reschedule(now)
    finally:
        await database.close()
    return skipped


def _replace(target: Path, prepared: Path) -> None:
    if target.exists():
        _leave_wal(target)
        target.replace(target.with_name(f"{target.name}.replaced"))
    prepared.replace(target)


def _leave_wal(path: Path) -> None:
    """Fold the write-ahead log into the file, which SQLite does only for the last one who has it open."""
    try:
        with closing(sqlite3.connect(path, timeout=0)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        raise DatabaseInUseError(f"{path} is in use: stop the bot first") from error
    except sqlite3.DatabaseError:
        # it is damaged, which may be why a backup is wanted; its log belongs to nothing else
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
