from __future__ import annotations

import asyncio

from bot.afterwards import Afterwards


async def test_hundreds_who_wait_for_one_thing_go_on_by_and_by_and_all_do():
    afterwards, ready = Afterwards(), asyncio.Event()
    at_once = most = done = 0

    async def work():
        nonlocal at_once, most, done
        at_once += 1
        most = max(most, at_once)
        await ready.wait()
        await asyncio.sleep(0)
        at_once -= 1
        done += 1

    for _ in range(500):
        afterwards.do(work)
    await asyncio.sleep(0)
    ready.set()
    await afterwards.close()
    assert done == 500
    assert most <= 50


async def test_at_a_stop_what_takes_long_is_cut_off(monkeypatch):
    monkeypatch.setattr("bot.afterwards._LIMIT", 0.05)
    afterwards = Afterwards()
    cut = asyncio.Event()

    async def work():
        try:
            await asyncio.sleep(60)
        finally:
            cut.set()

    afterwards.do(work)
    await afterwards.close()
    assert cut.is_set()
