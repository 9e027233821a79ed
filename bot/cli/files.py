"""Files that commands write: whole or not at all, and never over what they read from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from bot.errors import OperatorError
from digests.store.admin.backup import belongs_to
from digests.store.connections.database import UnsupportedDatabaseError
from digests.store.connections.url import sqlite_path


def refuse_own_database(file: Path, database_url: str) -> None:
    """See to it that a command does not write over the database that it reads.

    Raises:
        OperatorError: *file* is the database, or one of the files beside it.
    """
    try:
        database = sqlite_path(database_url)
    except UnsupportedDatabaseError:
        return
    if belongs_to(database, file):
        raise OperatorError(f"{file} belongs to the database that is read: name another file")


@contextmanager
def whole_file(file: Path) -> Iterator[TextIO]:
    """A file for text that takes the place of *file* when all is written; on an error *file* stays as it is.

    Raises:
        OSError: it cannot be written; names the file.
    """
    # a device or a pipe has no place to be taken
    partial = file if file.exists() and not file.is_file() else file.with_name(f".{file.name}.partial")
    try:
        with partial.open("w", encoding="utf-8") as lines:
            yield lines
        if partial != file:
            partial.replace(file)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(file)) from error
    finally:
        if partial != file:
            partial.unlink(missing_ok=True)
