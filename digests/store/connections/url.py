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


def database_at(url: str) -> Database:
    """The database of a URL, not yet prepared.

    Raises:
        UnsupportedDatabaseError: the URL is neither one of SQLite nor one of PostgreSQL.
    """
    parsed = _parse(url)
    return PostgresqlDatabase(parsed) if parsed.drivername in _POSTGRESQL else SqliteDatabase(_path(parsed))


def sqlite_path(url: str) -> Path | None:
    """The file that a SQLite URL names; None for a database in memory.

    Raises:
        UnsupportedDatabaseError: the URL is not one of SQLite.
    """
    parsed = _parse(url)
    if parsed.drivername in _POSTGRESQL:
        raise UnsupportedDatabaseError("this is for SQLite; for PostgreSQL use pg_dump and pg_restore")
    return _path(parsed)


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # what was given may hold a password, so it is not repeated
        raise UnsupportedDatabaseError(f"no database URL: write {_SUPPORTED}") from None
    if parsed.drivername not in _SQLITE | _POSTGRESQL:
        raise UnsupportedDatabaseError(f"{parsed.drivername} is not supported: write {_SUPPORTED}")
    return parsed


def _path(url: URL) -> Path | None:
    return None if url.database in {None, "", ":memory:"} else Path(str(url.database))
