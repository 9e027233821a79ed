"""Walking the migrations up and down."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

from digests.store.schema.versions import NewerDatabaseError, schema_version

_MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Walk up to *revision*, in the transaction of *connection*.

    Raises:
        NewerDatabaseError: the database has a migration that this version does not know.
    """
    try:
        command.upgrade(_config(connection), revision)
    except CommandError as error:
        raise NewerDatabaseError("the database", schema_version(connection)) from error


def downgrade(connection: Connection, revision: str) -> None:
    """Walk down to *revision*, in the transaction of *connection*."""
    command.downgrade(_config(connection), revision)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
