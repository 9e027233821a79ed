"""Random faults from repeatable seeds against running instances; what must hold, holds.

``CHAOS_SEEDS=7,12-15`` runs those seeds; without it a few are run, and all that ever failed.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.chaos.invariants import violations
from tests.chaos.plan import Base, Plan, draw
from tests.chaos.run import run
from tests.chaos.summary import Summary
from tests.servers import PostgresqlServer

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(400)]

#: Run without being asked for; each failed once: administrators who undid each other (SQLite, 1), a server
#: that hung up (PostgreSQL, 1), a clock that was ahead (SQLite, 8), and one that ended pauses (SQLite, 15).
_ALWAYS = "1,8,15"


def seeds() -> list[int]:
    """The seeds that are asked for."""
    found: list[int] = []
    for part in os.environ.get("CHAOS_SEEDS", _ALWAYS).split(","):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


@pytest.mark.parametrize("seed", seeds())
async def test_one_instance_on_sqlite(seed: int, tmp_path: Path) -> None:
    await _hold(draw(seed, Base.SQLITE), tmp_path)


@pytest.mark.parametrize("seed", seeds())
async def test_two_replicas_on_postgresql(seed: int, tmp_path: Path, postgresql: PostgresqlServer) -> None:
    await _hold(draw(seed, Base.POSTGRESQL), tmp_path, postgresql)


async def _hold(plan: Plan, folder: Path, server: PostgresqlServer | None = None) -> None:
    began = time.monotonic()
    evidence = await run(plan, folder, server)
    broken = violations(evidence)
    print(Summary.of(evidence, time.monotonic() - began).line(broken), *broken, sep="\n", flush=True)
    story = [str(plan), *map(str, evidence.troubles), *broken, f"logs: {folder}"]
    assert not broken, "\n".join(story)
