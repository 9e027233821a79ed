"""The gate: when a message may go out, so that Telegram need not refuse it.

Two lanes. Answers go at once, a few a second in one chat. The broadcast goes at its rate, slower
while many answers go out. Groups and channels take twenty messages a minute, whoever sends them.
Each caller reserves its moment when it arrives and sleeps until then, so nobody is overtaken.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

#: A chat or channel: its id or @name; for calls that name no chat, the method.
Place = int | str

_CHAT_INTERVAL = 1.0
_ANSWER_BURST = 3
_GROUP_MESSAGES = 20
#: A little more than Telegram's minute: two messages may travel at different speeds.
_GROUP_WINDOW = 60.5
#: Who would have to wait longer than this is told so instead (seconds).
PATIENCE = 10.0
#: Refusals in two chats within this time (seconds) mean that everybody is too fast.
_TOGETHER = 5.0
#: Telegram bears this much more than a broadcast alone may take; the difference is for answers.
_HEADROOM = 1.2
#: How long answers may hold the broadcast back at most (seconds).
_LONGEST_YIELD = 1.0
_SLOWER = 0.7
_SLOWEST = 0.1
#: The share of the full rate that comes back each second after a refusal.
_RECOVERY = 0.01
_KEPT_CHATS = 4096


class Lane(Enum):
    """Who waits for whom."""

    ANSWER = "answer"
    BROADCAST = "broadcast"


class TooLong(Exception):  # noqa: N818 - reads as what it is
    """The moment is too far away to wait for it; ``seconds`` says how far."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"not before {seconds:.1f} s from now")
        self.seconds = seconds


@dataclass(slots=True)
class _Chat:
    """What was sent to a chat, and until when it must be left alone."""

    next_at: float = 0.0  # when the chat has had its rest
    parked_until: float = 0.0
    sent: deque[float] = field(default_factory=lambda: deque(maxlen=_GROUP_MESSAGES))

    def earliest(self, now: float, lane: Lane, *, is_group: bool) -> float:
        burst = _CHAT_INTERVAL * (_ANSWER_BURST - 1) if lane is Lane.ANSWER else 0.0
        at = max(now, self.parked_until, self.next_at - burst)
        if is_group and len(self.sent) == _GROUP_MESSAGES:
            at = max(at, self.sent[0] + _GROUP_WINDOW)
        return at

    def take(self, at: float, *, is_group: bool) -> None:
        self.next_at = max(at, self.next_at) + _CHAT_INTERVAL
        if is_group:
            self.sent.append(at)

    def is_forgettable(self, now: float) -> bool:
        last = self.sent[-1] + _GROUP_WINDOW if self.sent else 0.0
        return max(self.next_at, self.parked_until, last) < now


class Gate:
    """One for each token: everything that goes out asks here first.

    *rate* is the broadcast's, in messages a second; 0 means no limit.
    """

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._chats: dict[Place, _Chat] = {}
        self._kept = _KEPT_CHATS
        self._broadcast_at = 0.0
        self._all_at = 0.0  # the moment until which both lanes together have used their share
        self._everybody_until = 0.0
        self._last_refusal: tuple[Place, float] | None = None
        self._pace, self._pace_at = 1.0, -math.inf  # the share of the rate that is used, and since when

    @property
    def rate(self) -> float:
        """The broadcast's rate just now, in messages a second; 0 when it has no limit."""
        return self._rate * min(1.0, self._pace + _RECOVERY * (self._clock() - self._pace_at))

    async def enter(self, place: Place, lane: Lane) -> None:
        """Wait for the moment to send a message to *place*.

        Raises:
            TooLong: it is further away than PATIENCE; nothing was reserved.
        """
        await self._sleep_until(self._reserve(place, lane))
        await self.obey(place)

    async def obey(self, place: Place) -> None:
        """Wait out what Telegram demanded of *place* or of everybody; for calls that have no limit.

        Raises:
            TooLong: that takes longer than PATIENCE.
        """
        while (until := self._refused_until(place)) > self._clock():
            self._check_patience(until)
            await self._sleep_until(until)

    def refuse(self, place: Place, seconds: float) -> None:
        """Telegram answered 429 for *place*: leave it alone, and everybody when it is not the only one."""
        now = self._clock()
        chat = self._chats.setdefault(place, _Chat())
        chat.parked_until = max(chat.parked_until, now + seconds)
        last, self._last_refusal = self._last_refusal, (place, now)
        if last and last[0] != place and now - last[1] < _TOGETHER:
            self._everybody_until = max(self._everybody_until, now + seconds)
            self._slow_down(now)

    def _slow_down(self, now: float) -> None:
        if now > self._pace_at + 1.0:
            share = self.rate / self._rate if self._rate else 1.0
            self._pace, self._pace_at = max(_SLOWEST, share * _SLOWER), now

    def _reserve(self, place: Place, lane: Lane) -> float:
        now = self._clock()
        self._forget(now)
        is_group = isinstance(place, str) or place < 0
        chat = self._chats.setdefault(place, _Chat())
        at = max(chat.earliest(now, lane, is_group=is_group), self._everybody_until)
        if lane is Lane.BROADCAST:
            at = max(at, self._broadcast_turn(now))
        self._check_patience(at)
        chat.take(at, is_group=is_group)
        self._spend(now, lane)
        return at

    def _broadcast_turn(self, now: float) -> float:
        own = max(now, self._broadcast_at)
        return max(own, min(self._all_at, own + _LONGEST_YIELD))

    def _spend(self, now: float, lane: Lane) -> None:
        rate = self.rate
        if not rate:
            return
        self._all_at = max(now, self._all_at) + 1 / (rate * _HEADROOM)
        if lane is Lane.BROADCAST:
            self._broadcast_at = max(now, self._broadcast_at) + 1 / rate

    def _refused_until(self, place: Place) -> float:
        chat = self._chats.get(place)
        return max(self._everybody_until, chat.parked_until if chat else 0.0)

    def _check_patience(self, at: float) -> None:
        wait = at - self._clock()
        if wait > PATIENCE:
            raise TooLong(wait)

    async def _sleep_until(self, at: float) -> None:
        while (wait := at - self._clock()) > 0:  # noqa: ASYNC110 - time passes by itself
            await asyncio.sleep(wait)

    def _forget(self, now: float) -> None:
        if len(self._chats) > self._kept:
            self._chats = {place: chat for place, chat in self._chats.items() if not chat.is_forgettable(now)}
            self._kept = max(_KEPT_CHATS, 2 * len(self._chats))


class OpenGate(Gate):
    """For a server without limits, such as the playground's: only refusals are obeyed."""

    def __init__(self) -> None:
        super().__init__(0)

    async def enter(self, place: Place, lane: Lane) -> None:
        """Pass at once, unless *place* was refused."""
        del lane
        await self.obey(place)
