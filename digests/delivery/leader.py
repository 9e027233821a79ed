"""Doing what only one of several instances may do: planning and sending, while the lease is held."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from digests.logs.repeated_errors import RepeatedErrors
from digests.store.connections.database import is_database_trouble, reason_of
from digests.store.lease import Lease
from digests.waiting import finish_unless, wait_for_any

log = logging.getLogger(__name__)

#: Renewed three times before it ends, so that one slow answer of the database changes nothing.
_RENEWALS = 3

#: How often whoever does not hold the lease looks whether it is free (seconds).
_LOOK_EVERY = 1.0

#: How long the work of a term may take to end, calls in flight included (seconds).
_LONGEST_END = 6.0

#: How long giving the lease up may take: it runs out by itself (seconds).
_GIVE_UP_LIMIT = 1.0

Work = Callable[[asyncio.Event], Awaitable[None]]


class LeaderElection:
    """Holds the lease for as long as it can, and has work done meanwhile.

    ``lasts`` (seconds) is how long the lease outlives its holder. While *is_held_back* says so,
    the lease is left to others. Time is measured by this machine's steady clock, from before each
    renewal: so this instance stops before the database lets another one begin.
    """

    def __init__(
        self, lease: Lease, *, lasts: float = 12.0, is_held_back: Callable[[], bool] = lambda: False
    ) -> None:
        self._lease = lease
        self._lasts = lasts
        self._is_held_back = is_held_back
        self._until = 0.0
        self._term: tuple[asyncio.Event, asyncio.Future[None]] | None = None
        self._work_ended = asyncio.Event()
        self._is_in_trouble = False
        self._errors = RepeatedErrors(log, is_database_trouble)

    @property
    def leads(self) -> bool:
        """Whether this instance holds the lease now."""
        return asyncio.get_running_loop().time() < self._until

    async def run(self, stop: asyncio.Event, work: Work) -> None:
        """Until *stop* is set: do *work* while the lease is held; its own stop is set when it ends."""
        try:
            while not stop.is_set():
                is_held = await finish_unless(stop, self._renew())
                await self._begin_or_end(work)
                pause = self._lasts / _RENEWALS if is_held else _LOOK_EVERY
                await wait_for_any(stop, self._work_ended, seconds=pause)
        finally:
            await self._end()
            await self._give_up()

    async def _renew(self) -> bool:
        """Take the lease or hold it longer; whether that worked."""
        if self._is_held_back():
            if self.leads:
                await self._give_up()
            return False
        began = asyncio.get_running_loop().time()
        limit = self._lasts / _RENEWALS
        try:
            async with asyncio.timeout(min(limit, self._until - began) if self.leads else limit):
                is_held = await self._lease.take(self._lasts)
        except Exception as error:  # noqa: BLE001 - whatever it is: without an answer the lease runs out
            self._tell(reason_of(error))
            return False
        self._tell(None)
        self._until = began + self._lasts if is_held else 0.0
        return is_held

    def _tell(self, trouble: str | None) -> None:
        """Log one line when the database begins to fail, and one when it answers again."""
        if trouble is not None and not self._is_in_trouble:
            log.error("the lease cannot be renewed, and planning and sending end with it: %s", trouble)
        if trouble is None and self._is_in_trouble:
            log.info("the database answers again")
        self._is_in_trouble = trouble is not None

    async def _begin_or_end(self, work: Work) -> None:
        if self._term is not None and (not self.leads or self._term[1].done()):
            await self._end()
        elif self._term is None and self.leads:
            log.info("this instance plans and sends now (epoch %s)", self._lease.epoch)
            stop = asyncio.Event()
            self._term = stop, asyncio.ensure_future(work(stop))
            self._work_ended.clear()
            self._term[1].add_done_callback(lambda _work: self._work_ended.set())

    async def _end(self) -> None:
        if self._term is None:
            return
        (stop, task), self._term = self._term, None
        stop.set()
        await asyncio.wait([task], timeout=_LONGEST_END)
        task.cancel()
        (result,) = await asyncio.gather(task, return_exceptions=True)
        if isinstance(result, Exception):
            self._errors.failed("planning and sending", result)
        self._work_ended.clear()
        log.info("this instance plans and sends no more")

    async def _give_up(self) -> None:
        if self._lease.epoch is None:
            return
        self._until = 0.0
        try:
            async with asyncio.timeout(_GIVE_UP_LIMIT):
                await self._lease.give_up()
        except Exception as error:  # noqa: BLE001 - it runs out by itself
            self._tell(reason_of(error))
