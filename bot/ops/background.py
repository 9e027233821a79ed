"""Work that follows an answer, and that the updates behind it need not wait for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

#: How long a stop waits for it (seconds).
_LIMIT = 3.0

#: How much of it is done at once: hundreds who waited for one picture must not be in the way of answers.
_AT_ONCE = 50


class BackgroundTasks:
    """Keeps such work until it is done; what it meets it has to note itself."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._slots = asyncio.Semaphore(_AT_ONCE)

    def do(self, work: Callable[[], Coroutine[Any, Any, object]]) -> None:
        """Begin it soon and wait for it at a stop."""
        task = asyncio.create_task(self._in_turn(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _in_turn(self, work: Callable[[], Coroutine[Any, Any, object]]) -> None:
        async with self._slots:
            await work()

    async def close(self) -> None:
        """Wait until all is done; what takes long is cut off."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=_LIMIT)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
