"""Stopping as a whole: on a signal, or when one part fails."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Awaitable

log = logging.getLogger(__name__)

#: How long a stop may take (seconds): compose and Docker kill after ten.
_LONGEST_STOP = 9.0


async def until_stopped(stop: asyncio.Event, *works: Awaitable[None]) -> None:
    """Do all of it until *stop* is set; when one part fails, the others are stopped too."""
    tasks = [asyncio.ensure_future(work) for work in works]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    await asyncio.gather(*tasks)


def stop_on_signals() -> asyncio.Event:
    """What SIGTERM and SIGINT set from now on; a stop that hangs is cut short after `_LONGEST_STOP`."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()

    def begin() -> None:
        if not stop.is_set():
            stop.set()
            deadline = threading.Timer(_LONGEST_STOP, _end_now, [loop])
            deadline.daemon = True
            deadline.start()

    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, begin)
        except NotImplementedError:  # on Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(begin))
    return stop


def _end_now(loop: asyncio.AbstractEventLoop) -> None:
    """End the process, whatever hangs: what is in work is found again by the next start."""
    if not loop.is_closed():
        log.error("the stop took longer than %g s and was cut short", _LONGEST_STOP)
        logging.shutdown()
        os._exit(1)
