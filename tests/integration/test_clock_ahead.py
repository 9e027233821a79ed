"""A clock that was ahead, or not set at all, and goes right again: nothing due is left out or told twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from digests.delivery.planner import Planned, Planner
from digests.delivery.retry_policy import RetryPolicy
from digests.posts import DeliveryState, Later, Sent, given_back
from digests.store import Store
from tests.integration.small_world import DAY, EVE, MORNING, Composer, daily, state_of

NEXT_MORNING = MORNING + timedelta(days=1)
LEAPS = [timedelta(hours=14), timedelta(days=40), timedelta(days=3653)]


async def sent_at(store: Store, now: datetime) -> list[str]:
    """Send what may be sent at an instant; the occasions that are told by it."""
    claimed = await store.outbox.claim(now, 100, now + timedelta(minutes=2))
    await store.outbox.settle([RetryPolicy().apply(delivery, Sent(1), now) for delivery in claimed])
    told = {record.id: record.occasion for record in await store.outbox.list(DeliveryState.SENT, 1000)}
    return [told[delivery.id] for delivery in claimed]


@pytest.mark.parametrize("leap", LEAPS, ids=str)
async def test_after_a_clock_was_ahead_each_day_is_planned_at_its_time(store, leap):
    await store.subscriptions.put(daily(1), EVE)
    planner = Planner(store, Composer())
    await planner.plan(EVE + leap)
    told_ahead = await sent_at(store, EVE + leap)
    await planner.plan(EVE)
    assert await sent_at(store, EVE) == []
    for day, now in ((DAY.key, MORNING), (DAY.following.key, NEXT_MORNING)):
        await planner.plan(now)
        assert await sent_at(store, now) == ([] if day in told_ahead else [day])


async def test_another_instance_than_the_one_whose_clock_was_ahead_undoes_it_as_well(store):
    await store.subscriptions.put(daily(1), EVE)
    await Planner(store, Composer()).plan(EVE + LEAPS[-1])
    assert (await Planner(store, Composer()).plan(MORNING)).queued == 1


async def test_what_another_instance_did_ahead_between_two_terms_of_this_one_is_undone(store, database_url):
    other = await Store.open(database_url)
    planner = Planner(store, Composer())
    await store.subscriptions.put(daily(1), EVE)
    await store.lease.take(60)
    await planner.plan(EVE)
    await store.lease.give_up()
    await other.lease.take(60)
    await Planner(other, Composer()).plan(EVE + LEAPS[-1])
    await other.lease.give_up()
    await other.close()
    await store.lease.take(60)
    assert (await planner.plan(MORNING)).queued == 1


async def test_what_was_found_stale_by_a_clock_ahead_is_sent_after_all(store):
    await store.subscriptions.put(daily(1), EVE)
    planner = Planner(store, Composer())
    await planner.plan(MORNING)
    ahead = MORNING + LEAPS[-1]
    await planner.plan(ahead)
    await store.outbox.claim(ahead, 10, ahead + timedelta(minutes=2))
    assert await state_of(store) is DeliveryState.SKIPPED
    await planner.plan(MORNING)
    assert await sent_at(store, MORNING) == [DAY.key]


async def test_what_a_clock_ahead_put_off_for_years_is_tried_again(store):
    await store.subscriptions.put(daily(1), EVE)
    planner, ahead = Planner(store, Composer()), MORNING + LEAPS[-1]
    await planner.plan(MORNING)
    claimed = await store.outbox.claim(MORNING, 10, ahead)
    await store.outbox.settle([RetryPolicy().apply(claimed[0], Later(15, "busy"), ahead)])
    await planner.plan(ahead)
    await planner.plan(MORNING)
    assert await sent_at(store, MORNING) == [DAY.key]


@pytest.mark.parametrize("leap", [timedelta(minutes=18), timedelta(minutes=50)], ids=str)
async def test_what_was_put_off_while_the_clock_was_a_little_ahead_is_tried_at_once(store, leap):
    await store.subscriptions.put(daily(1), EVE)
    planner, ahead = Planner(store, Composer()), MORNING + leap
    await planner.plan(MORNING)
    await planner.plan(ahead)
    claimed = await store.outbox.claim(ahead, 10, ahead + timedelta(minutes=2))
    await store.outbox.settle([RetryPolicy().apply(claimed[0], Later(15, "busy"), ahead)])
    await planner.plan(MORNING)
    assert await sent_at(store, MORNING) == [DAY.key]


@pytest.mark.parametrize("leap", [timedelta(hours=8), *LEAPS], ids=str)
async def test_who_subscribed_while_the_clock_was_ahead_gets_the_next_post(store, leap):
    planner = Planner(store, Composer())
    await planner.plan(EVE + leap)
    await store.subscriptions.put(daily(1), EVE + leap)
    await planner.plan(EVE)
    assert (await planner.plan(MORNING)).queued == 1


async def test_what_a_clock_ahead_had_claimed_and_gives_back_later_is_undone_as_well(store):
    await store.subscriptions.put(daily(1), EVE)
    planner, ahead = Planner(store, Composer()), EVE + timedelta(days=40)
    await planner.plan(EVE)
    await planner.plan(ahead)
    (claim, *others) = await store.outbox.claim(ahead, 100, ahead + timedelta(minutes=2))
    await planner.plan(EVE)
    await store.outbox.settle([given_back(each, EVE) for each in (claim, *others)])
    assert await store.outbox.claim(EVE, 100, EVE + timedelta(minutes=2)) == []
    await planner.plan(EVE)
    assert not await store.outbox.list(DeliveryState.PENDING, 1000)
    assert (await planner.plan(MORNING)).queued == 1


async def test_who_subscribed_while_the_clock_was_ahead_does_not_wait_for_that_time(store):
    planner, ahead = Planner(store, Composer()), EVE + LEAPS[-1]
    await store.subscriptions.put(daily(1), ahead)
    await planner.plan(ahead)
    await planner.plan(EVE)
    assert (await planner.plan(MORNING)).queued == 1


async def test_what_was_told_while_the_clock_was_ahead_is_not_told_again(store):
    await store.subscriptions.put(daily(1), EVE)
    planner = Planner(store, Composer())
    await planner.plan(MORNING)
    assert await sent_at(store, MORNING) == [DAY.key]
    await planner.plan(EVE)
    await planner.plan(MORNING)
    assert await sent_at(store, MORNING) == []


async def test_a_clock_that_was_never_set_plans_nothing_and_undoes_nothing(store):
    await store.subscriptions.put(daily(1), EVE)
    planner = Planner(store, Composer())
    assert await planner.plan(datetime(1970, 1, 1, tzinfo=UTC)) == Planned()
    assert await store.outbox.next_due() == MORNING
    assert (await planner.plan(MORNING)).queued == 1


async def test_without_a_clock_ahead_no_delivery_is_read(sqlite_url):
    store = await Store.open(sqlite_url)
    seen = []

    @event.listens_for(store._database._writer.sync_engine, "before_cursor_execute")
    def _note(_connection, _cursor, statement, parameters, _context, _many):
        seen.append((statement, parameters))

    await store.due_schedules.undo_ahead(MORNING, was_set_back=True)
    queries = [each for each in seen if " deliveries" in each[0]]
    assert len(queries) == 4
    async with store._database.reading() as connection:
        for statement, parameters in queries:
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps = [step[-1] for step in plan.all()]
            assert all("USING" in step for step in steps if " deliveries" in step), (statement, steps)
    await store.close()
