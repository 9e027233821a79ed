"""The calls of a broadcast that are in flight: begun within bounds, given up when they take too long."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from datetime import time as wall_time
from typing import Protocol
from zoneinfo import ZoneInfo

from digests.delivery.retry_policy import RetryPolicy
from digests.logs.fields import log_fields
from digests.posts import Delivery, DeliveryUpdate, Outcome, Sent, Unknown

log = logging.getLogger(__name__)

#: A post that comes so long after its time is late, and makes no sound at night.
_LATE = timedelta(minutes=10)
_NIGHT_BEGINS, _NIGHT_ENDS = wall_time(22), wall_time(8)

#: How often overdue calls are sought while the last ones end (seconds).
_LOOK_FOR_OVERDUE = 1.0


class Messenger(Protocol):
    """Sends a post to an address."""

    async def send(self, delivery: Delivery) -> Outcome:
        """Send it once and say what came of it; an exception counts as an unknown outcome."""


class CallsInFlight:
    """At most ``concurrency`` calls; what came of each is given to ``ended``."""

    def __init__(
        self,
        messenger: Messenger,
        policy: RetryPolicy,
        concurrency: int,
        ended: Callable[[DeliveryUpdate], None],
    ) -> None:
        self.sent = 0
        self._messenger = messenger
        self._policy = policy
        self._ended = ended
        self._slots = asyncio.Semaphore(concurrency)
        self._calls: dict[asyncio.Task[None], float] = {}
        self._limit = policy.call_limit.total_seconds()

    async def begin(self, delivery: Delivery, now: Callable[[], datetime], stop: asyncio.Event) -> bool:
        """Begin a call as soon as one more may; False when by then it must not begin any more."""
        await self._slots.acquire()
        if stop.is_set() or not self._policy.may_begin(delivery, now()):
            self._slots.release()
            return False
        call = asyncio.create_task(self._send(delivery, now))
        self._calls[call] = time.monotonic()
        call.add_done_callback(self._calls.pop)
        return True

    async def _send(self, delivery: Delivery, now: Callable[[], datetime]) -> None:
        try:
            with log_fields(delivery_id=delivery.id, chat_id=delivery.address.chat_id):
                outcome = await self._outcome(_quietened(delivery, now()))
        finally:
            self._slots.release()
        self.sent += isinstance(outcome, Sent)
        self._ended(self._policy.apply(delivery, outcome, now()))

    async def _outcome(self, delivery: Delivery) -> Outcome:
        try:
            return await self._messenger.send(delivery)
        except asyncio.CancelledError as cut:
            return Unknown(str(cut))
        except Exception as error:
            log.exception("delivery %s ended in an error of ours", delivery.id)
            return Unknown(f"{type(error).__name__}: {error}")

    async def all_ended(self) -> None:
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

    def cut_all(self) -> None:
        """Give up every call: their outcome is unknown."""
        for call in self._calls:
            call.cancel("stopped during the call")


def _quietened(delivery: Delivery, now: datetime) -> Delivery:
    """Without sound when it is late and it is night where it goes."""
    if delivery.silent or now - delivery.due_at <= _LATE:
        return delivery
    local = now.astimezone(ZoneInfo(delivery.timezone)).time()
    return replace(delivery, silent=local >= _NIGHT_BEGINS or local < _NIGHT_ENDS)
