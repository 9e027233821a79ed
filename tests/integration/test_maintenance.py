from __future__ import annotations

import logging
from datetime import timedelta
from types import SimpleNamespace

from sqlalchemy import event

from digests.delivery.clock import LeapDetector
from digests.delivery.maintenance import Maintenance
from digests.delivery.planner import Planner
from digests.delivery.sender import Sender
from digests.posts import DeliveryState
from digests.store import Store
from tests.integration.small_world import EVE, MORNING, Composer, Postman, daily, planned

KEEP = timedelta(days=400)


def upkeep(store, now):
    return Maintenance(store, KEEP, lambda: now)


async def test_what_ended_long_ago_is_deleted_and_the_rest_stays(store):
    await planned(store, *(daily(chat_id) for chat_id in range(1200)))
    await Sender(store, Postman(), lambda: MORNING).drain(MORNING)
    later = MORNING + timedelta(days=1)
    await Planner(store, Composer()).plan(later)
    assert await upkeep(store, MORNING + KEEP).prune() == 0
    assert await upkeep(store, later + KEEP).prune() == 1200
    summary = await store.outbox.summary()
    assert (summary[DeliveryState.SENT], summary[DeliveryState.PENDING]) == (0, 1200)


async def test_a_clock_that_was_set_since_the_last_round_has_nothing_deleted(store):
    await planned(store, daily(1))
    await Sender(store, Postman(), lambda: MORNING).drain(MORNING)
    at = SimpleNamespace(now=MORNING, steady=0.0)
    maintenance = Maintenance(store, KEEP, lambda: at.now, LeapDetector(lambda: at.now, lambda: at.steady))
    deleted = []
    for leap in (timedelta(), timedelta(), 10 * KEEP, timedelta()):
        deleted.append(await maintenance.prune_if_sure())
        at.now, at.steady = at.now + timedelta(hours=1) + leap, at.steady + 3600
    deleted.append(await maintenance.prune_if_sure())
    assert deleted == [
        0,
        0,
        0,
        0,
        1,
    ]  # the fourth round comes behind the leap, the fifth finds a steady clock


async def test_no_words_of_a_question_stay_on_record_for_more_than_a_day(store):
    await store.held_updates.hold(42, {1: "{}"}, MORNING)
    at = SimpleNamespace(now=MORNING, steady=0.0)
    maintenance = Maintenance(store, KEEP, lambda: at.now, LeapDetector(lambda: at.now, lambda: at.steady))
    kept = []
    for _ in range(26):
        await maintenance.prune_if_sure()
        kept.append(len(await store.held_updates.all(42)))
        at.now, at.steady = at.now + timedelta(hours=1), at.steady + 3600
    assert kept == [1] * 25 + [0]


async def test_what_still_waits_is_never_deleted(store):
    await planned(store, daily(1))
    assert await upkeep(store, MORNING + 10 * KEEP).prune() == 0
    assert (await store.outbox.summary())[DeliveryState.PENDING] == 1


async def test_what_ended_long_ago_is_not_counted(store):
    await planned(store, daily(1))
    await Sender(store, Postman(), lambda: MORNING).drain(MORNING)
    assert (await store.outbox.summary(MORNING))[DeliveryState.SENT] == 1
    assert (await store.outbox.summary(MORNING + timedelta(seconds=1)))[DeliveryState.SENT] == 0


async def test_counting_and_pruning_read_an_index_and_never_all_deliveries(sqlite_url):
    store = await Store.open(sqlite_url)
    seen = []

    @event.listens_for(store._database._reader.sync_engine, "before_cursor_execute")
    def _note(_connection, _cursor, statement, parameters, _context, _many):
        seen.append((statement, parameters))

    event.listen(store._database._writer.sync_engine, "before_cursor_execute", _note)
    await store.outbox.summary(EVE)
    await store.history.prune(EVE, 500)
    queries = [each for each in seen if "deliveries" in each[0]]
    assert len(queries) == 4
    async with store._database.reading() as connection:
        for statement, parameters in queries:
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps = [step[-1] for step in plan.all()]
            assert all("USING" in step for step in steps if " deliveries" in step), statement
    await store.close()


async def test_a_sound_database_is_said_to_be_sound(store, caplog):
    caplog.set_level(logging.INFO)
    await upkeep(store, MORNING).check()
    assert caplog.messages[-1] == "the database was checked: no damage"


async def test_damage_is_told_with_what_to_do(database_path, sqlite_url, caplog):
    store = await Store.open(sqlite_url)
    await planned(store, *(daily(chat_id) for chat_id in range(300)))
    await store.close()
    content = bytearray(database_path.read_bytes())
    for page in range(3 * 4096, len(content), 4096):
        content[page : page + 64] = b"\xff" * 64
    database_path.write_bytes(content)
    damaged = Store(store._database)
    await upkeep(damaged, MORNING).check()
    assert "the database is damaged: stop the bot and restore the last backup (" in caplog.text
    assert len(caplog.messages[-1].splitlines()) == 1
    await damaged.close()
