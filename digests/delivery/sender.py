"""Sending what was planned: each post to each address, with every outcome on record."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from datetime import time as wall_time
from typing import Protocol
from zoneinfo import ZoneInfo

from digests.delivery.retry_policy import DeliveryUpdate, OnUnknown, RetryPolicy
from digests.log_once import first_line
from digests.posts import (
    Delivery,
    DeliveryState,
    Failed,
    Gone,
    Later,
    Moved,
    Outcome,
    Sent,
    Unknown,
)
from digests.store import Store
from digests.store.lease import LeaseLostError
from digests.store.outbox.outbox import Outbox

__all__ = [
    "Delivery",
    "DeliveryState",
    "Failed",
    "Gone",
    "Later",
    "Messenger",
    "Moved",
    "OnUnknown",
    "Outcome",
    "RetryPolicy",
    "Sender",
    "Sent",
    "Unknown",
]

log = logging.getLogger(__name__)

#: A post that comes so long after its time is late, and makes no sound at night.
_LATE = timedelta(minutes=10)
_NIGHT_BEGINS, _NIGHT_ENDS = wall_time(22), wall_time(8)

#: How often claims are sought whose lease is over.
_LOOK_FOR_EXPIRED = timedelta(seconds=1)

#: How often overdue calls are sought while a batch ends (seconds).
_LOOK_FOR_OVERDUE = 1.0

#: How long the sender waits after the database failed, in seconds.
_FAILURE_WAIT = 2.0


class Messenger(Protocol):
    """Whoever can bring a post to an address."""

    async def send(self, delivery: Delivery) -> Outcome:
        """Send it once and say what came of it; an exception counts as an unknown outcome."""


class Sender:
    """Brings what is pending to its addresses.

    ``batch`` is how many are claimed at once, at most a second's worth; ``concurrency`` bounds the
    calls in flight; ``settle_every`` (seconds) is how long outcomes gather before they are written
    together; ``poll_every`` (seconds) how often an idle sender looks; ``grace`` (seconds) how long
    a stop waits for the calls in flight.
    """

    def __init__(
        self,
        store: Store,
        messenger: Messenger,
        now: Callable[[], datetime],
        *,
        rules: RetryPolicy = RetryPolicy(),  # noqa: B008 - immutable
        batch: int = 25,
        concurrency: int = 25,
        settle_every: float = 0.02,
        poll_every: float = 1.0,
        grace: float = 5.0,
    ) -> None:
        self._outbox = store.outbox
        self._messenger = messenger
        self._now = now
        self._rules = rules
        self._batch = batch
        self._concurrency = concurrency
        self._settle_every = settle_every
        self._poll_every = poll_every
        self._grace = grace
        self._woken = asyncio.Event()
        self._looked_at: datetime | None = None

    def wake(self) -> None:
        """Look for pending deliveries at once."""
        self._woken.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Send until *stop* is set; then wait for the calls in flight and give back the rest."""
        flight, ended = self._start_calls(self._now), asyncio.Event()
        settling = asyncio.create_task(self._settle_until(ended, flight))
        cutting = asyncio.create_task(self._cut_short(stop, flight))
        try:
            while not stop.is_set():
                await self._look(flight, stop)
        finally:
            await flight.calls_ended()
            cutting.cancel()
            ended.set()
            await settling  # not cancelled: what it writes just now must not be half written
            await flight.settle()

    async def drain(self, now: datetime) -> int:
        """Send everything that is due at *now*, as if the clock stood still; how many arrived."""
        flight = self._start_calls(lambda: now)
        never = asyncio.Event()
        while await self._send_batch(flight, never):
            await flight.calls_ended()
            await flight.settle()
        return flight.sent

    def _start_calls(self, now: Callable[[], datetime]) -> _InFlight:
        return _InFlight(self._messenger, self._outbox, now, self._rules, self._concurrency)

    async def _look(self, flight: _InFlight, stop: asyncio.Event) -> None:
        try:
            if not await self._send_batch(flight, stop):
                await self._pause(stop, self._poll_every)
        except LeaseLostError as error:
            log.warning("nothing is claimed: %s", error)
            await self._pause(stop, _FAILURE_WAIT)
        except Exception as error:  # noqa: BLE001 - whatever fails here, what is pending stays on record
            log.error("deliveries wait, the database failed: %s", first_line(error))  # noqa: TRY400 - one plain line
            await self._pause(stop, _FAILURE_WAIT)

    async def _send_batch(self, flight: _InFlight, stop: asyncio.Event) -> int:
        """Claim a batch and begin its calls; how many were claimed."""
        if flight.unwritten >= self._batch:  # what a crash may double must not grow while writing fails
            await flight.settle()
        claimed = await self._claim(flight.now())
        uncalled = [delivery for delivery in claimed if not await flight.call(delivery, stop)]
        await self._outbox.give_back(uncalled)
        return len(claimed)

    async def _claim(self, now: datetime) -> tuple[Delivery, ...]:
        await self._release_expired(now)
        return await self._outbox.claim(now, self._batch, now + self._rules.lease)

    async def _release_expired(self, now: datetime) -> None:
        """Settle what a sender left in flight when it died; leases are long, so a look a second is enough."""
        if self._looked_at and timedelta() <= now - self._looked_at < _LOOK_FOR_EXPIRED:
            return
        expired = await self._outbox.expired(now, self._batch)
        lost = Unknown("the sender stopped while the call may have been under way")
        await self._outbox.settle([self._rules.settle(delivery, lost, now) for delivery in expired])
        self._looked_at = None if expired else now

    async def _settle_until(self, ended: asyncio.Event, flight: _InFlight) -> None:
        wait = self._settle_every
        while not await _is_set_within(wait, ended):
            wait = self._settle_every
            flight.cut_overdue()
            try:
                await flight.settle()
            except Exception as error:  # noqa: BLE001 - the outcomes are kept and written the next time
                log.error("outcomes wait to be written: %s", first_line(error))  # noqa: TRY400 - one plain line
                wait = _FAILURE_WAIT

    async def _cut_short(self, stop: asyncio.Event, flight: _InFlight) -> None:
        await stop.wait()
        await asyncio.sleep(self._grace)
        flight.cancel_calls()

    async def _pause(self, stop: asyncio.Event, seconds: float) -> None:
        events = [asyncio.create_task(event.wait()) for event in (stop, self._woken)]
        try:
            await asyncio.wait(events, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for event in events:
                event.cancel()
        self._woken.clear()


class _InFlight:
    """The calls in flight, and the outcomes that wait to be written."""

    def __init__(
        self,
        messenger: Messenger,
        outbox: Outbox,
        now: Callable[[], datetime],
        rules: RetryPolicy,
        concurrency: int,
    ) -> None:
        self.now = now
        self.sent = 0
        self._messenger = messenger
        self._outbox = outbox
        self._rules = rules
        self._slots = asyncio.Semaphore(concurrency)
        self._calls: dict[asyncio.Task[None], float] = {}
        self._limit = rules.call_limit.total_seconds()
        self._settlements: list[DeliveryUpdate] = []

    @property
    def unwritten(self) -> int:
        """How many outcomes wait to be written."""
        return len(self._settlements)

    async def call(self, delivery: Delivery, stop: asyncio.Event) -> bool:
        """Begin a call as soon as one more may; False when by then it must not begin any more."""
        await self._slots.acquire()
        if stop.is_set() or not self._rules.may_begin(delivery, self.now()):
            self._slots.release()
            return False
        call = asyncio.create_task(self._send(delivery))
        self._calls[call] = time.monotonic()
        call.add_done_callback(self._calls.pop)
        return True

    async def _send(self, delivery: Delivery) -> None:
        try:
            outcome = await self._outcome(_quietened(delivery, self.now()))
        finally:
            self._slots.release()
        self.sent += isinstance(outcome, Sent)
        self._settlements.append(self._rules.settle(delivery, outcome, self.now()))

    async def _outcome(self, delivery: Delivery) -> Outcome:
        try:
            return await self._messenger.send(delivery)
        except asyncio.CancelledError as cut:
            return Unknown(str(cut))
        except Exception as error:
            log.exception("delivery %s ended in an error of ours", delivery.id)
            return Unknown(f"{type(error).__name__}: {error}")

    async def calls_ended(self) -> None:
        """Wait until no call is in flight."""
        while self._calls:
            await asyncio.wait(self._calls, timeout=min(self._limit, _LOOK_FOR_OVERDUE))
            self.cut_overdue()

    def cut_overdue(self) -> None:
        """Give up the calls that take longer than they may; a timer for each would cost too much."""
        overdue = time.monotonic() - self._limit
        for call, began in self._calls.items():
            if began <= overdue:
                call.cancel(f"no answer within {self._limit:g} s")

    def cancel_calls(self) -> None:
        """Give up the calls in flight: their outcome is unknown."""
        for call in self._calls:
            call.cancel("stopped during the call")

    async def settle(self) -> None:
        """Write the outcomes that gathered; those of a failed attempt are kept."""
        taken, self._settlements = self._settlements, []
        try:
            await self._outbox.settle(taken)
        except BaseException:
            self._settlements = taken + self._settlements
            raise


async def _is_set_within(seconds: float, event: asyncio.Event) -> bool:
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
    return event.is_set()


def _quietened(delivery: Delivery, now: datetime) -> Delivery:
    """Without sound when it is late and it is night where it goes."""
    if delivery.silent or now - delivery.due_at <= _LATE:
        return delivery
    local = now.astimezone(ZoneInfo(delivery.timezone)).time()
    return delivery._replace(silent=local >= _NIGHT_BEGINS or local < _NIGHT_ENDS)
