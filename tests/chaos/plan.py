"""What goes wrong in a run of chaos, and when: drawn from a seed, pure data that can be printed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Base(StrEnum):
    """What the instances of a run share."""

    SQLITE = "sqlite"  # one instance that polls
    POSTGRESQL = "postgresql"  # two replicas by webhook


class Kind(StrEnum):
    """What goes wrong, or who makes work."""

    KILL = "kill -9"
    STOP = "stopped and started"
    FREEZE = "frozen"
    CLOCK = "clock leaps"
    REFUSALS = "Telegram refuses or breaks calls"
    AWAY = "Telegram is away"
    FULL_DISK = "disk full"
    LOCK = "database locked"
    CUT = "database cut off"
    RESTART = "database restarted"
    FLOOD = "flood of questions"
    ADMINISTRATORS = "administrators at once"


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens ``at`` seconds after a day's digests fall due, for ``lasts`` seconds.

    ``target`` is the instance that it strikes. ``size`` is the leap of a clock (seconds), the share of
    calls that fail, or how many questions come.
    """

    at: float
    kind: Kind
    lasts: float = 0.0
    target: int = 0
    size: float = 0.0

    def __str__(self) -> str:
        size = f" ({self.size:g})" if self.size else ""
        return f"{self.at:4.1f} s: {self.kind} of {self.target}{size} for {self.lasts:.1f} s"


@dataclass(frozen=True, slots=True)
class Plan:
    """The faults of a run, day by day."""

    seed: int
    base: Base
    days: tuple[tuple[Fault, ...], ...]

    @property
    def instances(self) -> int:
        """How many instances run."""
        return 2 if self.base is Base.POSTGRESQL else 1

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Those of all days."""
        return tuple(fault for day in self.days for fault in day)

    def __str__(self) -> str:
        lines = [f"seed {self.seed} on {self.base}"]
        for day, faults in zip(DAYS, self.days, strict=True):
            lines += [f"  {day}", *(f"    {fault}" for fault in faults)]
        return "\n".join(lines)


#: The days whose digests are sent; the last is a Monday and the first of a month.
DAYS = (date(2026, 5, 30), date(2026, 5, 31), date(2026, 6, 1))

_DAY = 86400.0

#: What strikes a process, and how often at most: an update whose handler dies three times is set aside.
_DEADLY = (Kind.KILL, Kind.STOP)
_MOST_DEATHS = 2

_ANYWHERE = (Kind.KILL, Kind.KILL, Kind.STOP, Kind.FREEZE, Kind.CLOCK, Kind.REFUSALS, Kind.AWAY)
_ONLY = {
    Base.SQLITE: (Kind.FULL_DISK, Kind.LOCK),
    Base.POSTGRESQL: (Kind.CUT, Kind.RESTART),
}

#: From a slow second to longer than a lease (12 s); answers must outlast Telegram's troubles (12 s).
_LASTS = {
    Kind.KILL: (0.0, 4.0),
    Kind.STOP: (0.0, 2.0),
    Kind.FREEZE: (1.0, 14.0),
    Kind.CLOCK: (6.0, 10.0),  # every instance looks for what is due meanwhile
    Kind.REFUSALS: (3.0, 9.0),
    Kind.AWAY: (1.0, 8.0),
    Kind.FULL_DISK: (4.0, 18.0),
    Kind.LOCK: (1.0, 16.0),
    Kind.CUT: (1.0, 14.0),
    Kind.RESTART: (0.0, 6.0),
}
_LEAPS = (-2 * 3600.0, 2 * 3600.0, 40 * _DAY, 3653 * _DAY, -56 * 365 * _DAY)


def draw(seed: int, base: Base) -> Plan:
    """The plan of a seed: two or three faults a day, and people who want something meanwhile."""
    dice = random.Random(f"{seed} {base}")
    deaths = 0
    days: list[tuple[Fault, ...]] = []
    for _ in DAYS:
        faults = [Fault(dice.uniform(0, 8), Kind.ADMINISTRATORS)]
        if dice.random() < 0.7:
            faults.append(Fault(dice.uniform(0, 8), Kind.FLOOD, size=dice.randrange(10, 40)))
        for kind in dice.sample(_ANYWHERE + _ONLY[base] * 2, dice.choice((2, 2, 3))):
            deaths += kind in _DEADLY
            if kind not in _DEADLY or deaths <= _MOST_DEATHS:
                faults.append(_fault(dice, kind, base))
        days.append(tuple(sorted(faults, key=lambda fault: fault.at)))
    return Plan(seed, base, tuple(days))


def _fault(dice: random.Random, kind: Kind, base: Base) -> Fault:
    target = dice.randrange(2) if base is Base.POSTGRESQL else 0
    size = 0.0
    if kind is Kind.CLOCK:
        size = dice.choice(_LEAPS)
    elif kind is Kind.REFUSALS:
        size = round(dice.uniform(0.1, 0.5), 2)
    return Fault(round(dice.uniform(0, 8), 1), kind, round(dice.uniform(*_LASTS[kind]), 1), target, size)
