from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from digests.delivery.leader import LeaderElection
from digests.delivery.planner import Planner
from digests.delivery.retry_policy import RetryPolicy
from digests.delivery.sender import Sender
from digests.posts import DeliveryState, Sent
from digests.store import Store
from digests.store.lease import LeaseLostError
from tests.integration.small_world import (
    EVE,
    MORNING,
    Composer,
    Postman,
    daily,
    eventually,
    planned,
    state_of,
)

LEASE = MORNING + timedelta(minutes=2)


@pytest.fixture
async def other(database_url):
    """A second instance on the same database."""
    opened = await Store.open(database_url)
    yield opened
    await opened.close()


async def test_only_one_instance_holds_the_lease(store, other):
    assert await store.lease.take(60)
    assert not await other.lease.take(60)
    assert await store.lease.take(60)
    assert (store.lease.epoch, other.lease.epoch) == (1, None)


async def test_of_many_that_ask_at_once_one_gets_it(store, database_url):
    others = [await Store.open(database_url) for _ in range(4)]
    taken = await asyncio.gather(*(each.lease.take(60) for each in (store, *others)))
    assert sum(taken) == 1
    for each in others:
        await each.close()


async def test_a_lease_of_a_clock_that_was_years_ahead_holds_nobody_up(store, other):
    await store.lease.take(10 * 365 * 86400)
    assert await other.lease.take(60)
    assert not await store.lease.take(60)


async def test_a_lease_that_ran_out_goes_to_the_next_with_a_new_epoch(store, other):
    await store.lease.take(0.05)
    await asyncio.sleep(0.1)
    assert await other.lease.take(60)
    assert not await store.lease.take(60)
    assert (store.lease.epoch, other.lease.epoch) == (1, 2)


async def test_a_lease_that_was_given_up_is_free_at_once(store, other):
    await store.lease.take(60)
    await store.lease.give_up()
    assert await other.lease.take(60)


async def test_who_lost_the_lease_claims_and_plans_nothing_more(store, other):
    await store.lease.take(0)
    await planned(store, daily(1))
    await store.subscriptions.put(daily(2, at=10), EVE)
    await other.lease.take(60)
    with pytest.raises(LeaseLostError):
        await store.outbox.claim(MORNING, 10, LEASE)
    later = MORNING + timedelta(hours=1)
    with pytest.raises(LeaseLostError):
        await Planner(store, Composer()).plan(later)
    assert (await Planner(other, Composer()).plan(later)).queued == 1
    assert len(await other.outbox.claim(later, 10, later + timedelta(minutes=2))) == 2


async def test_what_an_earlier_holder_settles_does_not_touch_what_was_claimed_after_it(store, other):
    await store.lease.take(0)
    await planned(store, daily(1))
    (early,) = await store.outbox.claim(MORNING, 10, MORNING)
    await other.lease.take(60)
    (orphan,) = await other.outbox.orphans(MORNING, 10, everything=True)
    await other.outbox.settle([RetryPolicy().recover(orphan, MORNING)])
    await other.outbox.claim(MORNING, 10, LEASE)
    await store.outbox.settle([RetryPolicy().apply(early, Sent(77), MORNING)])
    (record,) = await other.outbox.list()
    assert record.state is DeliveryState.SENDING


@asynccontextmanager
async def leading(store, work, **options):
    leader_election, stop = LeaderElection(store.lease, **options), asyncio.Event()
    run = asyncio.create_task(leader_election.run(stop, work))
    yield leader_election
    stop.set()
    await asyncio.wait_for(run, 10)


async def until_told(stop):
    await stop.wait()


async def test_who_stood_still_and_lost_the_lease_takes_no_claim_of_the_next_for_lost(store, other, caplog):
    await store.lease.take(0)  # and then it stood still
    await planned(store, daily(1))
    await other.lease.take(60)
    (claimed,) = await other.outbox.claim(MORNING, 10, MORNING + timedelta(minutes=2))
    stop, postman = asyncio.Event(), Postman()
    running = asyncio.create_task(Sender(store, postman, lambda: MORNING + timedelta(minutes=3)).run(stop))
    await eventually(lambda: "deliveries wait: another instance plans and sends now" in caplog.text)
    stop.set()
    await asyncio.wait_for(running, 10)
    (record,) = await store.outbox.list()
    assert (record.state, record.unknowns) == (DeliveryState.SENDING, 0)
    await other.outbox.settle([RetryPolicy().apply(claimed, Sent(77), MORNING)])
    assert await state_of(other) is DeliveryState.SENT
    assert postman.sent == []


async def test_work_begins_with_the_lease_and_the_next_takes_over_at_a_stop(store, other):
    async with leading(other, until_told) as second:
        async with leading(store, until_told) as first:
            await eventually(lambda: first.leads or second.leads)
            assert first.leads != second.leads
        await eventually(lambda: second.leads)


async def test_who_is_held_back_leaves_the_lease_to_others(store, other):
    conflict = False
    ended = asyncio.Event()

    async def work(stop):
        await stop.wait()
        ended.set()

    async with leading(store, work, lasts=0.6, is_held_back=lambda: conflict) as first:
        await eventually(lambda: first.leads)
        conflict = True
        await asyncio.wait_for(ended.wait(), 5)
        assert not first.leads
        assert await other.lease.take(60)


async def test_a_database_that_is_away_ends_the_work_in_time(store, caplog, monkeypatch):
    async def hangs(_seconds):
        await asyncio.sleep(60)

    begun, ended = asyncio.Event(), asyncio.Event()

    async def work(stop):
        begun.set()
        await stop.wait()
        ended.set()

    async with leading(store, work, lasts=0.6) as first:
        await asyncio.wait_for(begun.wait(), 5)
        with monkeypatch.context() as patched:
            patched.setattr(store.lease, "take", hangs)
            await asyncio.wait_for(ended.wait(), 5)
            assert not first.leads
        begun.clear()
        await asyncio.wait_for(begun.wait(), 5)
    told = [message for message in caplog.messages if "the lease cannot be renewed" in message]
    assert set(told) == {
        "the lease cannot be renewed, and planning and sending end with it: no answer in time"
    }


async def test_work_that_fails_is_said_and_begun_again(store, caplog):
    tries = []

    async def work(stop):
        tries.append(stop)
        if len(tries) == 1:
            raise RuntimeError("no letters left")
        await stop.wait()

    async with leading(store, work, lasts=0.6):
        await eventually(lambda: len(tries) == 2)
    assert "no letters left" in caplog.text
