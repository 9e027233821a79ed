"""Rate limiter: when a message may go out, so that Telegram need not refuse it with a 429.

Two lanes. Answers go at once, with a token bucket of three a chat that refills once a second. The
broadcast goes at its rate, slower while many answers go out. Groups and channels take twenty messages
in a sliding window of a minute, of which a broadcast leaves some to answers. Callers are served first
in, first out: each reserves its moment when it arrives and sleeps until then.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from bot.telegram.learned_rate import LearnedRate

#: A chat or channel: its id or @name; for calls that name no chat, the method.
Target = int | str

_CHAT_INTERVAL = 1.0
_ANSWER_BURST = 3
_GROUP_MESSAGES = 20
#: How many of a group's twenty a broadcast leaves to answers.
_ANSWERS_SHARE = 5
#: A little more than Telegram's minute: two messages may travel at different speeds.
_GROUP_WINDOW = 60.5
#: Who would have to wait longer than this is told so instead (seconds).
PATIENCE = 10.0
#: A question in a group whose minute is full waits for its turn, while its handler may (seconds).
_ANSWER_PATIENCE = 20.0
#: Refusals in two chats within this time (seconds) mean that the broadcast is too fast.
_TOGETHER = 5.0
#: Telegram bears this much more than a broadcast alone may take; the difference is for answers.
_HEADROOM = 1.2
#: How long answers may hold the broadcast back at most (seconds).
_LONGEST_YIELD = 1.0
#: What a moment's delay of ours may be made up for (seconds).
_SLACK = 0.05
#: Whoever may go within so short a time (seconds) is woken together: each waking costs a round of the loop.
_GRAIN = 0.005
_KEPT_CHATS = 4096


class Lane(Enum):
    """Who waits for whom."""

    ANSWER = "answer"
    BROADCAST = "broadcast"


class WaitTooLong(Exception):  # noqa: N818 - reads as what it is
    """The moment is too far away to wait for it; ``seconds`` says how far."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"not before {seconds:.1f} s from now")
        self.seconds = seconds


@dataclass(slots=True)
class _Chat:
    """What was sent to a chat, and until when it must be left alone."""

    next_at: float = 0.0  # when the chat has had its rest
    parked_until: float = 0.0
    sent: deque[float] | None = None  # in a group, the last twenty

    def earliest(self, now: float, lane: Lane, *, is_group: bool) -> float:
        burst = _CHAT_INTERVAL * (_ANSWER_BURST - 1) if lane is Lane.ANSWER else 0.0
        at = max(now, self.parked_until, self.next_at - burst)
        if is_group and self.sent is not None:
            room = _GROUP_MESSAGES - (_ANSWERS_SHARE if lane is Lane.BROADCAST else 0)
            if len(self.sent) >= room:
                at = max(at, self.sent[-room] + _GROUP_WINDOW)
        return at

    def take(self, at: float, *, is_group: bool) -> None:
        self.next_at = max(at, self.next_at) + _CHAT_INTERVAL
        if is_group:
            self.sent = deque(maxlen=_GROUP_MESSAGES) if self.sent is None else self.sent
            self.sent.append(at)

    def is_forgettable(self, now: float) -> bool:
        last = self.sent[-1] + _GROUP_WINDOW if self.sent else 0.0
        return max(self.next_at, self.parked_until, last) < now


class RateLimiter:
    """The limiter of one token: every call that Telegram counts acquires its turn here.

    *rate* is the broadcast's, in messages a second; 0 means no limit.
    """

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._chats: dict[Target, _Chat] = {}
        self._kept = _KEPT_CHATS
        self._broadcast_at = 0.0
        self._all_at = 0.0  # the moment until which both lanes together have used their share
        self._broadcast_until = 0.0
        self._last_refusal: tuple[Target, float] | None = None
        self._learned_rate = LearnedRate(rate)

    @property
    def rate(self) -> float:
        """The broadcast's rate just now, in messages a second; 0 when it has no limit."""
        limit = self._learned_rate.limit(self._clock())
        return 0.0 if math.isinf(limit) else limit

    async def acquire(self, place: Target, lane: Lane) -> None:
        """Wait for the moment to send a message to *place*.

        Raises:
            WaitTooLong: it is further away than is waited for; nothing was reserved.
        """
        at = self._reserve(place, lane)
        while (wait := at - self._clock()) > 0:
            await asyncio.sleep(wait + -at % _GRAIN)
            if self._refused_until(place, lane) > self._clock():
                # a new moment for each: whoever waited out a refusal must not all go at once
                at = self._reserve(place, lane)

    async def wait_out(self, place: Target) -> None:
        """Wait out what Telegram demanded of *place*; for calls that have no limit.

        Raises:
            WaitTooLong: that takes longer than PATIENCE.
        """
        while (until := self._refused_until(place, Lane.ANSWER)) > self._clock():
            _check_patience(until - self._clock())
            await self._sleep_until(until)

    def on_retry_after(self, place: Target, seconds: float) -> None:
        """Telegram answered 429 for *place*: leave it alone, and the broadcast when it is not the only one.

        Answers to others go on: else whoever provokes two refusals would silence the bot for everybody.
        """
        now = self._clock()
        self._learned_rate.refused()
        self.park(place, seconds)
        last, self._last_refusal = self._last_refusal, (place, now)
        if last and last[0] != place and now - last[1] < _TOGETHER:
            self._broadcast_until = max(self._broadcast_until, now + seconds)
            self._broadcast_at = max(self._broadcast_at, self._broadcast_until)
            self._learned_rate.decrease(now)

    def park(self, place: Target, seconds: float) -> None:
        """Leave *place* alone for so long."""
        chat = self._chats.setdefault(place, _Chat())
        chat.parked_until = max(chat.parked_until, self._clock() + seconds)

    def _reserve(self, place: Target, lane: Lane) -> float:
        now = self._clock()
        if len(self._chats) > self._kept:
            self._forget(now)
        is_group = isinstance(place, str) or place < 0
        chat = self._chats.get(place)
        if chat is None:
            chat = self._chats[place] = _Chat()
        at = chat.earliest(now, lane, is_group=is_group)
        if lane is Lane.BROADCAST:
            at = max(at, self._broadcast_until, self._broadcast_turn(now))
        _check_patience(at - now, _ANSWER_PATIENCE if lane is Lane.ANSWER else PATIENCE)
        chat.take(at, is_group=is_group)
        self._spend(now, lane)
        self._learned_rate.passed(now, at)
        return at

    def _broadcast_turn(self, now: float) -> float:
        own = max(now - _SLACK, self._broadcast_at)
        return max(own, min(self._all_at, own + _LONGEST_YIELD))

    def _spend(self, now: float, lane: Lane) -> None:
        rate = self._learned_rate.limit(now)
        if math.isinf(rate):
            return
        self._all_at = max(now, self._all_at) + 1 / (rate * _HEADROOM)
        if lane is Lane.BROADCAST:
            self._broadcast_at = max(now - _SLACK, self._broadcast_at) + 1 / rate

    def _refused_until(self, place: Target, lane: Lane) -> float:
        chat = self._chats.get(place)
        everybody = self._broadcast_until if lane is Lane.BROADCAST else 0.0
        return max(everybody, chat.parked_until if chat else 0.0)

    async def _sleep_until(self, at: float) -> None:
        while (wait := at - self._clock()) > 0:  # noqa: ASYNC110 - time passes by itself
            await asyncio.sleep(wait)

    def _forget(self, now: float) -> None:
        self._chats = {place: chat for place, chat in self._chats.items() if not chat.is_forgettable(now)}
        self._kept = max(_KEPT_CHATS, 2 * len(self._chats))


def _check_patience(wait: float, patience: float = PATIENCE) -> None:
    if wait > patience:
        raise WaitTooLong(wait)


class UnlimitedRateLimiter(RateLimiter):
    """For a server without limits, such as the playground's: only refusals are obeyed."""

    def __init__(self) -> None:
        super().__init__(0)

    async def acquire(self, place: Target, lane: Lane) -> None:
        """Pass at once, unless *place* was refused."""
        del lane
        await self.wait_out(place)
