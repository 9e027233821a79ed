"""A broadcast without a limit and with every delivery on record, beside a raw loop that keeps none."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from datetime import time as wall_time
from pathlib import Path
from statistics import median

import pytest
import uvloop
from aiohttp import ClientSession, TCPConnector
from markupsafe import Markup
from pydantic import SecretStr

from bot.app import build
from bot.instance import Instance
from bot.ops.gc_tuning import freeze_startup_objects
from bot.settings import Settings
from bot.telegram.calls.prepared import text_body, text_to
from bot.telegram.rate_limiter import RateLimiter
from digests.delivery.clock import SystemClock
from digests.schedules import Cadence, Occasion, Schedule
from digests.subscriptions import Address, Layout, Subscription
from digests.text import Language
from tests.bench.sending import run_until_sent

ROOT = Path(__file__).parents[2]
CHATS = int(os.environ.get("BENCH_CHATS", "20000"))

_ROUNDS = 5

OCCASION = Occasion.parse("daily:2026-05-10")

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
    """Messages a second of a plain aiohttp loop in a process of its own."""
    command = (sys.executable, "-m", "tests.bench.raw_aiohttp", url, str(CHATS))
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    told, _ = await process.communicate()
    return float(told)


async def leanest_loop(url: str) -> float:
    """The same with all that aiohttp can be spared: uvloop, one prepared body, answers that nobody reads."""
    body = text_body(Markup("<b>2014</b> milestones\n") * 40)
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


@asynccontextmanager
async def subscribed(url: str, folder: Path, *, picture: bool = False) -> AsyncIterator[Instance]:
    """A bot without a limit, and so many chats that get its digests."""
    database = f"sqlite+aiosqlite:///{folder / 'bench.db'}"
    settings = Settings(bot_api_url=url, database_url=database, broadcast_rate=0)
    async with AsyncExitStack() as closing:
        instance = await build(settings, SecretStr("1:bench"), SystemClock(), RateLimiter(0), closing)
        await subscribe(instance, picture=picture)
        freeze_startup_objects()
        yield instance


async def broadcast(instance: Instance) -> float:
    """Messages a second of a digest to everybody, from the first claim to the last settlement."""
    published = await instance.planner.publish(OCCASION, datetime.now(UTC), again=True)
    started = time.perf_counter()
    assert await run_until_sent(instance) % CHATS == 0
    return published.queued / (time.perf_counter() - started)


async def subscribe(instance: Instance, *, picture: bool) -> None:
    schedule = Schedule(Cadence.DAILY, wall_time(9), "Asia/Shanghai")
    before = datetime.now(UTC) - timedelta(days=1)
    layout = Layout.RICH if picture else Layout.CLASSIC
    wanted = (
        Subscription(Address(n), schedule, Language.ZH, layout=layout, picture=picture)
        for n in range(1, CHATS + 1)
    )
    await instance.store.subscriptions.put_all(wanted, before)


async def side_by_side(url: str, folder: Path, *, picture: bool) -> list[tuple[float, float, float]]:
    """Ours and the loops in turn, since the machine is never equally busy."""
    async with subscribed(url, folder, picture=picture) as instance:
        await broadcast(instance)  # draws and uploads the card, opens the connections
        return [
            (await broadcast(instance), await raw_loop(url), await leanest_loop(url)) for _ in range(_ROUNDS)
        ]


@pytest.mark.parametrize("picture", [False, True], ids=["text", "page with its card"])
def test_a_recorded_broadcast_is_nearly_as_fast_as_a_raw_loop(tmp_path: Path, *, picture: bool) -> None:
    with cheap_server() as url, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        rounds = runner.run(side_by_side(url, tmp_path, picture=picture))
    what = "pages with a card" if picture else "texts"
    print(f"\nbroadcast of {what} to {CHATS}: {max(mine for mine, *_ in rounds):.0f}/s on record")
    for name, loop in (("raw aiohttp", 1), ("the leanest aiohttp", 2)):
        ratios = sorted(each[0] / each[loop] for each in rounds)
        print(
            f"{name} {max(each[loop] for each in rounds):.0f}/s: {median(ratios):.2f} of it in the middle "
            f"(from {ratios[0]:.2f} to {ratios[-1]:.2f})"
        )
