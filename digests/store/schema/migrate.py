"""Bringing a database to the current schema when it is opened."""

from __future__ import annotations

from digests.store.connections.database import Database
from digests.store.schema.versions import HEAD, schema_version


async def migrate(database: Database) -> None:
    """Upgrade to the newest schema; another process that starts at the same time waits.

    Raises:
        NewerDatabaseError: the database has a migration that this version does not know.
        UnavailableDatabaseError: the database cannot be opened or reached.
    """
    await database.prepare()
    async with database.reading() as connection:
        if await connection.run_sync(schema_version) == HEAD:
            return
    from digests.store.schema.alembic_steps import upgrade  # noqa: PLC0415 - slow to load, and rarely needed

    async with database.writing() as connection:
        await database.lock(connection, "migrating")
        await connection.run_sync(upgrade)
