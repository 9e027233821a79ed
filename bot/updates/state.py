"""How the intake does, for the checks of health."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field

log = logging.getLogger(__name__)


@dataclass(slots=True)
class IntakeState:
    """When Telegram was last heard, and what is wrong in plain words (None: nothing)."""

    heard_at: float = field(default_factory=time.monotonic)
    problem: str | None = None
    is_conflict: bool = False

    def heard(self) -> None:
        """Telegram answered; the end of a problem is logged."""
        if self.problem is not None:
            log.info("Telegram answers again after %.0f s; it was: %s", self.silence, self.problem)
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
