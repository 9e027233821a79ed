"""How the page moves the bot's clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol


class ClockControl(Protocol):
    """The bot's clock, as the page moves it."""

    def now(self) -> datetime:
        """The bot's time, aware."""

    async def move(self, to: datetime, progress: Callable[[datetime, int], None]) -> None:
        """Walk to another time; *progress* is told the time reached and the posts sent so far."""

    async def next_due(self) -> datetime | None:
        """The next instant at which something is due."""
