"""Undoing what a clock that was ahead planned, skipped or put off: else nothing is sent until then."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digests.posts import DeliveryState
from digests.schedules import Cadence, Schedule, next_due
from digests.store.schema.tables import deliveries, schedules, subscriptions

#: A schedule whose next instant is not later than this is not ahead; days of a clock change are shorter.
_SOON = {
    Cadence.DAILY: timedelta(hours=20),
    Cadence.WEEKLY: timedelta(days=6.8),
    Cadence.MONTHLY: timedelta(days=27.8),
}

#: What fell due so long ago may still be news, and was perhaps left out: it is planned once more.
_NEWS = timedelta(days=7)

#: No try is put off for longer.
_LONGEST_WAIT = timedelta(hours=1)

#: By so much the clocks of two instances may differ.
_DRIFT = timedelta(minutes=1)

_PENDING, _SKIPPED = DeliveryState.PENDING, DeliveryState.SKIPPED


async def undo_ahead(connection: AsyncConnection, now: datetime, *, was_set_back: bool) -> int:
    """Take back what lies later than *now* and nobody got yet; how many schedules and deliveries that were.

    What arrived stays on record, so that nothing is told twice. If the clock *was_set_back*, all that was put
    off is tried at once: how long it was to wait is not known any more.
    """
    count = await _move_schedules_back(connection, now)
    longest = _DRIFT if was_set_back else _LONGEST_WAIT
    planned = and_(deliveries.c.due_at > now, deliveries.c.stale_at.is_not(None))
    again = {"state": _PENDING, "not_before": now, "settled_at": None, "reason": None}
    # each condition goes by an index: deliveries are many, and mostly nothing is ahead
    for statement in (
        delete(deliveries).where(_waits_until(now), planned),
        delete(deliveries).where(_skipped_after(now), planned),
        update(deliveries).where(_waits_until(now + longest)).values(again),
        update(deliveries).where(_skipped_after(now), _found_stale(now)).values(again),
    ):
        count += (await connection.execute(statement)).rowcount
    late = subscriptions.c.eligible_from > now + _DRIFT
    await connection.execute(update(subscriptions).where(late).values(eligible_from=now))
    return count


async def _move_schedules_back(connection: AsyncConnection, now: datetime) -> int:
    ahead = or_(
        *(
            and_(schedules.c.cadence == cadence, schedules.c.next_due_at > now + soon)
            for cadence, soon in _SOON.items()
        )
    )
    count = 0
    for row in (await connection.execute(select(schedules).where(ahead))).all():
        schedule = Schedule(row.cadence, row.at, row.timezone, row.weekday)
        if next_due(schedule, now).at < row.next_due_at:
            since = next_due(schedule, now - _NEWS).at
            moved = update(schedules).where(schedules.c.id == row.id).values(next_due_at=since)
            count += (await connection.execute(moved)).rowcount
    return count


def _waits_until(later: datetime) -> ColumnElement[bool]:
    """What waits for a time that comes after *later*."""
    return and_(deliveries.c.state == _PENDING, deliveries.c.not_before > later)


def _skipped_after(now: datetime) -> ColumnElement[bool]:
    return and_(deliveries.c.settled_at > now, deliveries.c.state == _SKIPPED)


def _found_stale(now: datetime) -> ColumnElement[bool]:
    """What is called stale before its time."""
    return and_(deliveries.c.stale_at > now, deliveries.c.reason.startswith("stale"))
