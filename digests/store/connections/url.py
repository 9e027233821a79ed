"""From the URL of a database to the database."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from digests.store.connections.database import Database, UnsupportedDatabaseError
from digests.store.connections.postgresql import PostgresqlDatabase
from digests.store.connections.sqlite import SqliteDatabase

_SQLITE = frozenset({"sqlite", "sqlite+aiosqlite"})
_POSTGRESQL = frozenset({"postgresql", "postgresql+asyncpg", "postgres"})
_SUPPORTED = "sqlite+aiosqlite:///var/silkline.db or postgresql+asyncpg://user:password@host/database"
_ENCODED = "in a password write @ as %40, / as %2F, : as %3A, # as %23 and % as %25"


def database_at(url: str) -> Database:
    """The database of a URL, not yet prepared; a SQLite URL without a path is one that goes with the process.

    Raises:
        UnsupportedDatabaseError: the URL is neither one of SQLite nor one of PostgreSQL.
    """
    parsed = _parse(url)
    return PostgresqlDatabase(parsed) if parsed.drivername in _POSTGRESQL else SqliteDatabase(_path(parsed))


def sqlite_path(url: str) -> Path:
    """The file that a SQLite URL names.

    Raises:
        UnsupportedDatabaseError: the URL names no file of SQLite.
    """
    parsed = _parse(url)
    if parsed.drivername in _POSTGRESQL:
        raise UnsupportedDatabaseError("this is for SQLite; for PostgreSQL use pg_dump and pg_restore")
    path = _path(parsed)
    if path is None:
        raise UnsupportedDatabaseError("a database in memory cannot be backed up or restored")
    return path


def keeps_nothing(url: str) -> bool:
    """Whether what is stored there is gone when the process ends.

    Raises:
        UnsupportedDatabaseError: the URL is neither one of SQLite nor one of PostgreSQL.
    """
    parsed = _parse(url)
    return parsed.drivername in _SQLITE and _path(parsed) is None


def password_of(url: str) -> str | None:
    """The password in a URL, as the server gets it; None without one."""
    try:
        password = _parse(url).password
    except UnsupportedDatabaseError:
        return None
    return None if password is None else str(password)


def _parse(url: str) -> URL:
    """The parts of a URL; what was given may hold a password, so no message repeats it."""
    try:
        parsed = make_url(url.strip())
    except (ArgumentError, ValueError):
        raise UnsupportedDatabaseError(f"no database URL: write {_SUPPORTED}; {_ENCODED}") from None
    if parsed.drivername not in _SQLITE | _POSTGRESQL:
        raise UnsupportedDatabaseError(f"{parsed.drivername} is not supported: write {_SUPPORTED}")
    if "@" in (parsed.host or ""):
        raise UnsupportedDatabaseError(f"there is more than one @ before the host: {_ENCODED}")
    if parsed.drivername in _SQLITE and (parsed.host or parsed.port):
        raise UnsupportedDatabaseError(
            "the path of a SQLite file begins after three slashes: sqlite+aiosqlite:///var/silkline.db"
        )
    return parsed


def _path(url: URL) -> Path | None:
    return None if url.database in {None, "", ":memory:"} else Path(str(url.database))
