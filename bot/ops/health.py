"""Whether the bot does its work: what ``/readyz`` and the gauges of ``/metrics`` ask."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from math import inf, nan
from typing import Generic, TypeVar

from bot.updates.state import IntakeState
from digests.store import Store
from digests.store.connections.database import reason_of

T = TypeVar("T")

#: What is wrong in plain words; None when nothing is.
Check = Callable[[], Awaitable[str | None]]

#: Telegram ends an empty poll after 50 s, so a longer silence than this means trouble (seconds).
_LONGEST_SILENCE = 150.0

#: Planning happens every few seconds.
_LONGEST_PAUSE = 60.0

#: A large broadcast takes long; posts wait in vain when none of them was even tried for this long (seconds).
_LONGEST_IDLENESS = 300.0


#: How long a check, and all readings of ``/metrics`` together, may take (seconds).
CHECK_LIMIT, _READINGS_LIMIT = 2.5, 0.8


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


class _Question(Generic[T]):
    """Something that the database is asked: one at a time, since a database that hangs answers none."""

    def __init__(self, ask: Callable[[], Awaitable[T]]) -> None:
        self._ask = ask
        self._asked: asyncio.Future[T] | None = None

    async def answer(self, seconds: float) -> T:
        """The answer.

        Raises:
            TimeoutError: there is none within so many seconds.
            Exception: what the database says instead.
        """
        if self._asked is None or self._asked.done():
            self._asked = asyncio.ensure_future(self._ask())
            self._asked.add_done_callback(_is_noted)
        asked = self._asked
        await asyncio.wait([asked], timeout=seconds)
        if not asked.done():
            raise TimeoutError
        return asked.result()


def _is_noted(asked: asyncio.Future[T]) -> None:
    """Have nobody warned of an error that came after the asker had left."""
    if not asked.cancelled():
        asked.exception()


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
        self._intake = intake
        self._ticks = ticks
        self._sends = sends
        self._now = now
        self._is_polling = is_polling
        self._is_leading = is_leading
        self._webhook_trouble = webhook_trouble
        self._write = _Question(store.write_heartbeat)
        self._free_for = _Question(store.lease.free_for)
        self._oldest_pending = _Question(store.outbox.oldest_pending)
        self._next_due = _Question(store.outbox.next_due)
        self._backed_up_at = _Question(store.backed_up_at)

    def checks(self) -> dict[str, Check]:
        """All of them, by name; each ends within `CHECK_LIMIT`."""
        return {
            "intake": self.intake,
            "database": self.database,
            "ticks": self.ticks,
            "leader": self.leader,
            "outbox": self.outbox,
        }

    async def intake(self) -> str | None:
        """Whether updates come in; a webhook may be silent for long."""
        if self._intake.problem is None and self._is_polling and self._intake.silence > _LONGEST_SILENCE:
            return f"Telegram was last heard {self._intake.silence:.0f} s ago"
        return self._intake.problem

    async def database(self, limit: float = CHECK_LIMIT) -> str | None:
        """Whether the database can be written."""
        try:
            await self._write.answer(limit)
        except TimeoutError:
            return f"the database took no write within {limit:g} s"
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is wrong
            return f"the database cannot be written: {reason_of(error)}"
        return None

    async def ticks(self) -> str | None:
        """Whether planning goes on."""
        if self._ticks.age > _LONGEST_PAUSE:
            return f"nothing was planned for {self._ticks.age:.0f} s"
        return None

    async def leader(self, limit: float = CHECK_LIMIT) -> str | None:
        """Whether any instance plans and sends."""
        if self._is_leading():
            return None
        free = await self._unless_away(self._free_for, limit)
        return f"nobody plans and sends since {free:.0f} s" if free and free > _LONGEST_PAUSE else None

    async def outbox(self, limit: float = CHECK_LIMIT) -> str | None:
        """Whether posts that may be sent are tried; only whoever sends can tell."""
        if not self._is_leading() or self._sends.age < _LONGEST_IDLENESS:
            return None
        waits = self._since(await self._unless_away(self._oldest_pending, limit))
        if waits > _LONGEST_IDLENESS:
            return f"posts wait since {waits:.0f} s, and none was tried for {self._sends.age:.0f} s"
        return None

    async def readings(self, limit: float = _READINGS_LIMIT) -> dict[str, float]:
        """The gauges of ``/metrics``, within *limit* seconds; what the database does not tell is left out."""
        problems = asyncio.gather(
            self.intake(), self.database(limit), self.ticks(), self.leader(limit), self.outbox(limit)
        )
        told = await asyncio.gather(
            problems,
            self._unless_away(self._oldest_pending, limit),
            self._unless_away(self._next_due, limit),
            self._backup_age(limit),
        )
        (intake, database, *others), oldest_pending, next_due, backup_age = told
        found = {
            "webhook_trouble": float(self._webhook_trouble() is not None),
            "ready": float(not any((intake, database, *others))),
            "database_up": float(database is None),
            "intake_silence_seconds": self._intake.silence,
            "intake_conflict": float(self._intake.is_conflict),
            "tick_age_seconds": self._ticks.age,
            "lease_held": float(self._is_leading() and not self._intake.is_conflict),
            "backup_age_seconds": backup_age,
        }
        if database is None:
            found["outbox_age_seconds"] = self._since(oldest_pending)
            found["schedule_lag_seconds"] = self._since(next_due)
        return found

    async def _unless_away(self, question: _Question[T], limit: float) -> T | None:
        """The answer; None when there is none, which `database` tells."""
        try:
            return await question.answer(limit)
        except Exception:  # noqa: BLE001 - whatever it is
            return None

    async def _backup_age(self, limit: float) -> float:
        """Seconds since the last backup: infinite before the first, no number where nobody knows."""
        try:
            at = await self._backed_up_at.answer(limit)
        except Exception:  # noqa: BLE001 - whatever it is
            return nan
        return self._since(at) if at else inf

    def _since(self, moment: datetime | None) -> float:
        """Seconds since a moment; 0 when it is still to come, or when there is none."""
        return max(0.0, (self._now() - moment).total_seconds()) if moment else 0.0
