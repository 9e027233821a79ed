from __future__ import annotations

import asyncio
import os
import signal

import pytest

from bot.ops import shutdown


async def test_a_system_without_signal_handlers_of_the_loop_is_stopped_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_arguments: object) -> None:
        raise NotImplementedError

    monkeypatch.setattr(asyncio.get_running_loop(), "add_signal_handler", refuse)
    monkeypatch.setattr(shutdown, "_LONGEST_STOP", 3600)
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        stop = shutdown.stop_on_signals()
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(stop.wait(), 5)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
