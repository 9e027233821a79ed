"""``silkline subscriptions``: JSON Lines in and out."""

from __future__ import annotations

import asyncio
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from pathlib import Path

import click

from bot.cli.files import refuse_own_database, whole_file
from bot.cli.parameters import FILE, command_settings
from bot.errors import OperatorError
from bot.setting_values import IS_UTF16
from bot.settings import Settings
from bot.startup import open_store
from digests.delivery.clock import SystemClock
from digests.inputs.subscription_lines import LineDefaults, read_subscription, write_subscription
from digests.schedules import Schedule
from digests.subscriptions import Subscription

#: A million subscriptions have fewer bytes.
_LONGEST = 256 * 1024 * 1024


@click.group()
def subscriptions() -> None:
    """All subscriptions as JSON Lines."""


@subscriptions.command("import")
@click.argument("file", type=FILE)
def import_file(file: Path) -> None:
    """Add or change subscriptions, one a line; a bad line is named and the rest is imported."""
    settings = command_settings()
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
    for number, line in enumerate(_content(file).splitlines(), 1):
        if line.strip():
            try:
                yield read_subscription(line.decode(), defaults, today)
            except ValueError as error:
                yield f"{file}:{number}: {error}"


def _content(file: Path) -> bytes:
    """What stands in a file of UTF-8, without the byte-order mark that some editors write.

    Raises:
        OperatorError: it is UTF-16, or longer than any list of subscriptions.
    """
    with file.open("rb") as source:
        content = source.read(_LONGEST + 1)
    if len(content) > _LONGEST:
        raise OperatorError(f"{file}: more than {_LONGEST} bytes; nothing was imported")
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        raise OperatorError(f"{file}: {IS_UTF16}; nothing was imported")
    return content.removeprefix(BOM_UTF8)


async def _put(settings: Settings, wanted: list[Subscription]) -> None:
    async with open_store(settings.database_url) as store:
        await store.subscriptions.put_all(wanted, SystemClock().now())


@subscriptions.command("export")
@click.argument("file", type=FILE)
def export_file(file: Path) -> None:
    """Write every subscription, one a line."""
    settings = command_settings()
    refuse_own_database(file, settings.database_url)
    asyncio.run(_export(file, settings))


async def _export(file: Path, settings: Settings) -> None:
    count = 0
    async with open_store(settings.database_url) as store:
        with whole_file(file) as lines:
            async for subscription in store.subscriptions.all():
                lines.write(f"{write_subscription(subscription)}\n")
                count += 1
        click.echo(f"{count} exported from {store.name}")
