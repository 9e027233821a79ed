"""A broadcast under a server that enforces the published limits: how near to its rate, how often refused."""

from __future__ import annotations

import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from datetime import time as wall_time
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import build
from bot.playground import PlaygroundServer, demo_world
from bot.playground.bot_api.fault_injection import Limits
from bot.playground.bot_api.world import PlayChat
from bot.settings import Settings
from bot.telegram.rate_limiter import RateLimiter
from digests.delivery.clock import SystemClock
from digests.schedules import Cadence, Occasion, Schedule
from digests.subscriptions import Address, Subscription
from digests.text import Language
from tests.bench.sending import run_until_sent

pytestmark = pytest.mark.bench

CHATS, RATE = 600, 25


async def test_a_broadcast_keeps_its_rate_and_is_not_refused(tmp_path: Path) -> None:
    world = demo_world()
    server = PlaygroundServer(world, limits=Limits(per_second=30, per_chat=1, per_group_minute=20))
    url = await server.start("127.0.0.1", 0)
    database = f"sqlite+aiosqlite:///{tmp_path / 'bench.db'}"
    settings = Settings(bot_api_url=url, database_url=database, broadcast_rate=RATE)
    schedule = Schedule(Cadence.DAILY, wall_time(9), "Asia/Shanghai")
    async with AsyncExitStack() as closing:
        closing.push_async_callback(server.close)
        instance = await build(settings, SecretStr("1:bench"), SystemClock(), RateLimiter(RATE), closing)
        for number in range(1, CHATS + 1):
            world.chats[number] = PlayChat(number, "private", "P", {number: "member"})
            subscription = Subscription(Address(number), schedule, Language.ZH)
            await instance.store.subscriptions.put(subscription, datetime.now(UTC) - timedelta(days=1))
        occasion = Occasion.parse("daily:2026-05-10")
        await instance.planner.publish(occasion, datetime.now(UTC), address=Address(1))
        await run_until_sent(instance)  # draws and uploads the card
        await instance.planner.publish(occasion, datetime.now(UTC))
        started = time.perf_counter()
        sent = await run_until_sent(instance)
        rate = (sent - 1) / (time.perf_counter() - started)
    refused = sum(call.refusal is not None and call.refusal.code == 429 for call in world.calls)
    print(
        f"\nbroadcast of {CHATS} at {RATE}/s: {rate:.1f}/s, {rate / RATE:.2f} of the rate; {refused} refusals"
    )
    assert sent == CHATS
