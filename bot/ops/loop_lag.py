"""A watchdog of the event loop: how late it is, and where in the code it stands when that is long."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import FrameType

log = logging.getLogger(__name__)

#: How often the loop is looked at, and from which lag on it is told where it stands (seconds).
_EVERY, _LONG = 0.1, 0.5

#: The packages whose code is named; what they call is not ours to mend.
_OURS = ("bot", "digests")


@asynccontextmanager
async def watching_loop(observe: Callable[[float], None]) -> AsyncIterator[None]:
    """Give *observe* the lag of the running loop (seconds) all the time; log what holds it up for long."""
    watch = _Watch(threading.get_ident(), asyncio.get_running_loop())
    thread = threading.Thread(target=watch.run, name="loop watchdog", daemon=True)
    thread.start()
    measuring = asyncio.create_task(_measure(watch, observe), name="loop lag")
    try:
        yield
    finally:
        watch.ended.set()
        measuring.cancel()
        await asyncio.gather(measuring, return_exceptions=True)


async def _measure(watch: _Watch, observe: Callable[[float], None]) -> None:
    while True:
        began = time.monotonic()
        watch.beat_at = began
        await asyncio.sleep(_EVERY)
        observe(max(0.0, time.monotonic() - began - _EVERY))


class _Watch:
    """The thread that looks at the loop from outside, which a loop that is held up cannot."""

    def __init__(self, loop_thread: int, loop: asyncio.AbstractEventLoop) -> None:
        self.beat_at = time.monotonic()
        self.ended = threading.Event()
        self._loop_thread = loop_thread
        self._loop = loop
        self._told_of = 0.0

    def run(self) -> None:
        """Look until ended."""
        woke = time.monotonic()
        while not self.ended.wait(_EVERY):
            now = time.monotonic()
            if now - woke < _LONG:  # else the whole process was stopped, and the loop is not to blame
                self._look(now)
            woke = now

    def _look(self, now: float) -> None:
        beat_at = self.beat_at
        if now - beat_at - _EVERY <= _LONG or self._told_of == beat_at:
            return
        self._told_of = beat_at
        place = where_in_ours(sys._current_frames().get(self._loop_thread))  # noqa: SLF001 - the only way to see another thread
        task = asyncio.current_task(self._loop)
        culprit = task.get_name() if task else "what is no task"
        log.warning("the event loop is held up for more than %g s by %s: %s", _LONG, culprit, place)


def where_in_ours(frame: FrameType | None) -> str:
    """The innermost function of ours in a stack, with its place; no value of it is told."""
    while frame is not None:
        module = str(frame.f_globals.get("__name__"))
        if module.partition(".")[0] in _OURS:
            return f"{module}.{frame.f_code.co_qualname}, line {frame.f_lineno}"
        frame = frame.f_back
    return "not in code of ours"
