"""A broadcast without a limit and with every delivery on record, beside a raw loop that keeps none."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from datetime import time as wall_time
from pathlib import Path

import pytest
import uvloop
from aiohttp import ClientSession, TCPConnector
from pydantic import SecretStr

from bot.app import Instance, build
from bot.memory import settle_memory
from bot.pacing import Gate
from bot.ready import text_body, text_to
from bot.settings import Settings
from digests.clock import SystemClock
from digests.posts import DeliveryState
from digests.schedules import Cadence, Occasion, Schedule
from digests.subscriptions import Address, Subscription
from digests.text import Language

ROOT = Path(__file__).parents[2]
CHATS = int(os.environ.get("BENCH_CHATS", "20000"))

_ROUNDS = 3

pytestmark = pytest.mark.bench


@contextmanager
def cheap_server() -> Iterator[str]:
    command = (sys.executable, "-m", "tests.bench.bot_api", "0")
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
        finally:
            server.kill()


async def raw_loop(url: str) -> float:
    """Messages a second of a loop over one prepared body, a hundred at a time, nothing on record."""
    body = text_body("<b>2014</b> milestones\n" * 40, parse_mode="HTML")
    chats = iter(range(1, CHATS + 1))
    async with ClientSession(connector=TCPConnector(limit=100)) as client:

        async def post() -> None:
            for chat in chats:
                message = text_to(chat, None, body).encoded()
                headers = {"Content-Type": "application/json"}
                async with client.post(f"{url}/bot1:b/sendMessage", data=message, headers=headers) as answer:
                    await answer.read()

        started = time.perf_counter()
        await asyncio.gather(*(post() for _ in range(100)))
        return CHATS / (time.perf_counter() - started)


async def broadcast(url: str, rate: float, folder: Path) -> float:
    """Messages a second of a digest to so many subscribers, from the first claim to the last settlement."""
    database = f"sqlite+aiosqlite:///{folder / 'bench.db'}"
    settings = Settings(bot_api_url=url, database_url=database, broadcast_rate=rate)
    async with AsyncExitStack() as closing:
        instance = await build(settings, SecretStr("1:bench"), SystemClock(), Gate(rate), closing)
        await subscribe(instance)
        await instance.planner.publish(Occasion.parse("daily:2026-05-10"), datetime.now(UTC))
        settle_memory()
        started = time.perf_counter()
        sent = await run_until_sent(instance)
        return sent / (time.perf_counter() - started)


async def subscribe(instance: Instance) -> None:
    schedule = Schedule(Cadence.DAILY, wall_time(9), "Asia/Shanghai")
    before = datetime.now(UTC) - timedelta(days=1)
    wanted = (Subscription(Address(n), schedule, Language.ZH, picture=False) for n in range(1, CHATS + 1))
    await instance.store.subscriptions.put_all(wanted, before)


async def run_until_sent(instance: Instance) -> int:
    stop = asyncio.Event()
    running = asyncio.create_task(instance.sender.run(stop))
    while True:
        await asyncio.sleep(0.2)
        counts = await instance.store.outbox.summary()
        if not counts[DeliveryState.PENDING] + counts[DeliveryState.SENDING]:
            break
    stop.set()
    await running
    return counts[DeliveryState.SENT]


def test_a_recorded_broadcast_is_nearly_as_fast_as_a_raw_loop(tmp_path: Path) -> None:
    raw, ours = [], []
    with cheap_server() as url, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        for number in range(_ROUNDS):  # in turn, since the machine is never equally busy
            raw.append(runner.run(raw_loop(url)))
            folder = tmp_path / str(number)
            folder.mkdir()
            ours.append(runner.run(broadcast(url, 0, folder)))
    ratios = ", ".join(f"{mine / theirs:.2f}" for mine, theirs in zip(ours, raw, strict=True))
    print(
        f"\nbroadcast to {CHATS}: {max(ours):.0f}/s on record, raw loop {max(raw):.0f}/s: "
        f"{max(ours) / max(raw):.2f} (round by round {ratios})"
    )
