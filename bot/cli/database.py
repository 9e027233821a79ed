"""``silkline db``: upgrade, settle, copy, acts; and ``silkline backup`` and ``restore``."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import click

from bot.cli.parameters import FILE, command_settings
from bot.errors import OperatorError
from bot.startup import open_store
from digests.delivery.clock import SystemClock
from digests.store.admin.backup import BackupError, DamagedBackupError, back_up
from digests.store.admin.copy import CopyRefusedError, Progress, copy_everything
from digests.store.admin.restore import DatabaseInUseError, settle_before
from digests.store.admin.restore import restore as restore_database
from digests.store.connections.database import UnavailableDatabaseError, UnsupportedDatabaseError
from digests.store.connections.url import sqlite_path
from digests.store.operator_acts import Act
from digests.store.schema.versions import HEAD, MissingDatabaseError, SchemaError

_REFUSALS = (
    BackupError, CopyRefusedError, DamagedBackupError, DatabaseInUseError, SchemaError,
    UnavailableDatabaseError, UnsupportedDatabaseError,
)  # fmt: skip


@click.group()
def db() -> None:
    """The database as a whole."""


@db.command()
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
def copy(source: str, target: str) -> None:
    """Copy everything into an empty database; both are URLs as in DATABASE_URL. Stop the bot first."""
    with ExitStack() as shown:

        def begin(total: int) -> Progress:
            return shown.enter_context(click.progressbar(length=total, label="copying")).update

        try:
            count = asyncio.run(copy_everything(source, target, begin))
        except _REFUSALS as error:
            raise OperatorError(f"{error}; nothing was copied") from error
    click.echo(f"{count} rows copied, each table counted on both sides")


@db.command()
def upgrade() -> None:
    """Make the database, or bring it to this version's schema; a start does the same."""
    click.echo(f"{asyncio.run(_upgrade())}: schema {HEAD}")


async def _upgrade() -> str:
    async with open_store(command_settings().database_url, may_migrate=True) as store:
        return store.name


@db.command()
@click.option("--before", required=True, help="Such as 2026-05-10T09:00:00Z, or now.")
def settle(before: str) -> None:
    """Skip what was due before, in a database that came back by pg_restore or a snapshot.

    Stop the bot first.
    """
    now = SystemClock().now()
    try:
        instant = now if before.lower() == "now" else datetime.fromisoformat(before)
        instant = instant.replace(tzinfo=instant.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        raise OperatorError(f"{before!r} is no instant: write 2026-05-10T09:00:00Z, or now") from None
    if instant > now:
        raise OperatorError(f"{before} is still to come: what is due by then would never be posted")
    asyncio.run(_settle(instant, now))


async def _settle(before: datetime, now: datetime) -> None:
    async with open_store(command_settings().database_url) as store:
        try:
            skipped = await settle_before(store, before, now)
        except DatabaseInUseError as error:
            raise OperatorError(str(error)) from error
        await store.acts.record(Act.SETTLE, f"before {before.isoformat()}: {skipped} skipped", now)
        click.echo(
            f"{store.name}: {skipped} deliveries that were due before {before.isoformat()} are skipped"
        )


@db.command()
def acts() -> None:
    """Show what operators did: publish, reload, retry, restore, settle, withdraw."""
    asyncio.run(_acts())


async def _acts() -> None:
    async with open_store(command_settings().database_url) as store:
        for act in await store.acts.latest():
            click.echo(f"{act.at:%Y-%m-%d %H:%M:%S}Z {act.actor}: {act.act} {act.detail}")


@click.command()
@click.argument("file", type=FILE)
def backup(file: Path) -> None:
    """Copy the database consistently while the bot runs, and check the copy."""
    try:
        source = back_up(command_settings().database_url, file, SystemClock().now())
    except _REFUSALS as error:
        raise OperatorError(str(error)) from error
    click.echo(f"{source} -> {file}: {file.stat().st_size} bytes, checked")


@click.command()
@click.argument("file", type=FILE)
@click.option("--new", "may_create", is_flag=True, help="There is no database yet that would be replaced.")
def restore(file: Path, *, may_create: bool) -> None:
    """Begin again from a copy; what was due before now is skipped."""
    url, now = command_settings().database_url, SystemClock().now()
    try:
        skipped = asyncio.run(restore_database(file, url, now, may_create=may_create))
    except MissingDatabaseError as error:
        raise OperatorError(f"DATABASE_URL: {error}; add --new to begin one") from error
    except _REFUSALS as error:
        raise OperatorError(str(error)) from error
    target = sqlite_path(url).absolute()
    click.echo(f"{target}: restored from {file}; {skipped} deliveries that were due before now are skipped")
