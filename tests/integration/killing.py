"""A broadcast whose sender is killed again and again, as by ``kill -9``."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from digests.delivery.clock import SystemClock
from digests.delivery.planner import Planner
from digests.posts import DeliveryState
from digests.store import Store
from tests.integration.small_world import DAY, EVE, Composer, daily

#: What a kill may double: a claim of 25 and as many calls in flight, as the sender has them by default.
IN_FLIGHT = 50

SENDING = """
import asyncio, sys
from pathlib import Path
from digests.delivery.clock import SystemClock
from digests.delivery.retry_policy import RetryPolicy
from digests.delivery.sender import Sender
from digests.posts import Sent
from digests.store import Store
from datetime import timedelta

class FilePostman:
    async def send(self, delivery):
        await asyncio.sleep(0.002)
        with open(sys.argv[2], "a") as letters:
            letters.write(f"{delivery.address.chat_id}\\n")
        return Sent(delivery.id)

async def main():
    store = await Store.open(sys.argv[1])
    rules = RetryPolicy(
        lease=timedelta(seconds=1), call_limit=timedelta(seconds=0.2), first_wait=timedelta(0)
    )
    sender = Sender(store, FilePostman(), SystemClock().now, policy=rules, write_every=0.02, poll_every=0.05)
    await sender.run(asyncio.Event())

asyncio.run(main())
"""


async def broadcast_with_kills(
    store: Store, database_url: str, letters: Path, count: int, kills: Iterable[int]
) -> int:
    """Send to *count* chats, killed when so many letters have arrived; all arrive, and so many twice."""
    await store.subscriptions.put_all([daily(chat_id) for chat_id in range(count)], EVE)
    await Planner(store, Composer()).publish(DAY, SystemClock().now())
    letters.touch()

    def arrived() -> Counter[str]:
        return Counter(letters.read_text(encoding="utf-8").split())

    async def until(number: int) -> None:
        async with asyncio.timeout(60):
            while len(arrived()) < number:  # noqa: ASYNC110 - the letters are another process's
                await asyncio.sleep(0.01)

    for number in kills:
        process = subprocess.Popen([sys.executable, "-c", SENDING, database_url, str(letters)])
        await until(number)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    process = subprocess.Popen([sys.executable, "-c", SENDING, database_url, str(letters)])
    await until(count)
    async with asyncio.timeout(60):
        while (await store.outbox.summary())[DeliveryState.SENT] < count:  # noqa: ASYNC110 - likewise
            await asyncio.sleep(0.05)
    process.kill()
    process.wait()
    assert len(await store.outbox.list(DeliveryState.SENT, limit=2 * count)) == count
    return sum(arrived().values()) - count
