"""Whether the bot does its work: what ``/readyz`` asks."""

from __future__ import annotations

import time

from bot.intake.state import IntakeState
from digests.store import Store

#: Telegram ends an empty poll after 50 s, so a longer silence than this means trouble (seconds).
_LONGEST_SILENCE = 150.0

#: Planning happens every few seconds.
_LONGEST_PAUSE = 60.0


class Heartbeat:
    """When a piece of work was last done."""

    def __init__(self) -> None:
        self._at = time.monotonic()

    def beat(self) -> None:
        """It was done just now."""
        self._at = time.monotonic()

    @property
    def age(self) -> float:
        """Seconds since it was last done."""
        return time.monotonic() - self._at


class Health:
    """The checks of an instance; each gives what is wrong, or None."""

    def __init__(self, store: Store, intake: IntakeState, ticks: Heartbeat, *, is_polling: bool) -> None:
        self._store = store
        self._intake = intake
        self._ticks = ticks
        self._is_polling = is_polling

    async def intake(self) -> str | None:
        """Whether updates come in; a webhook may be silent for long."""
        if self._intake.problem is None and self._is_polling and self._intake.silence > _LONGEST_SILENCE:
            return f"Telegram was last heard {self._intake.silence:.0f} s ago"
        return self._intake.problem

    async def database(self) -> str | None:
        """Whether the database answers."""
        try:
            await self._store.reports.version()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is wrong
            return f"the database does not answer: {type(error).__name__}"
        return None

    async def ticks(self) -> str | None:
        """Whether planning goes on."""
        if self._ticks.age > _LONGEST_PAUSE:
            return f"nothing was planned for {self._ticks.age:.0f} s"
        return None
