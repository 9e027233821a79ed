"""The current time, and what is done every so often. The only place that asks the time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from digests.log_once import RepeatedErrors

log = logging.getLogger(__name__)


#: A busy machine may be so late with a tick, besides a whole pause (seconds).
_LATENESS = 1.0


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


class Ticks:
    """A few named pieces of work, each done at once and then every so many seconds.

    A scheduled job does nothing but wake its own task: so no run overlaps another of its name, none
    is cut off by a shutdown, and an exception costs one run and is logged when it is a new one. The
    scheduler goes by the machine's clock; when that is set back, a steady one notices.
    """

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._wakers: dict[str, asyncio.Event] = {}
        self._pauses: dict[str, float] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = asyncio.Event()
        self._work: dict[str, Callable[[], Awaitable[object]]] = {}
        self._errors = RepeatedErrors(log)

    def every(self, seconds: float, name: str, work: Callable[[], Awaitable[object]]) -> None:
        """Have *work* done every *seconds* under *name*; before `start`."""
        waker = self._wakers[name] = asyncio.Event()
        self._work[name] = work
        self._pauses[name] = seconds

        async def wake() -> None:
            waker.set()

        # a tick that comes late is still a tick, and several missed ones are one
        self._scheduler.add_job(
            wake, "interval", seconds=seconds, id=name, misfire_grace_time=None, coalesce=True
        )

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
        """Tick no more, and wait until what is being done is done."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        self._stopping.set()
        for waker in self._wakers.values():
            waker.set()
        await asyncio.gather(*self._tasks)

    async def _woken(self, name: str, waker: asyncio.Event) -> None:
        pause = self._pauses[name]
        try:
            async with asyncio.timeout(2 * pause + _LATENESS):
                await waker.wait()
        except TimeoutError:
            log.warning("the machine's clock was set back: the tick %r goes on by the new time", name)
            again = datetime.now(UTC) + timedelta(seconds=pause)
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
