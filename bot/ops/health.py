"""Whether the bot does its work: what ``/readyz`` and the gauges of ``/metrics`` ask."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.updates.state import IntakeState
from digests.store import Store

#: What is wrong in plain words; None when nothing is.
Check = Callable[[], Awaitable[str | None]]

#: Telegram ends an empty poll after 50 s, so a longer silence than this means trouble (seconds).
_LONGEST_SILENCE = 150.0

#: Planning happens every few seconds.
_LONGEST_PAUSE = 60.0

#: A large broadcast takes long; posts wait in vain when none of them was even tried for this long (seconds).
_LONGEST_IDLENESS = 300.0


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
    """The checks of an instance; each gives what is wrong, or None.

    *ticks* beats when planning was done, *sends* when a post was tried; *is_leading* tells whether
    this process is the one that plans and sends; *webhook_trouble* what Telegram says of the webhook.
    """

    def __init__(
        self,
        store: Store,
        intake: IntakeState,
        ticks: Heartbeat,
        sends: Heartbeat,
        now: Callable[[], datetime],
        *,
        is_polling: bool,
        is_leading: Callable[[], bool] = lambda: True,
        webhook_trouble: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._store = store
        self._intake = intake
        self._ticks = ticks
        self._sends = sends
        self._now = now
        self._is_polling = is_polling
        self._is_leading = is_leading
        self._webhook_trouble = webhook_trouble

    def checks(self) -> dict[str, Check]:
        """All of them, by name."""
        return {
            "intake": self.intake,
            "database": self.database,
            "ticks": self.ticks,
            "outbox": self.outbox,
        }

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

    async def outbox(self) -> str | None:
        """Whether posts that may be sent are tried; only whoever sends can tell."""
        if not self._is_leading() or self._sends.age < _LONGEST_IDLENESS or await self.database():
            return None
        waits = await self._since(self._store.outbox.oldest_pending)
        if waits > _LONGEST_IDLENESS:
            return f"posts wait since {waits:.0f} s, and none was tried for {self._sends.age:.0f} s"
        return None

    async def readings(self) -> dict[str, float]:
        """The gauges of ``/metrics``; those of the database are left as they were while it is away."""
        problems = {name: await check() for name, check in self.checks().items()}
        is_database_up = problems["database"] is None
        found = {
            "webhook_trouble": float(self._webhook_trouble() is not None),
            "ready": float(not any(problems.values())),
            "database_up": float(is_database_up),
            "intake_silence_seconds": self._intake.silence,
            "intake_conflict": float(self._intake.is_conflict),
            "tick_age_seconds": self._ticks.age,
            "lease_held": float(self._is_leading() and not self._intake.is_conflict),
        }
        if is_database_up:
            found["outbox_age_seconds"] = await self._since(self._store.outbox.oldest_pending)
            found["schedule_lag_seconds"] = await self._since(self._store.outbox.next_due)
        return found

    async def _since(self, moment: Callable[[], Awaitable[datetime | None]]) -> float:
        """Seconds since a moment of the store; 0 when it is still to come, or when there is none."""
        at = await moment()
        return max(0.0, (self._now() - at).total_seconds()) if at else 0.0
