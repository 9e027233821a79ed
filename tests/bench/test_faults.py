"""Broadcasts through a bad network and a strict server: what is lost, doubled, and listed."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from datetime import time as wall_time
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import build
from bot.instance import Instance
from bot.playground import PlaygroundServer, World, demo_world
from bot.playground.bot_api.fault_injection import Faults, Limits
from bot.playground.bot_api.world import PlayChat
from bot.settings import Settings
from bot.telegram.rate_limiter import RateLimiter
from digests.delivery.clock import SystemClock
from digests.delivery.retry_policy import OnUnknown
from digests.posts import DeliveryState
from digests.schedules import Cadence, Occasion, Schedule
from digests.subscriptions import Address, Subscription
from digests.text import Language

pytestmark = pytest.mark.bench

_FINAL_MISSING = (DeliveryState.PENDING, DeliveryState.SENDING)


@asynccontextmanager
async def broadcasting(
    folder: Path,
    chats: int,
    rate: float,
    server_of: Faults | Limits,
    on_unknown: OnUnknown = OnUnknown.RESEND,
) -> AsyncIterator[tuple[World, Instance]]:
    """A bot with so many subscribers and their digest queued, before a server that behaves badly."""
    world = demo_world()
    faults = server_of if isinstance(server_of, Faults) else None
    limits = server_of if isinstance(server_of, Limits) else None
    server = PlaygroundServer(world, limits=limits, faults=faults)
    url = await server.start("127.0.0.1", 0)
    database = f"sqlite+aiosqlite:///{folder / 'bench.db'}"
    settings = Settings(bot_api_url=url, database_url=database, broadcast_rate=rate, on_unknown=on_unknown)
    schedule = Schedule(Cadence.DAILY, wall_time(9), "Asia/Shanghai")
    before = datetime.now(UTC) - timedelta(days=1)
    async with AsyncExitStack() as closing:
        closing.push_async_callback(server.close)
        instance = await build(settings, SecretStr("1:bench"), SystemClock(), RateLimiter(rate), closing)
        for number in range(1, chats + 1):
            world.chats[number] = PlayChat(number, "private", "P", {number: "member"})
            await instance.store.subscriptions.put(
                Subscription(Address(number), schedule, Language.ZH, picture=False), before
            )
        await instance.planner.publish(Occasion.parse("daily:2026-05-10"), datetime.now(UTC))
        yield world, instance


async def sent_out(instance: Instance, limit: float = 240) -> dict[DeliveryState, int]:
    """Run the sender until nothing waits any more; where the deliveries stand then."""
    stop = asyncio.Event()
    running = asyncio.create_task(instance.sender.run(stop))
    async with asyncio.timeout(limit):
        while True:
            await asyncio.sleep(0.2)
            counts = await instance.store.outbox.summary()
            if not any(counts[state] for state in _FINAL_MISSING):
                break
    stop.set()
    await running
    return counts


def arrived(world: World) -> Counter[int]:
    """How many messages each chat got."""
    return Counter({chat_id: len(chat.messages) for chat_id, chat in world.chats.items() if chat_id > 0})


@pytest.mark.parametrize("on_unknown", list(OnUnknown))
async def test_a_bad_network_loses_nothing_unseen(tmp_path: Path, on_unknown: OnUnknown) -> None:
    chats = 1000
    bad = Faults(latency=(0.02, 0.5), drop_before=0.05, drop_after=0.05, server_error=0.01, too_many=0.01)
    async with broadcasting(tmp_path, chats, 0, bad, on_unknown) as (world, instance):
        counts = await sent_out(instance)
        records = await instance.store.outbox.list(limit=chats)
        got = arrived(world)
    unknowns = sum(record.unknowns for record in records)
    doubled = sum(got[record.address.chat_id] - 1 for record in records if got[record.address.chat_id])
    missing = sum(not got[record.address.chat_id] for record in records)
    listed = counts[DeliveryState.UNKNOWN]
    print(
        f"\n{on_unknown}: {chats} posts, {unknowns} outcomes unknown; "
        f"{missing} missing, {doubled} doubled, {listed} listed"
    )
    if on_unknown is OnUnknown.RESEND:
        assert missing == 0
        assert doubled <= unknowns
    else:
        assert doubled == 0
        assert missing <= listed == unknowns


async def test_a_strict_server_is_followed(tmp_path: Path) -> None:
    chats, allowed = 450, 15
    async with broadcasting(tmp_path, chats, 25, Limits(per_second=allowed)) as (world, instance):
        started = time.perf_counter()
        sending = asyncio.create_task(sent_out(instance))
        while (learned_by := arrived(world).total()) < chats // 3:  # noqa: ASYNC110 - the world has no event
            await asyncio.sleep(0.05)
        settled_at = time.perf_counter()
        counts = await sending
        ended = time.perf_counter()
        rate, settled = chats / (ended - started), (chats - learned_by) / (ended - settled_at)
        refused = sum(call.refusal is not None and call.refusal.code == 429 for call in world.calls)
    print(
        f"\n{allowed}/s allowed, 25/s configured: {settled:.1f}/s once settled, {settled / allowed:.2f}; "
        f"{rate:.1f}/s in all; {refused} refusals"
    )
    assert counts[DeliveryState.SENT] == chats
