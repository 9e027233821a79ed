from __future__ import annotations

import asyncio
import random
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from digests.delivery.planner import Planner
from digests.delivery.retry_policy import RetryPolicy
from digests.delivery.sender import Sender
from digests.posts import DeliveryState, Sent
from digests.store import Store
from digests.store.admin.backup import back_up
from digests.store.admin.inspect import probe
from digests.store.connections import sqlite
from digests.store.connections.database import UnavailableDatabaseError, is_database_trouble
from digests.subscriptions import Address
from tests.integration.killing import IN_FLIGHT, broadcast_with_kills
from tests.integration.replicas import Wire
from tests.integration.small_world import EVE, MORNING, Composer, Postman, daily, eventually, planned


@pytest.fixture
def impatient(monkeypatch):
    """Connections that give up on a lock soon."""
    pragmas = [pragma for pragma in sqlite._PRAGMAS if "busy_timeout" not in pragma]
    monkeypatch.setattr(sqlite, "_PRAGMAS", ("PRAGMA busy_timeout=50", *pragmas))


@pytest.mark.usefixtures("impatient")
async def test_a_sender_waits_out_a_database_that_another_process_locked(
    database_path, sqlite_url, caplog, monkeypatch
):
    monkeypatch.setattr("digests.delivery.outcome_writer._FAILURE_WAIT", 0.05)
    monkeypatch.setattr("digests.delivery.sender._FAILURE_WAIT", 0.05)
    store = await Store.open(sqlite_url)
    await planned(store, daily(1))
    postman, stop = Postman(), asyncio.Event()
    with closing(sqlite3.connect(database_path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        run = asyncio.create_task(Sender(store, postman, lambda: MORNING).run(stop))
        await eventually(lambda: "database is locked" in caplog.text)
        assert postman.sent == []
        other.execute("ROLLBACK")
    await eventually(lambda: postman.sent)
    stop.set()
    await asyncio.wait_for(run, 10)
    assert (await store.outbox.summary())[DeliveryState.SENT] == 1
    await store.close()


@pytest.mark.usefixtures("impatient")
async def test_outcomes_that_could_not_be_written_are_written_later(
    database_path, sqlite_url, caplog, monkeypatch
):
    monkeypatch.setattr("digests.delivery.outcome_writer._FAILURE_WAIT", 0.05)
    monkeypatch.setattr("digests.delivery.sender._FAILURE_WAIT", 0.05)
    store, other = await Store.open(sqlite_url), sqlite3.connect(database_path, isolation_level=None)
    await planned(store, daily(1))

    class Locking(Postman):
        async def send(self, delivery):
            other.execute("BEGIN IMMEDIATE")
            return await super().send(delivery)

    postman, stop = Locking(), asyncio.Event()
    run = asyncio.create_task(Sender(store, postman, lambda: MORNING, write_every=0.01).run(stop))
    await eventually(lambda: "outcomes wait to be written" in caplog.text)
    other.execute("ROLLBACK")
    other.close()
    stop.set()
    await asyncio.wait_for(run, 10)
    assert (await store.outbox.summary())[DeliveryState.SENT] == 1
    assert len(postman.sent) == 1
    await store.close()


@pytest.mark.usefixtures("impatient")
async def test_a_planner_that_met_a_locked_database_plans_in_a_later_round(database_path, sqlite_url):
    store = await Store.open(sqlite_url)
    await store.subscriptions.put(daily(1), EVE)
    with closing(sqlite3.connect(database_path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        planner = Planner(store, Composer())
        with pytest.raises(OperationalError, match="locked"):
            await planner.plan(MORNING)
    assert (await planner.plan(MORNING)).queued == 1
    await store.close()


@pytest.mark.usefixtures("impatient")
async def test_reading_goes_on_while_somebody_writes(database_path, sqlite_url):
    store = await Store.open(sqlite_url)
    await store.subscriptions.put(daily(1), EVE)
    with closing(sqlite3.connect(database_path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert await store.subscriptions.count() == 1
        with pytest.raises(OperationalError, match="locked"):
            await store.subscriptions.put(daily(2), EVE)
    await store.close()


async def test_a_write_that_is_cut_off_in_the_middle_leaves_no_lock_behind(sqlite_url):
    store = await Store.open(sqlite_url)
    await store.subscriptions.put(daily(99), EVE)
    many = [daily(chat_id) for chat_id in range(1, 40)]
    dice = random.Random(7)
    for _ in range(60):
        write = asyncio.create_task(store.subscriptions.put_all(many, EVE))
        await asyncio.sleep(dice.random() * 0.02)
        write.cancel()
        async with asyncio.timeout(2):  # less than SQLite waits for a lock
            await store.subscriptions.put(daily(99), EVE)
        await asyncio.gather(write, return_exceptions=True)
    await store.close()


async def test_many_outcomes_whose_writing_is_cut_off_leave_no_lock_behind(sqlite_url):
    store = await Store.open(sqlite_url)
    await planned(store, *(daily(chat_id) for chat_id in range(1, 51)))
    claimed = await store.outbox.claim(MORNING, 50, MORNING + timedelta(minutes=2))
    settlements = [RetryPolicy().apply(delivery, Sent(1), MORNING) for delivery in claimed]
    dice = random.Random(7)
    for _ in range(100):
        write = asyncio.create_task(store.outbox.settle(settlements))
        await asyncio.sleep(dice.random() * 0.003)
        write.cancel()
        async with asyncio.timeout(2):
            await store.outbox.settle(settlements)
        await asyncio.gather(write, return_exceptions=True)
    assert (await store.outbox.summary())[DeliveryState.SENT] == 50
    await store.close()


async def test_a_full_disk_is_told_once_and_planning_and_sending_go_on_when_there_is_room(
    sqlite_url, caplog, monkeypatch
):
    monkeypatch.setattr("digests.delivery.outcome_writer._FAILURE_WAIT", 0.05)
    monkeypatch.setattr("digests.delivery.sender._FAILURE_WAIT", 0.05)
    store = await Store.open(sqlite_url)
    await store.subscriptions.put_all([daily(chat_id) for chat_id in range(1, 500)], EVE)
    planner, postman, stop = Planner(store, Composer()), Postman(), asyncio.Event()
    run = asyncio.create_task(Sender(store, postman, lambda: MORNING, poll_every=0.05).run(stop))
    await _allow_pages(store, 0)  # no page more than there are
    for _ in range(3):
        assert (await planner.plan(MORNING)).failed == 1
    assert await store.subscriptions.get(Address(1)) is not None
    assert caplog.text.count("failed and is tried again") == 1
    await _allow_pages(store, 10_000)
    assert (await planner.plan(MORNING)).queued == 499
    await eventually(lambda: len(postman.sent) == 499)
    stop.set()
    await asyncio.wait_for(run, 10)
    assert (await store.outbox.summary())[DeliveryState.SENT] == 499
    await store.close()


async def _allow_pages(store: Store, more: int) -> None:
    """As many pages as SQLite may add to the file: without any, it says that the disk is full."""
    async with store.subscriptions._database.writing() as connection:
        pages = await connection.scalar(text("PRAGMA page_count"))
        await connection.execute(text(f"PRAGMA max_page_count = {pages + more}"))


async def test_a_round_with_nothing_due_reads_an_index_only(database_path):
    with closing(sqlite3.connect(database_path)) as raw:
        (plan,) = raw.execute(
            "EXPLAIN QUERY PLAN SELECT * FROM schedules WHERE next_due_at <= '2026' ORDER BY next_due_at"
        ).fetchall()
    assert "USING INDEX ix_schedules_next_due_at" in plan[-1]


async def test_a_claim_finds_what_waits_without_reading_what_is_done(database_path):
    with closing(sqlite3.connect(database_path)) as raw:
        plan = raw.execute(
            "EXPLAIN QUERY PLAN SELECT * FROM deliveries JOIN subscriptions ON subscriptions.id = "
            "deliveries.subscription_id WHERE deliveries.state = 'pending' AND not_before <= '2026' "
            "ORDER BY not_before, deliveries.id LIMIT 10"
        ).fetchall()
    assert "ix_deliveries_pending" in plan[0][-1]
    assert not any("TEMP B-TREE" in step[-1] for step in plan)


async def test_a_sender_killed_in_the_middle_loses_nothing_and_doubles_only_what_was_in_flight(
    store, database_url, tmp_path
):
    kills = (100, 400, 700)
    doubled = await broadcast_with_kills(store, database_url, tmp_path / "letters", 1000, kills)
    assert doubled <= len(kills) * IN_FLIGHT


async def test_a_server_that_hangs_up_while_it_is_connected_to_is_trouble_of_the_database(
    postgresql, postgresql_url
):
    with TemporaryDirectory(prefix="wire-") as folder:
        wire = Wire(postgresql.folder, Path(folder) / "a")
        await wire.start()
        store = await Store.open(postgresql_url.replace(str(postgresql.folder), str(Path(folder) / "a")))
        wire.lose_server()
        await wire.hang_up()
        with pytest.raises(Exception) as caught:  # noqa: PT011 - whatever its kind is
            await store.subscriptions.get(Address(1))
        assert is_database_trouble(caught.value)
        await store.close()
        await wire.close()


@pytest.mark.parametrize("page", [1, 2, 3])  # SQLite counts from 1; its table of tables begins in the first
async def test_a_file_with_a_damaged_page_is_told_with_what_to_do(database_path, sqlite_url, page):
    store = await Store.open(sqlite_url)
    await store.subscriptions.put(daily(1), EVE)
    await store.close()
    with database_path.open("r+b") as file:
        file.seek(4096 * page - 2048)
        file.write(b"\xff" * 2048)
    with pytest.raises(UnavailableDatabaseError, match="is damaged, restore a backup"):
        await probe(sqlite_url)


@pytest.mark.parametrize("is_replaced", [False, True], ids=["deleted", "replaced"])
async def test_a_file_that_is_not_the_open_one_any_more_is_written_no_more(
    database_path, sqlite_url, is_replaced
):
    store = await Store.open(sqlite_url)
    await store.subscriptions.put(daily(1), EVE)
    copy = database_path.with_suffix(".copy")
    back_up(sqlite_url, copy, EVE)
    if is_replaced:
        copy.replace(database_path)
    else:
        database_path.unlink()
    for wanted in (store.subscriptions.put(daily(2), EVE), store.write_heartbeat(), store.lease.take(60)):
        with pytest.raises(UnavailableDatabaseError, match="was deleted or replaced: restart the bot"):
            await wanted
    assert database_path.exists() is is_replaced
    await store.close()
