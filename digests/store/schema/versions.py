"""Which schema a database has."""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

#: The newest migration; a database that has it is opened without loading Alembic.
HEAD = "0008"


class SchemaError(RuntimeError):
    """A database is not one that this version can work on; the message is one plain line that names it."""


class MissingDatabaseError(SchemaError):
    """There is no database."""


class OlderDatabaseError(SchemaError):
    """The database was written by an earlier version, and only a start or an upgrade changes that."""


class NewerDatabaseError(SchemaError):
    """The database was written by a later version."""

    def __init__(self, name: str, found: str | None) -> None:
        super().__init__(
            f"{name} has schema {found}, which this version does not know: "
            "run the version that wrote it, or a later one"
        )


def schema_version(connection: Connection) -> str | None:
    """The newest migration that a database has; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
