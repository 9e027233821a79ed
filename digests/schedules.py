"""Cadences, and the instants at which a schedule is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from enum import StrEnum


class Cadence(StrEnum):
    """How often a digest is told."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Schedule:
    """A cadence at a wall-clock time in an IANA zone; thousands of subscriptions share one.

    ``weekday`` (0 = Monday) matters to a weekly schedule only and is 0 elsewhere.
    """

    cadence: Cadence
    at: time
    timezone: str
    weekday: int = 0
