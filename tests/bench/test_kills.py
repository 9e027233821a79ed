"""A broadcast of 5,000 killed at fifty random moments: nothing is lost, and how much arrives twice."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from digests.store import Store
from tests.integration.killing import IN_FLIGHT, broadcast_with_kills

COUNT = 5000
KILLS = int(os.environ.get("BENCH_KILLS", "50"))

pytestmark = pytest.mark.bench


async def test_fifty_kills_lose_nothing(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'bench.db'}"
    moments = sorted(random.Random(7).sample(range(1, COUNT - 1), KILLS))
    store = await Store.open(url)
    doubled = await broadcast_with_kills(store, url, tmp_path / "letters", COUNT, moments)
    await store.close()
    print(
        f"\n{KILLS} kills in a broadcast of {COUNT}: 0 lost, {doubled} doubled, {doubled / KILLS:.1f} a kill"
    )
    assert doubled <= KILLS * IN_FLIGHT
