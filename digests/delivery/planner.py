"""Turning due schedules into deliveries: each occasion composed once, nothing planned twice."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from digests.logs.repeated_errors import RepeatedErrors
from digests.posts import Audience, Post, is_stale
from digests.schedules import Cadence, Due, Occasion, next_due, stale_at
from digests.store import Store
from digests.store.connections.database import is_database_trouble
from digests.store.due_schedules import DueSchedule, PlannedOccasion
from digests.subscriptions import Address

log = logging.getLogger(__name__)

#: Of what was missed, so much is put on record, a dozen posts; of a clock that leaped by years, all would be
#: a row for each subscriber and day.
_ON_RECORD = {
    Cadence.DAILY: timedelta(days=12),
    Cadence.WEEKLY: timedelta(days=84),
    Cadence.MONTHLY: timedelta(days=366),
}


#: A clock that shows an earlier time has not been set yet: machines without a battery begin in 1970 or 2000.
_SET_SINCE = datetime(2010, 1, 1, tzinfo=UTC)


#: In so many rounds what a clock ahead did is undone: what it had claimed is given back a while later.
_LOOKS_BACK = 5


class Composer(Protocol):
    """Whoever writes the posts."""

    def compose(self, occasion: Occasion, audience: Audience) -> Post | None:
        """The post of an occasion; None when there is nothing for anybody."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What a round of planning did."""

    schedules: int = 0
    queued: int = 0
    skipped: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Published:
    """How many deliveries were queued, and how many subscribers had theirs already."""

    queued: int
    already: int


class Planner:
    """Plans what is due, and publishes on request."""

    def __init__(self, store: Store, composer: Composer, max_lateness: timedelta | None = None) -> None:
        self._due_schedules = store.due_schedules
        self._composer = composer
        self._max_lateness = max_lateness
        self._errors = RepeatedErrors(log, is_database_trouble)
        self._planned_at: datetime | None = None
        self._term: int | None = None
        self._looks_back = 0  # rounds that still undo what a clock ahead did

    async def plan(self, now: datetime) -> Planned:
        """Write the deliveries of every schedule that is due.

        Each schedule is one transaction, so whoever plans at the same time finds nothing left to
        do. One that cannot be planned is logged, tried again in the next round and stops no other.
        """
        if not await self._believes(now):
            return Planned()
        planned = queued = skipped = failed = 0
        due = await self._due_schedules.due(now)
        composed = _Composed(self._composer, await self._due_schedules.audiences() if due else ())
        for schedule in due:
            try:
                counts = await self._plan(schedule, composed, now)
            except Exception as error:  # noqa: BLE001 - one schedule must not hold up the others
                self._errors.failed(f"planning {schedule.schedule}", error)
                failed += 1
                continue
            self._errors.worked(f"planning {schedule.schedule}")
            planned, queued, skipped = planned + 1, queued + counts[0], skipped + counts[1]
        return Planned(planned, queued, skipped, failed)

    async def _believes(self, now: datetime) -> bool:
        """Whether the clock may be right; what it did while ahead, or another planner's, is undone."""
        if now < _SET_SINCE:
            return False
        term = self._due_schedules.term
        if self._planned_at is not None and now < self._planned_at:
            self._looks_back = _LOOKS_BACK
        was_set_back = self._looks_back > 0
        self._looks_back = max(0, self._looks_back - 1)
        if self._planned_at is None or was_set_back or term != self._term:
            undone = await self._due_schedules.undo_ahead(now, was_set_back=was_set_back)
            if undone:
                log.warning("the clock was ahead: %s schedules and deliveries are taken back", undone)
        self._planned_at, self._term = now, term
        return True

    async def _plan(self, schedule: DueSchedule, composed: _Composed, now: datetime) -> tuple[int, int]:
        tellings = []
        due = self._first_due(schedule, now)
        while due.at <= now:
            stale = stale_at(schedule.schedule, due.occasion, self._max_lateness)
            tellings.append(PlannedOccasion(due, stale, is_stale(stale, now), composed.posts(due.occasion)))
            due = next_due(schedule.schedule, due.at)
            await asyncio.sleep(0)  # after a downtime there are several, and others want to be answered
        return await self._due_schedules.record(schedule, tellings, due.at, now)

    def _first_due(self, schedule: DueSchedule, now: datetime) -> Due:
        earliest = max(schedule.next_due_at, now - _ON_RECORD[schedule.schedule.cadence])
        return next_due(schedule.schedule, earliest - timedelta.resolution)

    async def publish(
        self, occasion: Occasion, now: datetime, *, again: bool = False, address: Address | None = None
    ) -> Published:
        """Queue an occasion now for the subscribers of its cadence, or for one *address* of them.

        It goes under the occasion's own key: who has it does not get it twice unless *again*, and
        the scheduled post finds it done. It never gets stale.
        """
        posts = _Composed(self._composer, await self._due_schedules.audiences()).posts(occasion)
        return Published(
            *await self._due_schedules.publish(occasion, posts, now, again=again, address=address)
        )

    async def rebuild(self, now: datetime) -> None:
        """Take up planning at *now* after the clock was moved back, as if nothing later had happened."""
        await self._due_schedules.forget_after(now)
        await self._due_schedules.reschedule(now)


class _Composed:
    """The posts of one round, each composed once however many schedules tell it."""

    def __init__(self, composer: Composer, audiences: tuple[Audience, ...]) -> None:
        self._composer = composer
        self._audiences = audiences
        self._posts: dict[str, Mapping[Audience, Post]] = {}

    def posts(self, occasion: Occasion) -> Mapping[Audience, Post]:
        """The posts of an occasion, by whom they are for."""
        if occasion.key not in self._posts:
            composed = {audience: self._composer.compose(occasion, audience) for audience in self._audiences}
            self._posts[occasion.key] = {audience: post for audience, post in composed.items() if post}
        return self._posts[occasion.key]
