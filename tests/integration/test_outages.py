"""A broadcast during which the database is away for longer than the lease lasts, and comes back."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from digests.delivery.clock import SystemClock
from digests.delivery.leader import LeaderElection
from digests.delivery.planner import Planner
from digests.delivery.sender import Sender
from digests.posts import Delivery, DeliveryState, Sent
from digests.store import Store
from digests.store.connections import sqlite
from tests.integration.replicas import Wire
from tests.integration.small_world import DAY, EVE, Composer, daily

COUNT, LASTS = 400, 0.9

#: Longer than the lease: the term ends, and outcomes have to outlive it.
OUTAGE = 3 * LASTS


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("sender._FAILURE_WAIT", "outcome_writer._FAILURE_WAIT", "outcome_writer._LATE"):
        monkeypatch.setattr(f"digests.delivery.{name}", 0.1)
    monkeypatch.setattr("digests.delivery.outcome_writer._WRITE_LIMIT", 0.5)
    monkeypatch.setattr(sqlite, "_PRAGMAS", ("PRAGMA busy_timeout=50", *sqlite._PRAGMAS[1:]))


class Chats:
    """Telegram's side: every call arrives."""

    def __init__(self) -> None:
        self.arrived: Counter[int] = Counter()

    async def send(self, delivery: Delivery) -> Sent:
        await asyncio.sleep(0.02)
        self.arrived[delivery.address.chat_id] += 1
        return Sent(delivery.id)

    async def reach(self, count: int) -> None:
        async with asyncio.timeout(30):
            while self.arrived.total() < count:  # noqa: ASYNC110 - polled
                await asyncio.sleep(0.01)


@asynccontextmanager
async def broadcasting(store: Store) -> AsyncIterator[Chats]:
    """An instance that leads and sends, in the middle of a broadcast."""
    await store.subscriptions.put_all([daily(chat_id) for chat_id in range(1, COUNT + 1)], EVE)
    await Planner(store, Composer()).publish(DAY, SystemClock().now())
    chats, stop = Chats(), asyncio.Event()
    sender = Sender(store, chats, SystemClock().now, batch=20, concurrency=10, poll_every=0.05)
    leader = asyncio.create_task(LeaderElection(store.lease, lasts=LASTS).run(stop, sender.run))
    await chats.reach(COUNT // 4)
    yield chats
    stop.set()
    await asyncio.wait_for(leader, 15)
    await sender.close()


async def all_sent(store: Store, chats: Chats) -> None:
    """Wait for the end: everything is on record as sent, and arrived once."""
    async with asyncio.timeout(30):
        while (await store.outbox.summary())[DeliveryState.SENT] < COUNT:  # noqa: ASYNC110 - polled
            await asyncio.sleep(0.1)
    assert len(chats.arrived) == COUNT
    assert {chat: times for chat, times in chats.arrived.items() if times > 1} == {}


@pytest.mark.parametrize("refuses", [False, True], ids=["swallows everything", "refuses connections"])
async def test_a_server_that_was_away_doubles_nothing_whose_outcome_was_known(
    postgresql, postgresql_url, monkeypatch, refuses
):
    with TemporaryDirectory(prefix="wire-") as folder:
        wire = Wire(postgresql.folder, Path(folder) / "a")
        await wire.start()
        store = await Store.open(postgresql_url.replace(str(postgresql.folder), str(Path(folder) / "a")))
        async with broadcasting(store) as chats:
            monkeypatch.setattr("digests.store.connections.database._READ_LIMIT", 0.5)
            wire.cut()
            if refuses:
                await wire.close()
                (Path(folder) / "a" / ".s.PGSQL.5432").unlink(missing_ok=True)
            await asyncio.sleep(OUTAGE)
            assert chats.arrived.total() < COUNT
            if refuses:
                (Path(folder) / "a").rmdir()
                await wire.start()
            wire.mend()
            await all_sent(store, chats)
        await store.close()
        await wire.close()


async def test_a_file_that_was_locked_doubles_nothing_whose_outcome_was_known(sqlite_url, database_path):
    store = await Store.open(sqlite_url)
    async with broadcasting(store) as chats:
        with closing(another_process(database_path)) as other:
            # in a thread: a write under way needs the event loop for its commit
            await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
            await asyncio.sleep(OUTAGE)
            assert chats.arrived.total() < COUNT
            other.execute("ROLLBACK")
        await all_sent(store, chats)
    await store.close()


def another_process(file: Path) -> sqlite3.Connection:
    """A connection of another program to the same file; it waits up to 20 s for its turn."""
    return sqlite3.connect(file, isolation_level=None, timeout=20, check_same_thread=False)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own that can be filled."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("only root can make a small disk")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


async def test_a_disk_that_was_full_doubles_nothing_whose_outcome_was_known(small_disk):
    store = await Store.open(f"sqlite+aiosqlite:///{small_disk / 'silkline.db'}")
    async with broadcasting(store) as chats:
        fill(small_disk / "filler")
        with pytest.raises(sqlite3.OperationalError, match="full"):
            await use_up(store)
        await asyncio.sleep(OUTAGE)
        assert chats.arrived.total() < COUNT
        (small_disk / "filler").unlink()
        await all_sent(store, chats)
    await store.close()


async def use_up(store: Store) -> None:
    """Write until the write-ahead log has no room left."""
    for _ in range(1000):
        await store.write_heartbeat()


def fill(file: Path) -> None:
    with file.open("wb", buffering=0) as filler:
        try:
            while True:
                filler.write(b"x" * 4096)
        except OSError:
            return
