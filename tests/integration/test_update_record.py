from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiogram.types import Update

from bot.updates.update_queue import UpdateQueue
from bot.updates.update_record import UpdateRecord
from digests.store import Store
from tests.integration.scripted_api import speaking
from tests.integration.small_world import MORNING
from tests.integration.test_polling import text


@asynccontextmanager
async def started(store: Store, handle) -> AsyncIterator[tuple[UpdateQueue, UpdateRecord, int]]:
    async with speaking("http://127.0.0.1:9") as bot:
        record = UpdateRecord(store.held_updates, bot.id, lambda: MORNING)
        yield UpdateQueue(handle, bot, record=record), record, bot.id


async def on_record(store: Store) -> set[int]:
    return {held.update_id for held in await store.held_updates.all(42)}


async def run_until_killed(store: Store, numbers: list[int], poison: int) -> list[int]:
    """A process that gets these updates, and dies of one of them; what it had handled before."""
    handled: list[int] = []
    died = asyncio.Event()

    async def handle(update: Update) -> None:
        if update.update_id == poison:
            died.set()
            await asyncio.sleep(60)
        handled.append(update.update_id)

    async with started(store, handle) as (queue, _, _):
        await queue.resume()
        tasks = [queue.submit(text(number, number)) for number in numbers]
        ended = asyncio.gather(*(task for task in tasks if task is not None), return_exceptions=True)
        async with asyncio.timeout(20):
            while not (ended.done() or died.is_set()):  # noqa: ASYNC110 - either of two
                await asyncio.sleep(0.01)
            while await on_record(store) & set(handled):  # noqa: ASYNC110 - rows of a database
                await asyncio.sleep(0.01)
        for task in tasks:
            if task is not None:
                task.cancel()  # without a word to the record, as at a kill
        await asyncio.gather(ended, return_exceptions=True)
    return handled


async def test_an_update_that_took_the_process_down_three_times_is_set_aside(store: Store, caplog) -> None:
    begun = []
    for _ in range(5):
        handled = await run_until_killed(store, [1, 2, 3], poison=2)
        begun.append(3 in handled)
    assert begun[-1], "the process lives on without it"
    assert await on_record(store) == {2}
    assert "update 2 is set aside: the process ended 3 times while it was handled" in caplog.text


async def test_those_that_stood_beside_it_are_handled_and_not_blamed(store: Store) -> None:
    first = await run_until_killed(store, [1, 2, 3, 4], poison=2)
    assert 1 in first
    for _ in range(6):
        last = await run_until_killed(store, [2, 3, 4], poison=2)
    assert sorted(last) == [3, 4]


async def test_a_set_aside_update_keeps_no_content(store: Store) -> None:
    await store.held_updates.hold(42, {2: '{"update_id": 2}'}, MORNING)
    for _ in range(4):
        await run_until_killed(store, [], poison=2)
        await run_until_killed(store, [2], poison=2)
    (held,) = await store.held_updates.all(42)
    assert (held.update_id, held.content) == (2, None)


async def test_an_update_that_a_stop_cut_off_is_not_to_blame(store: Store) -> None:
    async def hang(_update: Update) -> None:
        await asyncio.sleep(60)

    for _ in range(5):
        async with started(store, hang) as (queue, _, bot_id):
            queue.submit(text(1, 1))
            await asyncio.sleep(0.1)
            await queue.drain(0.05)
            assert [held.begun for held in await store.held_updates.all(bot_id)] == [0]


async def test_without_a_database_updates_are_handled_and_it_is_told_once(store: Store, caplog) -> None:
    heard: list[int] = []

    async def handle(update: Update) -> None:
        heard.append(update.update_id)

    await store.close()
    async with started(store, handle) as (queue, record, _):
        record._held = Unwritable()  # type: ignore[assignment] # all that is asked of it
        await queue.resume()
        for number in range(20):
            queue.submit(text(number, number))
        assert not await queue.hold([text(99, 99)])
        await queue.drain(5)
    assert sorted(heard) == [*range(20)]
    assert caplog.text.count("counting updates failed") == 1


async def test_an_update_that_cannot_be_written_down_keeps_no_other_from_the_record(
    store: Store, caplog
) -> None:
    record = UpdateRecord(store.held_updates, 42, lambda: MORNING)
    nested: dict[str, object] = {}
    for _ in range(500):
        nested = {"a": nested}
    assert await record.hold([text(1, 1) | {"novel": nested}])
    assert await record.hold([text(1, 1) | {"novel": nested}, text(2, 2)])
    assert [held.update_id for held in await store.held_updates.all(42)] == [2]
    assert "update 1 cannot be put on record" in caplog.text


class Unwritable:
    """A record in a database that is away."""

    def __getattr__(self, _name: str):
        async def fail(*_arguments: object) -> None:
            raise OSError("disk full")

        return fail


async def test_the_record_forgets_after_a_day_as_the_server_does(store: Store) -> None:
    await store.held_updates.hold(42, {1: "{}"}, MORNING)
    assert await store.held_updates.prune(MORNING) == 0
    assert await store.held_updates.prune(MORNING.replace(day=11)) == 1
