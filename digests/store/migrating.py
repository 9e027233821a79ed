"""Bringing a database to the current schema when it is opened."""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

from digests.store.database import Database

#: The newest migration; a database that has it is opened without loading Alembic.
HEAD = "0004"


async def migrate(database: Database) -> None:
    """Upgrade to the newest schema; another process that starts at the same time waits.

    Raises:
        NewerDatabaseError: the database has a migration that this version does not know.
    """
    await database.keep_log()
    async with database.reading() as connection:
        if await connection.run_sync(schema_version) == HEAD:
            return
    from digests.store.alembic_steps import upgrade  # noqa: PLC0415 - slow to load, and rarely needed

    async with database.writing() as connection:
        await connection.run_sync(upgrade)


def schema_version(connection: Connection) -> str | None:
    """The newest migration that a database has; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
