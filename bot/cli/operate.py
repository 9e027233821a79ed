"""``silkline publish``, ``deliveries``, ``backup``, ``restore``: for who runs an instance."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from pathlib import Path

import click

from bot.errors import OperatorError
from bot.settings import load_settings
from bot.startup import loaded_library_holder, make_planner, open_store
from digests.delivery.clock import SystemClock
from digests.delivery.planner import Published
from digests.pages import Pages
from digests.posts import DeliveryState
from digests.schedules import Cadence, Occasion
from digests.store.admin.backup import DamagedBackupError
from digests.store.admin.restore import DatabaseInUseError
from digests.store.admin.restore import restore as restore_database
from digests.store.connections.database import UnsupportedDatabaseError
from digests.store.outbox.records import DeliveryRecord
from digests.store.schema.versions import NewerDatabaseError

#: What ended longer ago is listed, but not counted.
_RECENT = timedelta(days=7)

_RETRIED = (DeliveryState.FAILED, DeliveryState.GONE, DeliveryState.UNKNOWN)


def publish(day: date, cadence: str, *, again: bool) -> None:
    """Queue an occasion and say how many will get it."""
    occasion = Occasion.containing(Cadence(cadence), day, day.weekday())
    published = asyncio.run(_publish(occasion, again=again))
    click.echo(f"{occasion.key}: {published.queued} queued, {published.already} had it")


async def _publish(occasion: Occasion, *, again: bool) -> Published:
    settings = load_settings()
    async with open_store(settings.database_url) as store:
        library_holder = await loaded_library_holder(store, settings)
        planner = make_planner(store, library_holder, Pages(), settings)
        return await planner.publish(occasion, SystemClock().now(), again=again)


def deliveries(state: str | None, *, retry: bool) -> None:
    """Print counts and the newest deliveries; with *retry*, queue again what did not arrive."""
    asyncio.run(_deliveries(DeliveryState(state) if state else None, retry=retry))


async def _deliveries(state: DeliveryState | None, *, retry: bool) -> None:
    async with open_store(load_settings().database_url) as store:
        if retry:
            try:
                states = [state] if state else _RETRIED
                counts = [await store.outbox.retry(each, SystemClock().now()) for each in states]
            except ValueError as error:
                raise OperatorError(str(error)) from error
            click.echo(f"{sum(counts)} queued again")
            return
        summary = await store.outbox.summary(SystemClock().now() - _RECENT)
        told = ", ".join(f"{count} {each}" for each, count in summary.items() if count)
        click.echo(told or "none in the last seven days")
        for record in await store.outbox.list(state):
            click.echo(_line(record))


def _line(record: DeliveryRecord) -> str:
    thread = f"/{record.address.thread_id}" if record.address.thread_id else ""
    message = f" message {record.message_id}" if record.message_id else ""
    reason = f" ({record.reason})" if record.reason else ""
    when = f"{record.settled_at or record.not_before:%Y-%m-%d %H:%M}Z"
    end = f"{record.address.chat_id}{thread}{message}{reason}"
    return f"{record.id} {when} {record.state} {record.occasion} -> {end}"


def backup(file: Path) -> None:
    """Copy the database to *file*."""
    asyncio.run(_backup(file))
    click.echo(f"{file}: {file.stat().st_size} bytes")


async def _backup(file: Path) -> None:
    try:
        async with open_store(load_settings().database_url) as store:
            await store.backup(file)
    except (DamagedBackupError, UnsupportedDatabaseError) as error:
        raise OperatorError(str(error)) from error


def restore(file: Path) -> None:
    """Replace the database by *file*; nothing that was due before now will be sent."""
    try:
        skipped = asyncio.run(restore_database(file, load_settings().database_url, SystemClock().now()))
    except (DamagedBackupError, DatabaseInUseError, NewerDatabaseError, UnsupportedDatabaseError) as error:
        raise OperatorError(str(error)) from error
    click.echo(f"restored from {file}: {skipped} deliveries that were due before now are skipped")
