"""Waiting for an event or for work, but no longer than something else lasts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


async def wait_for_any(*events: asyncio.Event, seconds: float) -> bool:
    """Wait until one of *events* is set, at most so many seconds; whether one is."""
    if not any(event.is_set() for event in events):
        waits = [asyncio.create_task(event.wait()) for event in events]
        try:
            await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
    return any(event.is_set() for event in events)


async def finish_unless(stop: asyncio.Event, work: Awaitable[T]) -> T | None:
    """The result of *work*; None, and *work* is cancelled, when *stop* is set before it ends."""
    task, stopped = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait([task, stopped], return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        for future in (task, stopped):
            future.cancel()
        await asyncio.gather(task, stopped, return_exceptions=True)
