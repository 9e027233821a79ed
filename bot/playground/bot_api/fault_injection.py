"""What goes wrong on purpose: limits that are enforced, and calls that fail."""

from __future__ import annotations

import random
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.playground.bot_api.refusals import Refusal

_MINUTE = 60.0


@dataclass(slots=True)
class Limits:
    """How many messages pass: in all a second, in a chat a second, in a group a minute; 0 is no limit."""

    per_second: int = 0
    per_chat: int = 0
    per_group_minute: int = 0
    clock: Callable[[], float] = time.monotonic
    _sent: dict[object, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def pass_message(self, chat_id: int, *, is_group: bool) -> None:
        """Count a message; the limit a minute is one of groups.

        Raises:
            Refusal: a limit is reached (429 with ``retry_after``); a refused one does not count.
        """
        now = self.clock()
        windows = [("all", self.per_second, 1.0), (chat_id, self.per_chat, 1.0)]
        if is_group:
            windows.append((f"group {chat_id}", self.per_group_minute, _MINUTE))
        for key, limit, span in windows:
            sent = self._sent[key]
            while sent and sent[0] <= now - span:
                sent.popleft()
            if limit and len(sent) >= limit:
                wait = max(1, round(sent[0] + span - now + 0.5))
                raise Refusal(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        for key, limit, _ in windows:
            if limit:
                self._sent[key].append(now)


@dataclass(slots=True)
class Faults:
    """Shares (0 to 1) of message calls that fail, drawn from a seeded generator; latency in seconds."""

    latency: tuple[float, float] = (0.0, 0.0)
    drop_before: float = 0.0
    drop_after: float = 0.0
    server_error: float = 0.0
    too_many: float = 0.0
    seed: int = 0
    _random: random.Random | None = None

    def draw(self) -> str | None:
        """What happens to this call: the name of one of the shares, or nothing."""
        generator = self._generator()
        value = generator.random()
        for name in ("drop_before", "drop_after", "server_error", "too_many"):
            share: float = getattr(self, name)
            if value < share:
                return name
            value -= share
        return None

    def delay(self) -> float:
        """How long this call takes."""
        return self._generator().uniform(*self.latency)

    def _generator(self) -> random.Random:
        if self._random is None:
            self._random = random.Random(self.seed)
        return self._random
