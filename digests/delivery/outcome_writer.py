"""Writes what came of claims, many together; what cannot be written is kept until it can."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from digests.posts import DeliveryState, DeliveryUpdate
from digests.store.connections.database import reason_of
from digests.store.outbox.outbox import Outbox
from digests.waiting import wait_for_any

log = logging.getLogger(__name__)

#: How long a write may take, and the wait after one that failed (seconds).
_WRITE_LIMIT, _FAILURE_WAIT = 5.0, 0.5

#: While outcomes wait longer than this to be written, no call should begin (seconds).
_LATE = 0.5


class OutcomeWriter:
    """The updates that wait to be written, in memory: they outlive a term of leadership.

    ``every`` (seconds) is how long updates gather before they are written together.
    """

    def __init__(self, outbox: Outbox, every: float) -> None:
        self._outbox = outbox
        self._every = every
        self._waiting: list[DeliveryUpdate] = []
        self._being_written: list[DeliveryUpdate] = []
        self._since: float | None = None
        self._lock = asyncio.Lock()
        self._is_in_trouble = False

    @property
    def count(self) -> int:
        """How many updates wait to be written."""
        return len(self._waiting)

    @property
    def arrived(self) -> int:
        """How many of them say that a post arrived."""
        return sum(each.state is DeliveryState.SENT for each in self._waiting)

    @property
    def ids(self) -> set[int]:
        """The deliveries whose updates are not known to be written."""
        return {each.id for each in (*self._waiting, *self._being_written)}

    def is_late(self) -> bool:
        """Whether the last write failed, or the oldest of them waits for longer than one should take."""
        is_old = self._since is not None and time.monotonic() - self._since > _LATE
        return self._is_in_trouble or is_old

    def add(self, update: DeliveryUpdate) -> None:
        """Have an update written."""
        self._waiting.append(update)
        if self._since is None:
            self._since = time.monotonic()

    async def write(self) -> None:
        """Write what waits; what a failed attempt could not write waits on.

        Raises:
            Exception: whatever the database says.
        """
        async with self._lock:
            taken, self._waiting = self._waiting, []
            self._being_written = taken
            try:
                async with asyncio.timeout(_WRITE_LIMIT):
                    await self._outbox.settle(taken)
            except BaseException:
                self._waiting = taken + self._waiting
                raise
            finally:
                self._being_written = []
            self._since = time.monotonic() if self._waiting else None

    async def try_to_write(self) -> bool:
        """Write what waits; False, and one line in the log for each outage, when that fails."""
        try:
            await self.write()
        except Exception as error:  # noqa: BLE001 - whatever it is: the updates are kept
            if not self._is_in_trouble:
                log.error("%s outcomes wait to be written: %s", self.count, reason_of(error))  # noqa: TRY400 - one plain line
            self._is_in_trouble = True
            return False
        if self._is_in_trouble:
            log.info("the outcomes that waited are written")
        self._is_in_trouble = False
        return True

    async def run(self, ended: asyncio.Event, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Write every so often until *ended* is set, and once more then; *meanwhile* is called each time."""
        wait = self._every
        while not await wait_for_any(ended, seconds=wait):
            meanwhile()
            wait = self._every if await self.try_to_write() else _FAILURE_WAIT
        await self.try_to_write()

    async def write_all(self) -> None:
        """Try until everything is written."""
        while not await self.try_to_write():  # noqa: ASYNC110 - a database tells nobody that it is back
            await asyncio.sleep(_FAILURE_WAIT)
