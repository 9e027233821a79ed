from __future__ import annotations

import asyncio

from bot.ops.background import BackgroundTasks


async def test_hundreds_who_wait_for_one_thing_go_on_by_and_by_and_all_do():
    background, ready = BackgroundTasks(), asyncio.Event()
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
        background.do(work)
    await asyncio.sleep(0)
    ready.set()
    await background.close()
    assert done == 500
    assert most <= 50


async def test_at_a_stop_what_takes_long_is_cut_off(monkeypatch):
    monkeypatch.setattr("bot.ops.background._LIMIT", 0.05)
    background = BackgroundTasks()
    cut = asyncio.Event()

    async def work():
        try:
            await asyncio.sleep(60)
        finally:
            cut.set()

    background.do(work)
    await background.close()
    assert cut.is_set()
