"""Stopping as a whole: on a signal, or when one part fails."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable


async def until_stopped(stop: asyncio.Event, *works: Awaitable[None]) -> None:
    """Do all of it until *stop* is set; when one part fails, the others are stopped too."""
    tasks = [asyncio.ensure_future(work) for work in works]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    await asyncio.gather(*tasks)


def stop_on_signals() -> asyncio.Event:
    """What SIGTERM and SIGINT set from now on."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop
