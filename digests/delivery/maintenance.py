"""What a database that is used for years needs every so often."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from digests.delivery.clock import LeapDetector, Ticks
from digests.store import Store

log = logging.getLogger(__name__)

_PRUNE_EVERY, _CHECK_EVERY = 3600.0, 24 * 3600.0  # seconds

#: Few at once, with a pause between (seconds): whoever wants to write in between waits for little.
_PRUNED_AT_ONCE, _PAUSE = 500, 0.05

#: The server forgets an update after a day; so does the record, whatever became of it.
_HELD_FOR = timedelta(days=1)


class Maintenance:
    """Deletes what was kept long enough, and looks for damage; ``keep`` is how long a delivery is kept."""

    def __init__(
        self,
        store: Store,
        keep: timedelta,
        now: Callable[[], datetime],
        leap_detector: LeapDetector | None = None,
    ) -> None:
        self._store = store
        self._keep = keep
        self._now = now
        self._leap_detector = leap_detector or LeapDetector(now)

    def join(self, ticks: Ticks) -> None:
        """Have it done every so often; before the ticks start."""
        ticks.every(_PRUNE_EVERY, "prune", self.prune_if_sure)
        ticks.every(_CHECK_EVERY, "check the database", self.check)

    async def prune_if_sure(self) -> int:
        """`prune`, unless the clock was set since the last round, or nobody knows: how many.

        By a clock that is years ahead everything ended long ago, and what is forgotten may be sent again.
        """
        if self._leap_detector.may_have_leaped():
            return 0
        await self._store.held_updates.prune(self._now() - _HELD_FOR)
        return await self.prune()

    async def prune(self) -> int:
        """Delete the deliveries that ended too long ago; how many."""
        before, total = self._now() - self._keep, 0
        while pruned := await self._store.history.prune(before, _PRUNED_AT_ONCE):
            total += pruned
            await asyncio.sleep(_PAUSE)
        if total:
            log.info("%s deliveries that ended before %s were deleted", total, before.date())
        return total

    async def check(self) -> None:
        """Say in the log whether the database is sound."""
        damage = await self._store.damage()
        if damage is None:
            log.info("the database was checked: no damage")
        else:
            log.error("the database is damaged: stop the bot and restore the last backup (%s)", damage)
