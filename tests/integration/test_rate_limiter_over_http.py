"""The gate against a server that enforces Telegram's published limits."""

from __future__ import annotations

import asyncio
import time

from bot.playground import PERSON, PlaygroundServer, demo_world
from bot.playground.bot_api.fault_injection import Limits
from bot.playground.bot_api.world import PlayChat, World
from bot.telegram.rate_limiter import Lane, RateLimiter
from tests.integration.scripted_api import speaking

PEOPLE = range(5001, 5076)


def crowd() -> World:
    world = demo_world()
    for person in PEOPLE:
        world.chats[person] = PlayChat(person, "private")
    return world


def refused(world: World) -> int:
    return sum(1 for call in world.calls if call.refusal)


async def test_a_broadcast_keeps_its_rate_without_a_refusal_and_answers_go_in_between():
    world, limiter = crowd(), RateLimiter(25)
    server = PlaygroundServer(world, limits=Limits(per_second=30, per_chat=1, per_group_minute=20))
    url = await server.start("127.0.0.1", 0)
    async with speaking(url, limiter, Lane.BROADCAST) as broadcast_bot, speaking(url, limiter) as bot:
        await bot.me()
        begun = time.monotonic()
        broadcast = asyncio.gather(*(broadcast_bot.send_message(person, "digest") for person in PEOPLE))
        await asyncio.sleep(0.5)
        asked = time.monotonic()
        await bot.send_message(PERSON, "answer")
        waited = time.monotonic() - asked
        await broadcast
        took = time.monotonic() - begun
    await server.close()
    assert refused(world) == 0
    assert waited < 0.5
    assert len(PEOPLE) / took > 0.9 * 25


async def test_a_server_that_refuses_more_than_expected_gets_everything_in_the_end():
    world, limiter = crowd(), RateLimiter(100)
    server = PlaygroundServer(world, limits=Limits(per_second=20))
    url = await server.start("127.0.0.1", 0)

    async def call_until_available(person: int) -> None:
        while world.chats[person].next_message_id == 1:
            try:
                await broadcast_bot.send_message(person, "digest")
            except Exception:  # noqa: BLE001 - whatever it is, it is tried again
                await asyncio.sleep(0.1)

    async with speaking(url, limiter, Lane.BROADCAST) as broadcast_bot:
        await asyncio.gather(*(call_until_available(person) for person in PEOPLE))
    await server.close()
    assert all(len(world.chats[person].messages) == 1 for person in PEOPLE)
    assert limiter.rate < 100
