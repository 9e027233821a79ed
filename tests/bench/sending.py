"""Has an instance send all that is planned, as it does when it runs."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from bot.instance import Instance
from digests.posts import DeliveryState


async def run_until_sent(instance: Instance) -> int:
    """Run the sender until nothing waits and nothing is in flight; how many were sent so far."""
    stop = asyncio.Event()
    running = asyncio.create_task(instance.sender.run(stop))
    while await _open(instance):  # noqa: ASYNC110 - a row has no event
        await asyncio.sleep(0.02)
    stop.set()
    await running
    return (await instance.store.outbox.summary())[DeliveryState.SENT]


async def _open(instance: Instance) -> int:
    """How many wait or are in flight; what has ended is not counted, which would take long."""
    counts = await instance.store.outbox.summary(since=datetime.now(UTC))
    return counts[DeliveryState.PENDING] + counts[DeliveryState.SENDING]
