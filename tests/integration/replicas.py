"""Two senders in processes of their own on one database, and what may happen to the one that leads."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from digests.delivery.clock import SystemClock
from digests.delivery.planner import Planner
from digests.posts import DeliveryState
from digests.store import Store
from tests.integration.small_world import DAY, EVE, Composer, daily
from tests.servers import PostgresqlServer

#: How many calls a replica has in flight, and how many it claims at once.
AT_ONCE = 10

_REPLICA = f"""
import asyncio, os, sys, time
from datetime import timedelta
from digests.delivery.clock import SystemClock
from digests.delivery.retry_policy import RetryPolicy
from digests.delivery.sender import Sender
from digests.posts import Sent
from digests.delivery.leader import LeaderElection
from digests.store import Store

url, letters, lasts = sys.argv[1], sys.argv[2], float(sys.argv[3])

class FilePostman:
    async def send(self, delivery):
        with open(letters, "a") as file:
            file.write(f"{{time.time()}} {{os.getpid()}} {{delivery.address.chat_id}}\\n")
        await asyncio.sleep(0.05)  # it arrived, and its answer is on the way
        return Sent(delivery.id)

async def main():
    store = await Store.open(url)
    rules = RetryPolicy(
        lease=timedelta(seconds=120), call_limit=timedelta(seconds=0.5), first_wait=timedelta(0)
    )
    sender = Sender(
        store, FilePostman(), SystemClock().now, policy=rules,
        batch={AT_ONCE}, concurrency={AT_ONCE}, write_every=0.05, poll_every=0.05,
    )
    await LeaderElection(store.lease, lasts=lasts).run(asyncio.Event(), sender.run)

asyncio.run(main())
"""


@dataclass(frozen=True, slots=True)
class Failover:
    """What a fault cost: seconds until another replica sent, and until all was sent; lost and doubled."""

    seconds: float
    finished: float
    lost: int
    doubled: int


class Wire:
    """A way to a PostgreSQL server that can be cut: what is sent into it then gets nowhere."""

    def __init__(self, server: Path, folder: Path) -> None:
        self._server = str(server / ".s.PGSQL.5432")
        self._folder = folder
        self._open = asyncio.Event()
        self._open.set()
        self._pumps: set[asyncio.Task[None]] = set()
        self._listener: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen where a server would."""
        self._folder.mkdir()
        path = self._folder / ".s.PGSQL.5432"
        self._listener = await asyncio.start_unix_server(self._connect, path)

    def cut(self) -> None:
        """Let nothing through any more."""
        self._open.clear()

    def lose_server(self) -> None:
        """Find no server any more: whoever connects is hung up on."""
        self._server = "/nowhere"

    def mend(self) -> None:
        """Let through what waits, and what comes."""
        self._open.set()

    async def close(self) -> None:
        """Hang up, and answer no more."""
        if self._listener is not None:
            self._listener.close()
        await self.hang_up()

    async def hang_up(self) -> None:
        """End every connection there is."""
        for pump in self._pumps:
            pump.cancel()
        await asyncio.gather(*self._pumps, return_exceptions=True)
        await asyncio.sleep(0)  # for the transports to close

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there_reader, there_writer = await asyncio.open_unix_connection(self._server)
        except OSError:  # the server is away
            writer.transport.abort()
            return
        for source, target in ((reader, there_writer), (there_reader, writer)):
            pump = asyncio.create_task(self._pump(source, target))
            self._pumps.add(pump)
            pump.add_done_callback(self._pumps.discard)

    async def _pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65536):
                await self._open.wait()
                target.write(data)
                await target.drain()
        except ConnectionError:
            return
        finally:
            target.transport.abort()


class Replicas:
    """Two replicas that share the work of one broadcast; each may have a way to the database of its own."""

    def __init__(self, store: Store, urls: tuple[str, str], letters: Path, lasts: float) -> None:
        self.lasts = lasts
        self._store = store
        self._letters = letters
        self._count = 0
        letters.touch()
        arguments = str(letters), str(lasts)
        self.processes = [subprocess.Popen([sys.executable, "-c", _REPLICA, url, *arguments]) for url in urls]

    async def queue(self, count: int) -> None:
        """Have so many chats get the day's digest."""
        await self._store.subscriptions.put_all([daily(chat_id) for chat_id in range(count)], EVE)
        await Planner(self._store, Composer()).publish(DAY, SystemClock().now())
        self._count = count

    def read(self) -> list[tuple[float, int, int]]:
        """When, by which process, to which chat: of each letter that arrived."""
        lines = (line.split() for line in self._letters.read_text().splitlines())
        return [(float(when), int(pid), int(chat_id)) for when, pid, chat_id in lines]

    async def leader(self, after: int = 20) -> int:
        """The index of the replica that sends, when so many letters arrived."""
        await until(lambda: len(self.read()) >= after)
        pids = [process.pid for process in self.processes]
        return pids.index(self.read()[-1][1])

    async def take_over(self, leader: int, since: float) -> float:
        """Wait until the other one sends; how many seconds after *since* it began."""
        other = self.processes[1 - leader].pid
        await until(lambda: any(pid == other for _, pid, _ in self.read()))
        return next(when for when, pid, _ in self.read() if pid == other) - since

    async def outcome(self, seconds: float, since: float) -> Failover:
        """Wait until everything is settled, and count."""
        async with asyncio.timeout(60):
            while (await self._store.outbox.summary())[DeliveryState.SENT] < self._count:  # noqa: ASYNC110 - polled
                await asyncio.sleep(0.1)
        finished = time.time() - since
        await asyncio.sleep(0.5)  # whoever was woken may still do harm
        arrived = Counter(chat_id for _, _, chat_id in self.read())
        return Failover(seconds, finished, self._count - len(arrived), sum(arrived.values()) - self._count)

    def end(self) -> None:
        """End the processes, frozen ones too."""
        for process in self.processes:
            process.kill()
            process.wait()


async def killed(replicas: Replicas, leader: int, _wires: list[Wire]) -> float:
    """The leader is killed."""
    began = time.time()
    os.kill(replicas.processes[leader].pid, signal.SIGKILL)
    return await replicas.take_over(leader, began)


async def frozen(replicas: Replicas, leader: int, _wires: list[Wire]) -> float:
    """The leader is stopped, and woken when another one has taken over."""
    began = time.time()
    os.kill(replicas.processes[leader].pid, signal.SIGSTOP)
    seconds = await replicas.take_over(leader, began)
    os.kill(replicas.processes[leader].pid, signal.SIGCONT)
    return seconds


async def cut_off(replicas: Replicas, leader: int, wires: list[Wire]) -> float:
    """The leader cannot reach the database, and can again when another one has taken over."""
    began = time.time()
    wires[leader].cut()
    seconds = await replicas.take_over(leader, began)
    wires[leader].mend()
    return seconds


OperatorError = Callable[[Replicas, int, list[Wire]], Awaitable[float]]


async def on_postgresql(
    server: PostgresqlServer, url: str, folder: Path, fault: OperatorError, *, count: int, lasts: float
) -> Failover:
    """Two replicas on a server, each by a wire of its own, and a fault in the middle of a broadcast."""
    wires = [Wire(server.folder, folder / name) for name in ("a", "b")]
    for wire in wires:
        await wire.start()
    urls = [url.replace(str(server.folder), str(folder / name)) for name in ("a", "b")]
    try:
        store = await Store.open(url)
        replicas = Replicas(store, (urls[0], urls[1]), folder / "letters", lasts)
        return await _broadcast(store, replicas, wires, fault, count)
    finally:
        for wire in wires:
            await wire.close()


async def on_sqlite(url: str, folder: Path, fault: OperatorError, *, count: int, lasts: float) -> Failover:
    """Two replicas on one file, and a fault in the middle of a broadcast."""
    store = await Store.open(url)
    return await _broadcast(store, Replicas(store, (url, url), folder / "letters", lasts), [], fault, count)


async def _broadcast(
    store: Store, replicas: Replicas, wires: list[Wire], fault: OperatorError, count: int
) -> Failover:
    try:
        await replicas.queue(count)
        leader = await replicas.leader()
        began = time.time()
        seconds = await fault(replicas, leader, wires)
        return await replicas.outcome(seconds, began)
    finally:
        replicas.end()
        await store.close()


async def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until a condition holds."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - other processes' doing
            await asyncio.sleep(0.02)
