"""Which schema a database has."""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

#: The newest migration; a database that has it is opened without loading Alembic.
HEAD = "0005"


class NewerDatabaseError(RuntimeError):
    """The database was written by a later version."""


def schema_version(connection: Connection) -> str | None:
    """The newest migration that a database has; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
