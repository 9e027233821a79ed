"""Sending what was planned: each post to each address, with every outcome on record."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from digests.delivery.calls import CallsInFlight, Messenger
from digests.delivery.outcome_writer import OutcomeWriter
from digests.delivery.retry_policy import RetryPolicy
from digests.store import Store
from digests.store.connections.database import reason_of
from digests.store.lease import LeaseLostError
from digests.waiting import finish_unless, wait_for_any

log = logging.getLogger(__name__)

#: How often claims are sought whose lease is over.
_LOOK_FOR_EXPIRED = timedelta(seconds=1)

#: How long the sender waits after the database failed (seconds).
_FAILURE_WAIT = 2.0

#: How long a new term waits before it takes claims for lost: longer than a writer waits between tries. And
#: how often it is looked whether outcomes can be written again (seconds).
_HANDOVER, _LOOK_FOR_WRITES = 1.0, 0.1


class Sender:
    """Claims what is pending, calls the messenger, and has every outcome written.

    ``batch`` is how many are claimed at once, at most a second's worth; ``concurrency`` bounds the
    calls in flight; ``write_every`` (seconds) is how long outcomes gather before they are written
    together; ``poll_every`` (seconds) how often an idle sender looks; ``grace`` (seconds) how long
    a stop waits for the calls in flight.
    """

    def __init__(
        self,
        store: Store,
        messenger: Messenger,
        now: Callable[[], datetime],
        *,
        policy: RetryPolicy = RetryPolicy(),  # noqa: B008 - immutable
        batch: int = 25,
        concurrency: int = 25,
        write_every: float = 0.05,
        poll_every: float = 1.0,
        grace: float = 5.0,
    ) -> None:
        self._outbox = store.outbox
        self._lease = store.lease
        self._now = now
        self._policy = policy
        self._batch = batch
        self._poll_every = poll_every
        self._grace = grace
        self._outcomes = OutcomeWriter(store.outbox, write_every)
        self._calls = CallsInFlight(
            messenger,
            policy,
            concurrency,
            self._outcomes.add,
            is_late=self._outcomes.is_late,
            is_over=lambda: self._lease.is_over,
        )
        self._writing_on: asyncio.Task[None] | None = None
        self._woken = asyncio.Event()
        self._looked_at: datetime | None = None
        self._trouble: str | None = None
        self._stop = asyncio.Event()  # of the present term

    def wake(self) -> None:
        """Look for pending deliveries at once."""
        self._woken.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Send until *stop* is set; then wait for the calls in flight and give back the rest.

        What is known of an earlier run and could not be written is written before anything is claimed.
        """
        self._stop = stop
        if not await self._take_up(stop):
            return
        ended = asyncio.Event()
        writing = asyncio.create_task(self._outcomes.run(ended, self._calls.cut_overdue))
        claiming = asyncio.create_task(self._claim_until(stop))
        cutting = asyncio.create_task(self._cut_short(stop, claiming))
        try:
            await asyncio.wait([claiming])
        finally:
            claiming.cancel()
            try:
                await self._calls.all_ended()
                ended.set()
                await writing
            finally:
                cutting.cancel()
                if self._outcomes.count or not writing.done():
                    writing.cancel()
                    self._writing_on = asyncio.create_task(self._outcomes.write_all())

    async def may_call(self) -> bool:
        """Whether a call may go out whose turn came in the rate limiter; waits while none should begin.

        Meanwhile the process may have stood still, or the database have gone away.
        """
        while self._outcomes.is_late() and not (self._stop.is_set() or self._lease.is_over):
            await wait_for_any(self._stop, seconds=_LOOK_FOR_WRITES)
        return not (self._outcomes.is_late() or self._lease.is_over)

    async def close(self) -> None:
        """Give up writing what could not be written: its claims run out, and it may be sent twice."""
        if self._writing_on is not None:
            self._writing_on.cancel()
            await asyncio.gather(self._writing_on, return_exceptions=True)
        if self._outcomes.count:
            count, arrived = self._outcomes.count, self._outcomes.arrived
            log.error("%s outcomes were never written: %s posts may arrive twice", count, arrived)

    async def drain(self, now: datetime) -> int:
        """Send everything that is due at *now*, as if the clock stood still; how many arrived."""
        before, never, ended = self._calls.sent, asyncio.Event(), asyncio.Event()
        # while outcomes wait for long, no call begins
        writing = asyncio.create_task(self._outcomes.run(ended, self._calls.cut_overdue))
        try:
            while await self._send_batch(lambda: now, never):
                await self._calls.all_ended()
                await self._outcomes.write()
        finally:
            ended.set()
            await writing
        await self._outcomes.write()
        return self._calls.sent - before

    async def _take_up(self, stop: asyncio.Event) -> bool:
        """End what an earlier run began, and recover the claims of earlier holders; False at a stop."""
        await self._calls.all_ended()
        if self._writing_on is not None:
            await finish_unless(stop, asyncio.shield(self._writing_on))
        if self._lease.epoch is not None:  # whoever was cut off with outcomes in memory writes them now
            await wait_for_any(stop, seconds=_HANDOVER)
        while not stop.is_set():
            try:
                if self._lease.epoch is not None:
                    # this is the only holder, and it has no call in flight: whoever made these claims is gone
                    await self._recover(self._now(), everything=True)
            except Exception as error:  # noqa: BLE001 - tried again until the term ends
                await self._wait_out(stop, error)
            else:
                return True
        return False

    async def _claim_until(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await self._look(stop)

    async def _look(self, stop: asyncio.Event) -> None:
        try:
            begun = await self._send_batch(self._now, stop)
            if self._trouble is not None:
                log.info("deliveries go on")
            self._trouble = None
            if not begun:
                await wait_for_any(stop, self._woken, seconds=self._poll_every)
                self._woken.clear()
        except Exception as error:  # noqa: BLE001 - whatever fails here, what is pending stays on record
            await self._wait_out(stop, error)

    async def _wait_out(self, stop: asyncio.Event, error: Exception) -> None:
        """Wait before the next try; what is wrong is logged once, until it changes."""
        trouble = reason_of(error)
        if trouble != self._trouble:
            level = logging.WARNING if isinstance(error, LeaseLostError) else logging.ERROR
            log.log(level, "deliveries wait: %s", trouble)
        self._trouble = trouble
        await wait_for_any(stop, seconds=_FAILURE_WAIT)

    async def _send_batch(self, now: Callable[[], datetime], stop: asyncio.Event) -> int:
        """Claim a batch and begin its calls; how many began."""
        if self._outcomes.count >= self._batch:  # what a crash may double must not grow while writing fails
            await self._outcomes.write()
        if not self._looked_at or not timedelta() <= now() - self._looked_at < _LOOK_FOR_EXPIRED:
            await self._recover(now(), everything=False)
        claimed = await self._outbox.claim(now(), self._batch, now() + self._policy.lease)
        return await self._calls.begin(claimed, now, stop)

    async def _recover(self, now: datetime, *, everything: bool) -> None:
        """Have sent again what a sender left in flight when it died, as the policy says.

        What this one has in work is left to it: a clock that leaps ends a lease before its time.
        """
        while orphans := await self._outbox.orphans(now, self._batch, everything=everything):
            own = self._calls.ids | self._outcomes.ids
            lost = [delivery for delivery in orphans if delivery.id not in own]
            if not lost:
                break
            await self._outbox.recover([self._policy.recover(delivery, now) for delivery in lost])
        self._looked_at = now

    async def _cut_short(self, stop: asyncio.Event, claiming: asyncio.Task[None]) -> None:
        await stop.wait()
        await asyncio.sleep(self._grace)
        self._calls.cut_all()
        claiming.cancel()
