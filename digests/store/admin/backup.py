"""Consistent copies of a SQLite database, and an instance that starts again from one."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path


class DamagedBackupError(ValueError):
    """The file is no complete database of ours."""


async def copy_database(source: Path, target: Path) -> None:
    """Copy a database that may be in use; *target* appears, or is replaced, when the copy is complete.

    Raises:
        DamagedBackupError: the copy did not pass SQLite's check.
    """
    await asyncio.to_thread(_copy, source, target)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(source)) as original, closing(sqlite3.connect(partial)) as copy:
            original.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        check_database(partial)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def check_database(path: Path) -> None:
    """Read a database through.

    Raises:
        DamagedBackupError: it is damaged, or none of ours.
    """
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            found = connection.execute("PRAGMA integrity_check").fetchone()[0]
            orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
            connection.execute("SELECT version_num FROM alembic_version")  # an empty file is a database too
    except sqlite3.DatabaseError as error:
        raise DamagedBackupError(f"{path}: {error}") from error
    if found != "ok" or orphans:
        raise DamagedBackupError(f"{path}: {found if found != 'ok' else 'rows without their parents'}")
