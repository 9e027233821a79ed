"""How the intake does, for whoever asks after its health."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass(slots=True)
class IntakeState:
    """When Telegram was last heard, and what is wrong in plain words (None: nothing)."""

    heard_at: float = field(default_factory=time.monotonic)
    problem: str | None = None
    is_conflict: bool = False

    def heard(self) -> None:
        """Telegram answered."""
        self.heard_at = time.monotonic()
        self.problem = None
        self.is_conflict = False

    @property
    def conflict(self) -> str | None:
        """What is wrong while another instance owns the token; None while this one does."""
        return self.problem if self.is_conflict else None

    @property
    def silence(self) -> float:
        """Seconds since Telegram was last heard."""
        return time.monotonic() - self.heard_at
