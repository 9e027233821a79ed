"""Beginning again from a copy, without posting again what was due before."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from digests.store import Store
from digests.store.admin.backup import (
    BackupError,
    belongs_to,
    check_database,
    copy_database,
    give_to_owner_of,
)
from digests.store.connections.sqlite import SqliteDatabase
from digests.store.connections.url import sqlite_path
from digests.store.operator_acts import Act
from digests.store.schema.migrate import migrate
from digests.store.schema.versions import MissingDatabaseError


class DatabaseInUseError(RuntimeError):
    """The bot still runs on the database that is to be replaced or settled."""


async def restore(backup: Path, url: str, now: datetime, *, may_create: bool = False) -> int:
    """Replace the database of *url* by a backup in which everything due before *now* is skipped.

    The replaced file stays beside it as ``<name>.replaced``; the new one has its owner and its mode.
    Returns how many deliveries were waiting in the backup and are now on record as skipped.

    Raises:
        BackupError: a file cannot be read or written.
        DamagedBackupError: the backup is no complete database.
        DatabaseInUseError: the bot is running.
        MissingDatabaseError: there is no database to be replaced, and none *may_create* one.
        NewerDatabaseError: a later version wrote the backup.
        UnsupportedDatabaseError: *url* names no SQLite file.
    """
    target = sqlite_path(url)
    if not target.exists() and not may_create:
        raise MissingDatabaseError(f"{target.absolute()}: there is no database to be replaced")
    if belongs_to(target, backup):
        raise BackupError(f"{backup} is the database itself, or a file of its own: give a backup")
    await asyncio.to_thread(check_database, backup)
    prepared = target.with_name(f"{target.name}.restoring")
    try:
        await asyncio.to_thread(copy_database, backup, prepared)
        skipped = await _settle_copy(prepared, now, f"{target.absolute()} from {backup}")
        await asyncio.to_thread(_replace, target, prepared)
    except OSError as error:
        raise BackupError(f"{target}: {error.strerror or error}") from error
    finally:
        prepared.unlink(missing_ok=True)
    return skipped


async def settle_before(store: Store, before: datetime, now: datetime) -> int:
    """Skip everything that was due *before*, as after `restore`, in a database that came back otherwise.

    Returns how many deliveries are now on record as skipped.

    Raises:
        DatabaseInUseError: the bot is running.
    """
    if await store.lease.is_held():
        raise DatabaseInUseError(f"the bot runs on {store.name}: stop it first, or wait 15 s if it just died")
    skipped = await store.outbox.skip_due("due before the database was brought back", before, now)
    await store.due_schedules.reschedule(before, only_due=True)
    await store.held_updates.prune(before)  # what was asked then was answered then
    return skipped


async def _settle_copy(path: Path, now: datetime, detail: str) -> int:
    database = SqliteDatabase(path)
    try:
        await migrate(database)
        store = Store(database)
        await store.lease.free()  # whoever held it when the copy was taken does not hold the copy
        skipped = await settle_before(store, now, now)
        await store.acts.record(Act.RESTORE, detail, now)
    finally:
        await database.close()
    return skipped


def _replace(target: Path, prepared: Path) -> None:
    _leave_wal(prepared)  # what was settled must not stay behind in a log of another name
    if target.exists():
        _leave_wal(target)
        give_to_owner_of(target, prepared)
        shutil.copymode(target, prepared)
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
