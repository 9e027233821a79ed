"""The current time, and what is done every so often. The only place that asks the time."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from digests.logs.repeated_errors import RepeatedErrors
from digests.store.connections.database import is_database_trouble

log = logging.getLogger(__name__)


#: A busy machine may be so late with a tick, besides a whole pause (seconds).
_LATENESS = 1.0

#: How far a clock may drift between two looks without having been set (seconds).
_SLACK = 60.0

#: How long a stop waits for what is being done (seconds).
_STOP_LIMIT = 3.0


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The current instant, aware, in UTC."""


class SystemClock:
    """The time of the machine."""

    def now(self) -> datetime:
        """The current instant, in UTC."""
        return datetime.now(UTC)


class ShiftedClock:
    """A clock that can be set; it goes on from there at the pace of the machine's."""

    def __init__(self) -> None:
        self._offset = timedelta()

    def now(self) -> datetime:
        """The instant that this clock shows, in UTC."""
        return datetime.now(UTC) + self._offset

    def set(self, to: datetime) -> None:
        """Make it show *to*, which must be aware."""
        self._offset = to - datetime.now(UTC)


class LeapDetector:
    """Compares a clock with the machine's steady one: what cannot be taken back waits while it leaps."""

    def __init__(self, now: Callable[[], datetime], steady: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._steady = steady
        self._last: tuple[datetime, float] | None = None

    def may_have_leaped(self) -> bool:
        """Whether the clock was set since the last look, or nobody looked yet."""
        now, steady, last = self._now(), self._steady(), self._last
        self._last = now, steady
        if last is None:
            return True
        return abs((now - last[0]).total_seconds() - (steady - last[1])) > _SLACK


class _Every(BaseTrigger):  # type: ignore[misc]  # APScheduler carries no types
    """Fires every so many seconds; what was missed while the clock leaped or the machine slept is one firing.

    APScheduler lists every missed run of its own interval trigger before it merges them: for ten
    years of a three-second tick a hundred million.
    """

    def __init__(self, seconds: float) -> None:
        self._pause = timedelta(seconds=seconds)

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """The next firing after *previous*; one that would lie in the past is left out."""
        due = (previous or now) + self._pause
        return due if due > now else now + self._pause


class Ticks:
    """A few named pieces of work, each done at once and then every so many seconds.

    APScheduler is only the timer: a job does nothing but wake the task of its name. So no run
    overlaps another of its name, none is cut off by a shutdown, one that is asked for during a run
    follows it, and an exception costs one run and is logged when it is a new one. The scheduler
    goes by the machine's clock; when that is set back, a steady one notices.
    """

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._wakers: dict[str, asyncio.Event] = {}
        self._pauses: dict[str, float] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = asyncio.Event()
        self._work: dict[str, Callable[[], Awaitable[object]]] = {}
        self._errors = RepeatedErrors(log, is_database_trouble)

    def every(self, seconds: float, name: str, work: Callable[[], Awaitable[object]]) -> None:
        """Have *work* done every *seconds* under *name*; before `start`."""
        waker = self._wakers[name] = asyncio.Event()
        self._work[name] = work
        self._pauses[name] = seconds

        async def wake() -> None:
            waker.set()

        # a tick that comes late is still a tick
        self._scheduler.add_job(wake, _Every(seconds), id=name, misfire_grace_time=None)

    def start(self) -> None:
        """Begin ticking; each work is done once at once."""
        self._scheduler.start()
        for name, waker in self._wakers.items():
            waker.set()
            self._tasks.append(asyncio.create_task(self._live(name, waker), name=f"tick {name}"))

    def wake(self, name: str) -> None:
        """Have the work of this name done now."""
        self._wakers[name].set()

    async def stop(self) -> None:
        """Tick no more, and wait until what is being done is done; what takes long is cut off."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        self._stopping.set()
        for waker in self._wakers.values():
            waker.set()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=_STOP_LIMIT)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _woken(self, name: str, waker: asyncio.Event) -> None:
        pause = self._pauses[name]
        try:
            async with asyncio.timeout(2 * pause + _LATENESS):
                await waker.wait()
        except TimeoutError:
            now = datetime.now(UTC)
            planned = self._scheduler.get_job(name).next_run_time
            if planned - now > timedelta(seconds=pause):
                log.warning("the machine's clock was set back: the tick %r goes on by the new time", name)
            else:
                log.info("the process stood still: the tick %r is late and goes on", name)
            again = now + timedelta(seconds=pause)
            self._scheduler.modify_job(name, next_run_time=again)

    async def _live(self, name: str, waker: asyncio.Event) -> None:
        while True:
            await self._woken(name, waker)
            if self._stopping.is_set():
                return
            waker.clear()
            try:
                await self._work[name]()
            except Exception as error:  # noqa: BLE001 - whatever it is, the tick lives on
                self._errors.failed(f"the tick {name!r}", error)
            else:
                self._errors.worked(f"the tick {name!r}")
