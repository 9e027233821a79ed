"""Consistent copies of a SQLite database, taken while it is in use."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from tempfile import mkstemp

from digests.store.connections.url import sqlite_path


class BackupError(RuntimeError):
    """No copy was made; the message is one plain line that says why."""


class DamagedBackupError(ValueError):
    """The file is no complete database of ours."""


def back_up(url: str, target: Path, now: datetime) -> Path:
    """Copy the database of *url* to *target*, which appears or is replaced when the copy is complete.

    The database is read only, so one of another schema is copied as it is; when it was done is noted
    in a file beside it. Returns the database's path.

    Raises:
        BackupError: the database is missing, the target is the database, or cannot be written.
        DamagedBackupError: the copy did not pass SQLite's check.
        UnsupportedDatabaseError: *url* names no SQLite file.
    """
    source = sqlite_path(url).absolute()
    if not source.exists():
        raise BackupError(f"{source}: there is no database")
    if belongs_to(source, target):
        raise BackupError(f"{target} is the database itself, or a file of its own: give another file")
    copy_database(source, target)
    with suppress(OSError):  # a folder that may not be written: the age of the backup is not known then
        note_of(source).write_text(f"{now.isoformat()}\n", encoding="ascii")
    return source


def belongs_to(database: Path, file: Path) -> bool:
    """Whether a file is the database, by whatever name, or one of those that are kept beside it."""
    beside = (database.with_name(f"{database.name}-{suffix}") for suffix in ("wal", "shm", "journal"))
    return any(
        file.resolve() == own.resolve() or (file.exists() and own.exists() and file.samefile(own))
        for own in (database, *beside, note_of(database))
    )


def note_of(source: Path) -> Path:
    """The file that tells when a database was last backed up."""
    return source.with_name(f"{source.name}.backed-up")


def backed_up_at(source: Path) -> datetime | None:
    """When a database was last backed up; None when nobody knows."""
    try:
        return datetime.fromisoformat(note_of(source).read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return None


def copy_database(source: Path, target: Path) -> None:
    """Copy a database that may be in use; *target* appears, or is replaced, when the copy is complete.

    It belongs to the owner of *source*, and nobody else may read it.

    Raises:
        BackupError: a file cannot be read or written.
        DamagedBackupError: the copy did not pass SQLite's check.
    """
    if target.exists() and not target.is_file():
        raise BackupError(f"{target} is a folder, a device or a pipe: give a file")
    partial = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # a name of its own: another copy to the same place may be under way
        number, name = mkstemp(".partial", f".{target.name}.", target.parent)
        os.close(number)
        partial = Path(name)
        with closing(_read_only(source)) as original, closing(sqlite3.connect(partial)) as copy:
            original.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        check_database(partial)
        give_to_owner_of(source, partial)
        partial.replace(target)
    except OSError as error:
        raise BackupError(f"{target}: {error.strerror or error}") from error
    except sqlite3.Error as error:
        raise BackupError(f"{source} cannot be copied to {target}: {error}") from error
    finally:
        if partial is not None:
            with suppress(OSError):
                partial.unlink(missing_ok=True)


def give_to_owner_of(source: Path, file: Path) -> None:
    """Give a file to who owns *source*, where this process may."""
    owner = source.stat()
    if (owner.st_uid, owner.st_gid) != (os.geteuid(), os.getegid()):
        with suppress(PermissionError):  # only root may give files away
            os.chown(file, owner.st_uid, owner.st_gid)


def check_database(path: Path) -> None:
    """Read a database through.

    Raises:
        DamagedBackupError: it is damaged, or none of ours.
    """
    try:
        with closing(_read_only(path)) as connection:
            found = connection.execute("PRAGMA integrity_check").fetchone()[0]
            orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
            connection.execute("SELECT version_num FROM alembic_version")  # an empty file is a database too
    except sqlite3.DatabaseError as error:
        raise DamagedBackupError(f"{path}: {error}") from error
    if found != "ok" or orphans:
        raise DamagedBackupError(f"{path}: {found if found != 'ok' else 'rows without their parents'}")


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
