"""A broadcast through each database, with calls that cost nothing: what claiming and recording allow."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path
from statistics import median

import pytest
import uvloop

from digests.delivery.clock import SystemClock
from digests.delivery.planner import Planner
from digests.delivery.sender import Sender
from digests.posts import Delivery, DeliveryState, Sent
from digests.store import Store
from tests.integration.small_world import DAY, EVE, Composer, daily

COUNT, ROUNDS = int(os.environ.get("BENCH_CHATS", "5000")), 5

pytestmark = pytest.mark.bench


class Instant:
    """Counts its calls down to the last one."""

    def __init__(self) -> None:
        self._left = COUNT
        self.called = asyncio.Event()

    async def send(self, delivery: Delivery) -> Sent:
        self._left -= 1
        if not self._left:
            self.called.set()
        await asyncio.sleep(0)
        return Sent(delivery.id)


async def broadcast(store: Store) -> float:
    """Messages a second of one broadcast to everybody."""
    await Planner(store, Composer()).publish(DAY, SystemClock().now(), again=True)
    messenger, stop = Instant(), asyncio.Event()
    sender = Sender(store, messenger, SystemClock().now, batch=500, concurrency=100)
    began, running = time.perf_counter(), asyncio.create_task(sender.run(stop))
    await messenger.called.wait()  # nobody asks the database meanwhile: counting costs it more than writing
    stop.set()
    await running  # what came of the last ones is written
    seconds = time.perf_counter() - began
    left = await store.outbox.summary()
    assert not left[DeliveryState.PENDING] + left[DeliveryState.SENDING]
    return COUNT / seconds


async def side_by_side(urls: tuple[str, str]) -> list[tuple[float, float]]:
    """Both in turn, since the machine is never equally busy."""
    stores = [await Store.open(url) for url in urls]
    for store in stores:
        await store.subscriptions.put_all([daily(chat_id) for chat_id in range(1, COUNT + 1)], EVE)
        await broadcast(store)
    rounds = [(await broadcast(stores[0]), await broadcast(stores[1])) for _ in range(ROUNDS)]
    for store in stores:
        await store.close()
    return rounds


def test_a_broadcast_through_postgresql_is_as_fast_as_through_sqlite(tmp_path: Path, postgresql_url: str):
    urls = postgresql_url, f"sqlite+aiosqlite:///{tmp_path / 'bench.db'}"
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        rounds = runner.run(side_by_side(urls))
    server, file = (max(rates) for rates in zip(*rounds, strict=True))
    ratios = sorted(mine / theirs for mine, theirs in rounds)
    print(
        f"\n{COUNT} deliveries: PostgreSQL {server:.0f}/s, SQLite {file:.0f}/s: "
        f"{server / file:.2f} of the best, "
        f"{median(ratios):.2f} in the middle (from {ratios[0]:.2f} to {ratios[-1]:.2f})"
    )
