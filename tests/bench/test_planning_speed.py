"""Planning a million subscribers, beside the bare statement that writes the same rows."""

from __future__ import annotations

import os
import sqlite3
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digests.delivery.planner import Planner
from digests.store import Store
from tests.integration.small_world import EVE, MORNING, Composer, daily

SUBSCRIBERS = int(os.environ.get("BENCH_SUBSCRIBERS", "1000000"))
_IDLE_TICKS = 200

pytestmark = pytest.mark.bench


def multiply(path: Path, count: int) -> None:
    """Copy the one subscription so often."""
    with sqlite3.connect(path) as connection:
        names = [row[1] for row in connection.execute("PRAGMA table_info(subscriptions)")]
        others = ", ".join(name for name in names if name not in {"id", "chat_id"})
        connection.execute(
            f"WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) "  # noqa: S608 - our own names
            f"INSERT INTO subscriptions (chat_id, {others}) SELECT i, {others} FROM n, subscriptions"
        )


def bare_seconds(planned: Path, bare: Path) -> float:
    """How long the bare statement takes for the same rows into the same table with its indexes."""
    with sqlite3.connect(bare) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("ATTACH ? AS planned", (str(planned),))
        for (statement,) in connection.execute(
            "SELECT sql FROM planned.sqlite_master WHERE tbl_name = 'deliveries' AND sql IS NOT NULL"
        ).fetchall():
            connection.execute(statement)
        started = time.perf_counter()
        connection.execute("INSERT INTO main.deliveries SELECT * FROM planned.deliveries")
        connection.commit()
        return time.perf_counter() - started


async def idle_seconds(store: Store, now: datetime) -> float:
    planner = Planner(store, Composer())
    started = time.perf_counter()
    for _ in range(_IDLE_TICKS):
        await planner.plan(now)
    return (time.perf_counter() - started) / _IDLE_TICKS


async def test_a_million_are_planned_in_little_more_than_the_bare_statement(tmp_path: Path) -> None:
    path = tmp_path / "planned.db"
    store = await Store.open(f"sqlite+aiosqlite:///{path}")
    await store.subscriptions.put(daily(1), EVE)
    few = await idle_seconds(store, EVE)
    multiply(path, SUBSCRIBERS)
    many = await idle_seconds(store, EVE)
    started = time.perf_counter()
    planned = await Planner(store, Composer()).plan(MORNING + timedelta(seconds=1))
    ours = time.perf_counter() - started
    await store.close()
    bare = bare_seconds(path, tmp_path / "bare.db")
    print(
        f"\nplanning {planned.queued}: {ours:.2f} s, the bare statement {bare:.2f} s: {ours / bare:.2f} times"
    )
    print(
        f"an idle tick: {few * 1000:.2f} ms with 1, {many * 1000:.2f} ms with {SUBSCRIBERS}: {many / few:.2f}"
    )
    assert planned.queued == SUBSCRIBERS
    assert datetime.now(UTC) > MORNING
