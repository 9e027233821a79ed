"""A look at a database that changes nothing in it."""

from __future__ import annotations

import os

from digests.store.connections.database import UnavailableDatabaseError
from digests.store.connections.sqlite import SqliteDatabase
from digests.store.connections.url import database_at
from digests.store.schema.migrate import version_of
from digests.store.schema.versions import HEAD


async def probe(url: str) -> str:
    """What stands at a URL, and what opening it will do, in a few words.

    Raises:
        UnsupportedDatabaseError: the URL is neither one of SQLite nor one of PostgreSQL.
        UnavailableDatabaseError: it cannot be opened, reached or made, or is damaged.
        NewerDatabaseError: a later version wrote it.
    """
    database = database_at(url)
    try:
        if isinstance(database, SqliteDatabase) and not database.path.exists():
            return _new(database)
        found = await version_of(database)
        damage = await database.damage()
        network = database.network_file_system() if isinstance(database, SqliteDatabase) else None
    finally:
        await database.close()
    if isinstance(database, SqliteDatabase):
        _refuse_unwritable(database)
    if damage is not None:
        raise UnavailableDatabaseError(f"{database.name} is damaged, restore a backup: {damage}")
    on_network = f"; it lies on {network}, where its write-ahead log is not safe" if network else ""
    if found == HEAD:
        return f"{database.name}, schema {found}{on_network}"
    return f"{database.name}, schema {found or 'none yet'}; the start brings it to {HEAD}{on_network}"


def _refuse_unwritable(database: SqliteDatabase) -> None:
    # the write-ahead log is made beside the file
    for path in (database.path, database.path.absolute().parent):
        if not os.access(path, os.W_OK):
            raise UnavailableDatabaseError(f"{database.name} cannot be written: {path} is not writable")


def _new(database: SqliteDatabase) -> str:
    folder = next(parent for parent in database.path.absolute().parents if parent.exists())
    if not folder.is_dir():
        raise UnavailableDatabaseError(f"{database.path} cannot be made: {folder} is no folder")
    if not os.access(folder, os.W_OK):
        raise UnavailableDatabaseError(f"{database.path} cannot be made: {folder} is not writable")
    return f"{database.path} is not there yet; the start makes it"
