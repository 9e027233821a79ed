"""Bringing a database to the current schema, and refusing one that has another."""

from __future__ import annotations

from digests.store.connections.database import Database, told_plainly
from digests.store.schema.versions import (
    HEAD,
    MissingDatabaseError,
    NewerDatabaseError,
    OlderDatabaseError,
    schema_version,
)


async def migrate(database: Database) -> None:
    """Make the database if there is none, and upgrade it; another process that starts meanwhile waits.

    Raises:
        NewerDatabaseError: the database has a migration that this version does not know.
        UnavailableDatabaseError: the database cannot be opened or reached.
    """
    await database.prepare()
    if await version_of(database) == HEAD:
        return
    from digests.store.schema.alembic_steps import upgrade  # noqa: PLC0415 - slow to load, and rarely needed

    with told_plainly(database.name):
        async with database.writing(is_long=True) as connection:
            await database.lock(connection, "migrating")
            await connection.run_sync(upgrade)


async def require_current(database: Database) -> None:
    """Make sure that the database is there and has this version's schema; nothing in it is changed.

    Raises:
        MissingDatabaseError: there is none.
        OlderDatabaseError: an earlier version wrote it.
        NewerDatabaseError: a later version wrote it.
        UnavailableDatabaseError: it cannot be opened or reached.
    """
    found = await version_of(database)
    if found is None:
        raise MissingDatabaseError(f"{database.name}: there is no database of Silkline")
    if found < HEAD:
        raise OlderDatabaseError(f"{database.name} has schema {found}, and this version needs {HEAD}")


async def version_of(database: Database) -> str | None:
    """The schema of a database; None where there is none.

    Raises:
        NewerDatabaseError: a later version wrote it.
        UnavailableDatabaseError: it cannot be opened or reached.
    """
    if not await database.exists():
        return None
    with told_plainly(database.name):
        async with database.reading() as connection:
            found = await connection.run_sync(schema_version)
    if found is not None and found > HEAD:
        raise NewerDatabaseError(database.name, found)
    return found
