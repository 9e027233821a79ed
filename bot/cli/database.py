"""``silkline db copy``: from one database to another."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack

import click

from bot.errors import OperatorError
from digests.store.admin.copy import CopyRefusedError, Progress, copy_everything
from digests.store.connections.database import UnavailableDatabaseError, UnsupportedDatabaseError
from digests.store.schema.versions import NewerDatabaseError

_REFUSALS = (CopyRefusedError, NewerDatabaseError, UnavailableDatabaseError, UnsupportedDatabaseError)


def copy(source: str, target: str) -> None:
    """Copy everything, with a progress bar in a terminal, and say how much it was."""
    with ExitStack() as shown:

        def begin(total: int) -> Progress:
            return shown.enter_context(click.progressbar(length=total, label="copying")).update

        try:
            count = asyncio.run(copy_everything(source, target, begin))
        except _REFUSALS as error:
            raise OperatorError(f"{error}; nothing was copied") from error
    click.echo(f"{count} rows copied, each table counted on both sides")
