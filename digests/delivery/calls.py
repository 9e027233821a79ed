"""The calls of a broadcast that are in flight: begun within bounds, given up when they take too long."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from datetime import time as wall_time
from typing import Protocol
from zoneinfo import ZoneInfo

from digests.delivery.retry_policy import RetryPolicy
from digests.logs.fields import log_fields
from digests.posts import Delivery, DeliveryUpdate, Outcome, Sent, Unknown, given_back
from digests.waiting import wait_for_any

log = logging.getLogger(__name__)

#: A post that comes so long after its time is late, and makes no sound at night.
_LATE = timedelta(minutes=10)
_NIGHT_BEGINS, _NIGHT_ENDS = wall_time(22), wall_time(8)

#: How often overdue calls are sought while the last ones end, and how often it is looked whether outcomes
#: can be written again (seconds).
_LOOK_FOR_OVERDUE, _LOOK_FOR_WRITES = 1.0, 0.1

#: The next are claimed when so small a share of a batch waits.
_WAITING_SHARE = 5

#: Tells the time.
Now = Callable[[], datetime]


class Messenger(Protocol):
    """Sends a post to an address."""

    async def send(self, delivery: Delivery) -> Outcome:
        """Send it once and say what came of it; an exception counts as an unknown outcome."""


@dataclass(slots=True)
class _Worker:
    """Makes one call after another."""

    delivery: Delivery | None = None  # which it has in hand
    began: float = math.inf  # when its call did, by a steady clock; before that, and between calls, never


class CallsInFlight:
    """At most ``concurrency`` calls, in the order of their claims; what came of each is given to ``ended``.

    No call begins while ``is_late`` says that outcomes wait to be written, and none when ``is_over`` says
    that another instance may send by now. Workers take the next
    delivery by themselves: a task for each call would cost a tenth of a broadcast.
    """

    def __init__(
        self,
        messenger: Messenger,
        policy: RetryPolicy,
        concurrency: int,
        ended: Callable[[DeliveryUpdate], None],
        *,
        is_late: Callable[[], bool] = lambda: False,
        is_over: Callable[[], bool] = lambda: False,
    ) -> None:
        self.sent = 0
        self._messenger = messenger
        self._policy = policy
        self._concurrency = concurrency
        self._ended = ended
        self._is_late = is_late
        self._is_over = is_over
        self._waiting: deque[Delivery] = deque()
        self._low_water = 0
        self._runs_low = asyncio.Event()
        self._given_back = 0
        self._workers: dict[asyncio.Task[None], _Worker] = {}
        self._limit = policy.call_limit.total_seconds()

    async def begin(self, claimed: Sequence[Delivery], now: Now, stop: asyncio.Event) -> int:
        """Begin the calls of what was claimed, and return while a few wait: how many were not given back.

        Those that must not begin any more when their turn comes are given back. A few wait so that the
        workers need not, while the next are claimed.
        """
        given_back_before = self._given_back
        self._waiting.extend(claimed)
        if not self._waiting:
            return 0
        self._low_water = len(claimed) // _WAITING_SHARE
        self._runs_low.clear()
        self._employ(now, stop)
        try:
            await self._runs_low.wait()
        except asyncio.CancelledError:
            while self._waiting:
                self._give_back(self._waiting.popleft(), now())
            raise
        return len(claimed) - (self._given_back - given_back_before)

    def _employ(self, now: Now, stop: asyncio.Event) -> None:
        for _ in range(min(len(self._waiting), self._concurrency - len(self._workers))):
            worker = _Worker()
            task = asyncio.create_task(self._work(worker, now, stop))
            self._workers[task] = worker
            task.add_done_callback(self._dismiss)

    def _dismiss(self, task: asyncio.Task[None]) -> None:
        del self._workers[task]
        if not self._workers:
            self._runs_low.set()  # even if an error ended the last one

    async def _work(self, worker: _Worker, now: Now, stop: asyncio.Event) -> None:
        with log_fields(
            delivery_id=lambda: worker.delivery and worker.delivery.id,
            chat_id=lambda: worker.delivery and worker.delivery.address.chat_id,
        ):
            while self._waiting:
                worker.delivery = delivery = self._waiting.popleft()
                if len(self._waiting) <= self._low_water:
                    self._runs_low.set()
                while self._is_late() and not stop.is_set():
                    await wait_for_any(stop, seconds=_LOOK_FOR_WRITES)
                at = now()
                if stop.is_set() or self._is_over() or not self._policy.may_begin(delivery, at):
                    self._give_back(delivery, at)
                    continue
                worker.began = time.monotonic()
                outcome = await self._outcome(delivery, at)
                worker.began = math.inf
                self.sent += isinstance(outcome, Sent)
                self._ended(self._policy.apply(delivery, outcome, now()))
            worker.delivery = None

    def _give_back(self, delivery: Delivery, at: datetime) -> None:
        self._given_back += 1
        self._ended(given_back(delivery, at))

    async def _outcome(self, delivery: Delivery, at: datetime) -> Outcome:
        try:
            return await self._messenger.send(_quietened(delivery, at))
        except asyncio.CancelledError as cut:
            if not cut.args:  # nobody gave up this call: the process ends
                raise
            _go_on_after_cancellation()
            return Unknown(str(cut))
        except Exception as error:
            log.exception("delivery %s ended in an error of ours", delivery.id)
            return Unknown(f"{type(error).__name__}: {error}")

    @property
    def ids(self) -> set[int]:
        """The deliveries that wait for their turn or are in work."""
        in_hand = (worker.delivery for worker in self._workers.values())
        return {each.id for each in (*self._waiting, *in_hand) if each is not None}

    async def all_ended(self) -> None:
        """Wait until no call is in flight."""
        while self._workers:
            await asyncio.wait(self._workers, timeout=min(self._limit, _LOOK_FOR_OVERDUE))
            self.cut_overdue()

    def cut_overdue(self) -> None:
        """Give up the calls that take longer than they may; a timer for each would cost too much."""
        overdue = time.monotonic() - self._limit
        self._cut(f"no answer within {self._limit:g} s", lambda worker: worker.began <= overdue)

    def cut_all(self) -> None:
        """Give up every call: their outcome is unknown."""
        self._cut("stopped during the call", lambda _: True)

    def _cut(self, why: str, is_cut: Callable[[_Worker], bool]) -> None:
        for task, worker in self._workers.items():
            if worker.began < math.inf and is_cut(worker):
                task.cancel(why)


def _go_on_after_cancellation() -> None:
    """Have the current task forget that it was cancelled: it goes on with other work."""
    task = asyncio.current_task()
    while task is not None and task.cancelling():
        task.uncancel()


def _quietened(delivery: Delivery, now: datetime) -> Delivery:
    """Without sound when it is late and it is night where it goes."""
    if delivery.silent or now - delivery.due_at <= _LATE:
        return delivery
    local = now.astimezone(ZoneInfo(delivery.timezone)).time()
    return replace(delivery, silent=local >= _NIGHT_BEGINS or local < _NIGHT_ENDS)
