"""Has an instance send all that is planned, as it does when it runs."""

from __future__ import annotations

import asyncio

from bot.instance import Instance
from digests.posts import DeliveryState


async def run_until_sent(instance: Instance) -> int:
    """Run the sender until nothing waits and nothing is in flight; how many were sent so far."""
    stop = asyncio.Event()
    running = asyncio.create_task(instance.sender.run(stop))
    counts = await instance.store.outbox.summary()
    while counts[DeliveryState.PENDING] + counts[DeliveryState.SENDING]:
        await asyncio.sleep(0.2)
        counts = await instance.store.outbox.summary()
    stop.set()
    await running
    return counts[DeliveryState.SENT]
