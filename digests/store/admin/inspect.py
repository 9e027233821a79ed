"""A look at a database that changes nothing in it."""

from __future__ import annotations

import os

from digests.store.connections.database import UnavailableDatabaseError
from digests.store.connections.sqlite import SqliteDatabase
from digests.store.connections.url import database_at
from digests.store.schema.versions import HEAD, NewerDatabaseError, schema_version


async def probe(url: str) -> str:
    """What stands at a URL, and what opening it will do, in a few words.

    Raises:
        UnsupportedDatabaseError: the URL is neither one of SQLite nor one of PostgreSQL.
        UnavailableDatabaseError: it cannot be opened, reached or made.
        NewerDatabaseError: a later version wrote it.
    """
    database = database_at(url)
    try:
        if isinstance(database, SqliteDatabase) and not database.path.exists():
            return _new(database)
        async with database.reading() as connection:
            found = await connection.run_sync(schema_version)
    except (OSError, ValueError) as error:
        raise UnavailableDatabaseError(str(error)) from error
    except Exception as error:
        # drivers have errors of their own; the first line says what is wrong
        raise UnavailableDatabaseError(f"{error}".splitlines()[0]) from error
    finally:
        await database.close()
    if found is not None and found > HEAD:
        message = f"the database has schema {found}, which this version does not know"
        raise NewerDatabaseError(f"{message}: run the version that wrote it, or a later one")
    if found == HEAD:
        return f"schema {found}"
    return f"schema {found or 'none yet'}; the start brings it to {HEAD}"


def _new(database: SqliteDatabase) -> str:
    folder = next(parent for parent in database.path.absolute().parents if parent.exists())
    if not os.access(folder, os.W_OK):
        raise UnavailableDatabaseError(f"{database.path} cannot be made: {folder} is not writable")
    return f"{database.path} is not there yet; the start makes it"
