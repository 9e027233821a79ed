"""``silkline publish``, ``deliveries``, ``reports``: for who runs an instance."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta

import click

from bot.cli.parameters import CADENCE, DAY, command_settings
from bot.errors import OperatorError
from bot.startup import loaded_library_holder, make_planner, open_store
from digests.delivery.clock import SystemClock
from digests.inputs.dates.calendar_dates import EARLIEST, LATEST
from digests.pages import Pages
from digests.posts import DeliveryState
from digests.schedules import Cadence, Occasion
from digests.store import Store
from digests.store.operator_acts import Act
from digests.store.outbox.records import DeliveryRecord
from digests.store.reports import UnknownReportError

#: What ended longer ago is listed, but not counted.
_RECENT = timedelta(days=7)

_RETRIED = (DeliveryState.FAILED, DeliveryState.GONE, DeliveryState.UNKNOWN)


@click.command()
@click.option("--date", "day", type=DAY, required=True, help="Such as 2026-05-10.")
@click.option("--cadence", type=CADENCE, required=True)
@click.option("--again", is_flag=True, help="Send it also to those who have it.")
def publish(day: datetime, cadence: str, *, again: bool) -> None:
    """Queue a digest now for its subscribers; the running bot sends it."""
    if not EARLIEST <= day.year <= LATEST:
        raise OperatorError(f"{day:%Y-%m-%d}: the year must be from {EARLIEST} to {LATEST}")
    occasion = Occasion.containing(Cadence(cadence), day.date(), day.weekday())
    asyncio.run(_publish(occasion, again=again))


async def _publish(occasion: Occasion, *, again: bool) -> None:
    settings, now = command_settings(), SystemClock().now()
    async with open_store(settings.database_url) as store:
        library_holder = await loaded_library_holder(store, settings)
        planner = make_planner(store, library_holder, Pages(), settings)
        published = await planner.publish(occasion, now, again=again)
        await store.acts.record(Act.PUBLISH, f"{occasion.key}: {published.queued} queued", now)
        click.echo(f"{store.name}: {occasion.key}: {published.queued} queued, {published.already} had it")


@click.command()
@click.option(
    "--state", type=click.Choice(["pending", "sending", "sent", "skipped", "gone", "failed", "unknown"])
)
@click.option("--retry", is_flag=True, help="Queue them again: those failed, gone or unknown, or of --state.")
def deliveries(state: str | None, *, retry: bool) -> None:
    """Show what was sent, what failed and why."""
    asyncio.run(_deliveries(DeliveryState(state) if state else None, retry=retry))


async def _deliveries(state: DeliveryState | None, *, retry: bool) -> None:
    async with open_store(command_settings().database_url) as store:
        if retry:
            await _retry(store, [state] if state else _RETRIED)
            return
        click.echo(f"{store.name}:")
        summary = await store.outbox.summary(SystemClock().now() - _RECENT)
        told = ", ".join(f"{count} {each}" for each, count in summary.items() if count)
        click.echo(told or "none in the last seven days")
        for record in await store.outbox.list(state):
            click.echo(_line(record))


async def _retry(store: Store, states: Iterable[DeliveryState]) -> None:
    now = SystemClock().now()
    try:
        count = sum([await store.outbox.retry(each, now) for each in states])
    except ValueError as error:
        raise OperatorError(str(error)) from error
    await store.acts.record(Act.RETRY, f"{', '.join(states)}: {count} queued", now)
    click.echo(f"{store.name}: {count} queued again")


def _line(record: DeliveryRecord) -> str:
    thread = f"/{record.address.thread_id}" if record.address.thread_id else ""
    message = f" message {record.message_id}" if record.message_id else ""
    reason = f" ({record.reason})" if record.reason else ""
    when = f"{record.settled_at or record.not_before:%Y-%m-%d %H:%M}Z"
    end = f"{record.address.chat_id}{thread}{message}{reason}"
    return f"{record.id} {when} {record.state} {record.occasion} -> {end}"


@click.group()
def reports() -> None:
    """The stored reports."""


@reports.command()
@click.argument("report_id", metavar="ID")
def withdraw(report_id: str) -> None:
    """Post and list a report no more; a higher revision of it brings it back."""
    asyncio.run(_withdraw(report_id))


async def _withdraw(report_id: str) -> None:
    now, report_id = SystemClock().now(), report_id.encode(errors="replace").decode()
    async with open_store(command_settings().database_url) as store:
        try:
            skipped = await store.reports.withdraw(report_id, now)
        except UnknownReportError as error:
            listed = ", ".join(name for name, _ in await store.reports.listed()) or "none"
            raise OperatorError(f"{store.name}: {error.args[0]}; listed: {listed}") from error
        await store.acts.record(Act.WITHDRAW, report_id, now)
        click.echo(
            f"{store.name}: {report_id} is posted and listed no more, {skipped} deliveries are skipped; "
            "a higher revision brings it back"
        )
