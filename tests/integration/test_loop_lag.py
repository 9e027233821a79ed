from __future__ import annotations

import asyncio
import time

from bot.ops import loop_lag
from bot.ops.loop_lag import watching_loop


async def test_the_lag_of_the_loop_is_measured_and_what_holds_it_up_is_named(caplog, monkeypatch):
    monkeypatch.setattr(loop_lag, "_OURS", (__name__.partition(".")[0],))
    lags: list[float] = []
    async with watching_loop(lags.append):
        await asyncio.sleep(0.25)
        await asyncio.create_task(hold_up_soon(), name="update 7 (zones)")
        await asyncio.sleep(0.25)
    assert max(lags) > 0.5
    told = [message for message in caplog.messages if "held up" in message]
    assert len(told) == 1
    assert "by update 7 (zones): " in told[0]
    assert "test_loop_lag.hold_up, line " in told[0]


async def test_a_loop_that_is_free_is_not_told_of(caplog):
    lags: list[float] = []
    async with watching_loop(lags.append):
        async with asyncio.timeout(30):
            while len(lags) < 3:  # noqa: ASYNC110 - the watchdog has no event
                await asyncio.sleep(0.05)
    assert "held up" not in caplog.text


async def hold_up_soon() -> None:
    hold_up(1.0)


def hold_up(seconds: float) -> None:
    time.sleep(seconds)
