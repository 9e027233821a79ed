"""The rate that Telegram was seen to allow: multiplicative decrease at a 429, slow exponential recovery."""

from __future__ import annotations

import math
from collections import deque

#: After a 429: so much of what passed in the second before it, and at least so many messages a second.
_DECREASE = 0.95
_SLOWEST = 1.0

#: By how much the learned rate grows each second.
_RECOVERY = 1.001

#: The share of the current rate that is tried when nothing was seen to pass.
_UNSEEN = 0.7

#: Faster than this nobody sends (messages a second): what was learned is forgotten.
_FASTEST = 10_000.0

#: Growing for longer than this changes nothing any more (seconds).
_LONGEST_GROWTH = 10_000.0


class LearnedRate:
    """An upper bound on the broadcast's rate, learned from 429s; *configured* is 0 for none."""

    def __init__(self, configured: float) -> None:
        self._configured = configured or math.inf
        self._learned, self._learned_at = math.inf, 0.0
        self._passed: deque[float] = deque()  # when what was sent in the last second was sent

    def limit(self, now: float) -> float:
        """Messages a second that may be sent now; infinite without any limit."""
        if math.isinf(self._learned):
            return self._configured
        grown = self._learned * _RECOVERY ** min(now - self._learned_at, _LONGEST_GROWTH)
        return min(self._configured, grown if grown < _FASTEST else math.inf)

    def passed(self, now: float, at: float) -> None:
        """A message goes out at *at*."""
        while self._passed and self._passed[0] < now - 1.0:
            self._passed.popleft()
        self._passed.append(at)

    def refused(self) -> None:
        """The last message did not pass, after all."""
        if self._passed:
            self._passed.pop()

    def decrease(self, now: float) -> None:
        """Slow down after a 429 for everybody, once for all that arrive within a second."""
        if math.isinf(self._learned) or now > self._learned_at + 1.0:
            last_second = sum(now - 1.0 < at <= now for at in self._passed)
            limit = self.limit(now)
            fallback = 0.0 if math.isinf(limit) else _UNSEEN * limit
            passed = min(limit, last_second or fallback)
            self._learned, self._learned_at = max(_SLOWEST, passed * _DECREASE), now
