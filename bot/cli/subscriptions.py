"""``silkline subscriptions``: JSON Lines in and out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import click

from bot.errors import OperatorError
from bot.settings import Settings, load_settings
from bot.startup import open_store
from digests.delivery.clock import SystemClock
from digests.inputs.subscription_lines import LineDefaults, read_subscription, write_subscription
from digests.schedules import Schedule
from digests.subscriptions import Subscription


def import_file(file: Path) -> None:
    """Import the good lines; name the bad ones and exit 1 when there are any."""
    settings = load_settings()
    read = list(_read(file, settings))
    bad = [each for each in read if isinstance(each, str)]
    good = [each for each in read if not isinstance(each, str)]
    asyncio.run(_put(settings, good))
    click.echo(f"{len(good)} imported")
    for problem in bad:
        click.echo(problem, err=True)
    if bad:
        raise OperatorError(f"{len(bad)} of {len(read)} lines were not imported")


def _read(file: Path, settings: Settings) -> Iterator[Subscription | str]:
    """The subscription of each line, or what is wrong with it."""
    schedule = Schedule(settings.default_cadence, settings.default_time, settings.default_timezone)
    defaults = LineDefaults(schedule, settings.default_language, settings.default_layout)
    today = SystemClock().now().date()
    for number, line in enumerate(file.read_bytes().splitlines(), 1):
        if line.strip():
            try:
                yield read_subscription(line.decode(), defaults, today)
            except ValueError as error:
                yield f"{file}:{number}: {error}"


async def _put(settings: Settings, wanted: list[Subscription]) -> None:
    async with open_store(settings.database_url) as store:
        await store.subscriptions.put_all(wanted, SystemClock().now())


def export_file(file: Path) -> None:
    """Write every subscription."""
    asyncio.run(_export(file, load_settings()))


async def _export(file: Path, settings: Settings) -> None:
    count = 0
    async with open_store(settings.database_url) as store:
        with file.open("w", encoding="utf-8") as lines:
            async for subscription in store.subscriptions.all():
                lines.write(f"{write_subscription(subscription)}\n")
                count += 1
        click.echo(f"{count} exported from {store.name}")
