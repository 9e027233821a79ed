from __future__ import annotations

import asyncio
from datetime import timedelta

from digests.delivery.planner import Planner
from digests.delivery.retry_policy import OnUnknown, RetryPolicy
from digests.delivery.sender import Sender
from digests.posts import DeliveryState, Failed, Sent, Unknown, given_back
from digests.store import Store
from tests.integration.small_world import MORNING, Composer, Postman, daily, eventually, planned, state_of


def drained(store, postman, now=MORNING, **rules):
    return Sender(store, postman, lambda: now, policy=RetryPolicy(**rules)).drain(now)


async def test_a_claim_is_on_record_before_the_call_begins(store):
    class Looking(Postman):
        async def send(self, delivery):
            assert await state_of(store) is DeliveryState.SENDING
            return await super().send(delivery)

    await planned(store, daily(1))
    assert await drained(store, Looking()) == 1


async def test_a_claim_whose_sender_died_is_sent_when_its_lease_is_over_and_not_before(store):
    await planned(store, daily(1))
    await store.outbox.claim(MORNING, 10, MORNING + timedelta(minutes=2))  # and then it crashed
    postman = Postman()
    assert await drained(store, postman, MORNING + timedelta(minutes=1)) == 0
    assert await drained(store, postman, MORNING + timedelta(minutes=3)) == 1
    (record,) = await store.outbox.list()
    assert record.unknowns == 1


async def test_a_claim_whose_sender_died_is_left_when_nothing_may_double(store):
    await planned(store, daily(1))
    await store.outbox.claim(MORNING, 10, MORNING + timedelta(minutes=2))
    await drained(store, Postman(), MORNING + timedelta(minutes=3), on_unknown=OnUnknown.SKIP)
    assert await state_of(store) is DeliveryState.UNKNOWN


async def test_a_known_outcome_that_comes_after_the_lease_is_still_the_truth(store):
    await planned(store, daily(1))
    rules = RetryPolicy()
    (late,) = await store.outbox.claim(MORNING, 10, MORNING + timedelta(minutes=2))
    await store.outbox.settle([rules.recover(late, MORNING + timedelta(minutes=3))])
    await store.outbox.settle([rules.apply(late, Sent(77), MORNING + timedelta(minutes=3))])
    assert await drained(store, Postman(), MORNING + timedelta(minutes=9)) == 0
    (record,) = await store.outbox.list()
    assert (record.state, record.message_id) == (DeliveryState.SENT, 77)


async def test_an_outcome_of_an_earlier_claim_does_not_touch_a_later_one(store):
    await planned(store, daily(1))
    rules = RetryPolicy()
    (early,) = await store.outbox.claim(MORNING, 10, MORNING + timedelta(minutes=2))
    await store.outbox.settle([given_back(early, MORNING)])
    await store.outbox.claim(MORNING, 10, MORNING + timedelta(minutes=2))
    await store.outbox.settle([rules.apply(early, Failed("no", permanent=True), MORNING)])
    assert await state_of(store) is DeliveryState.SENDING


async def test_an_expiry_that_comes_after_the_outcome_changes_nothing(store):
    await planned(store, daily(1))
    (claimed,) = await store.outbox.claim(MORNING, 10, MORNING + timedelta(minutes=2))
    await store.outbox.settle([RetryPolicy().apply(claimed, Sent(77), MORNING)])
    await store.outbox.settle([RetryPolicy().apply(claimed, Unknown("lease over"), MORNING)])
    assert await state_of(store) is DeliveryState.SENT


async def test_calls_that_take_long_hold_up_nothing_that_is_drained(store, monkeypatch):
    monkeypatch.setattr("digests.delivery.outcome_writer._LATE", 0.1)

    class Slow(Postman):
        async def send(self, delivery):
            await asyncio.sleep(0.2)
            return await super().send(delivery)

    await planned(store, *(daily(chat_id) for chat_id in range(1, 4)))
    sender = Sender(store, Slow(), lambda: MORNING, concurrency=1)
    assert await asyncio.wait_for(sender.drain(MORNING), 10) == 3


async def test_two_senders_never_claim_the_same_delivery(store, database_url):
    await planned(store, *(daily(chat_id) for chat_id in range(1, 61)))
    other, postman = await Store.open(database_url), Postman()
    counts = await asyncio.gather(drained(store, postman), drained(other, postman))
    await other.close()
    assert sum(counts) == len({delivery.id for delivery in postman.sent}) == len(postman.sent) == 60


async def running(sender):
    stop = asyncio.Event()
    return stop, asyncio.create_task(sender.run(stop))


async def test_a_running_sender_sends_what_comes_and_stops_when_told(store):
    await planned(store, *(daily(chat_id) for chat_id in range(1, 51)))
    arrived = asyncio.Event()

    class Counting(Postman):
        async def send(self, delivery):
            if len(self.sent) == 49:
                arrived.set()
            return await super().send(delivery)

    stop, run = await running(Sender(store, Counting(), lambda: MORNING, write_every=0.01))
    await asyncio.wait_for(arrived.wait(), 5)
    stop.set()
    await asyncio.wait_for(run, 10)
    assert (await store.outbox.summary())[DeliveryState.SENT] == 50


async def test_while_outcomes_cannot_be_written_no_more_than_another_batch_is_sent(store, monkeypatch):
    async def full(settlements):
        if settlements:
            raise OSError("the disk is full")

    await planned(store, *(daily(chat_id) for chat_id in range(1, 51)))
    postman = Postman()
    with monkeypatch.context() as patched:
        patched.setattr(store.outbox, "settle", full)
        stop, run = await running(Sender(store, postman, lambda: MORNING, batch=5, write_every=0.01))
        await eventually(lambda: len(postman.sent) >= 5)
        await asyncio.sleep(0.3)
        assert len(postman.sent) <= 10
    stop.set()
    await asyncio.wait_for(run, 10)
    assert (await store.outbox.summary())[DeliveryState.SENT] == len(postman.sent)


async def test_an_idle_sender_wakes_when_something_is_queued(store):
    postman = Postman()
    sender = Sender(store, postman, lambda: MORNING, poll_every=60, write_every=0.01)
    stop, run = await running(sender)
    await asyncio.sleep(0.05)
    await planned(store, daily(1))
    sender.wake()
    await eventually(lambda: postman.sent)
    stop.set()
    await asyncio.wait_for(run, 10)


async def test_a_stop_waits_for_calls_in_flight_and_gives_back_the_rest(store):
    await planned(store, *(daily(chat_id) for chat_id in range(1, 21)))
    begun, finish = asyncio.Event(), asyncio.Event()

    class Slow(Postman):
        async def send(self, delivery):
            begun.set()
            await finish.wait()
            return await super().send(delivery)

    stop, run = await running(Sender(store, Slow(), lambda: MORNING, concurrency=3))
    await begun.wait()
    stop.set()
    finish.set()
    await asyncio.wait_for(run, 10)
    summary = await store.outbox.summary()
    assert summary[DeliveryState.SENT] == 3
    assert summary[DeliveryState.PENDING] == 17


async def test_a_stop_does_not_wait_for_ever_for_a_call_that_hangs(store):
    await planned(store, *(daily(chat_id) for chat_id in range(1, 4)))
    begun = asyncio.Event()

    class Hanging:
        async def send(self, _delivery):
            begun.set()
            await asyncio.sleep(3600)

    sender = Sender(store, Hanging(), lambda: MORNING, concurrency=1, grace=0.05)
    stop, run = await running(sender)
    await begun.wait()
    stop.set()
    await asyncio.wait_for(run, 10)
    summary = await store.outbox.summary()
    assert summary[DeliveryState.SENDING] == 0
    assert summary[DeliveryState.PENDING] == 3
    assert sorted(record.unknowns for record in await store.outbox.list()) == [0, 0, 1]


async def test_calls_run_side_by_side_within_the_bound(store):
    await planned(store, *(daily(chat_id) for chat_id in range(1, 31)))
    at_once = []

    class Measuring(Postman):
        running = 0

        async def send(self, delivery):
            self.running += 1
            at_once.append(self.running)
            await asyncio.sleep(0.002)
            self.running -= 1
            return await super().send(delivery)

    await Sender(store, Measuring(), lambda: MORNING, batch=10, concurrency=4).drain(MORNING)
    assert max(at_once) == 4


async def test_a_claim_that_was_held_too_long_is_given_back_uncalled(store):
    await planned(store, daily(1), daily(2))
    now = MORNING

    class Stalling(Postman):
        async def send(self, delivery):
            nonlocal now
            now += timedelta(seconds=70)  # the second claim has 50 s left, less than a call may take
            return await super().send(delivery)

    postman = Stalling()
    stop, run = await running(Sender(store, postman, lambda: now, concurrency=1, write_every=0.01))
    await eventually(lambda: len(postman.sent) == 2)
    stop.set()
    await asyncio.wait_for(run, 10)
    assert [delivery.epoch for delivery in postman.sent] == [1, 2]


async def test_a_clock_that_leaps_during_a_call_doubles_nothing(store):
    await planned(store, daily(1))
    now, let_go = MORNING, asyncio.Event()

    class Slow(Postman):
        async def send(self, delivery):
            outcome = await super().send(delivery)
            await let_go.wait()
            return outcome

    postman = Slow()
    sender = Sender(store, postman, lambda: now, poll_every=0.01, write_every=0.01)
    stop, run = await running(sender)
    await eventually(lambda: len(postman.sent) == 1)
    now += timedelta(hours=1)  # the claim's lease is over before its time
    await eventually(lambda: sender._looked_at == now)
    await asyncio.sleep(0.05)
    let_go.set()
    async with asyncio.timeout(30):
        while await state_of(store) is not DeliveryState.SENT:  # noqa: ASYNC110 - a row has no event
            await asyncio.sleep(0.01)
    stop.set()
    await asyncio.wait_for(run, 10)
    assert len(postman.sent) == 1
    assert [record.unknowns for record in await store.outbox.list()] == [0]


async def test_a_leader_recovers_at_once_what_earlier_ones_had_claimed(store):
    await planned(store, daily(1), daily(2))
    await store.outbox.claim(MORNING, 10, MORNING + timedelta(minutes=2))  # and then it was killed
    await store.lease.take(60)
    postman = Postman()
    stop, run = await running(Sender(store, postman, lambda: MORNING))
    await eventually(lambda: len(postman.sent) == 2)
    stop.set()
    await asyncio.wait_for(run, 10)
    assert [record.unknowns for record in await store.outbox.list()] == [1, 1]


async def test_known_outcomes_outlive_the_term_in_which_they_could_not_be_written(store, monkeypatch):
    """The database goes away during the calls, the term ends, and another one begins later."""
    monkeypatch.setattr("digests.delivery.outcome_writer._FAILURE_WAIT", 0.05)
    await planned(store, *(daily(chat_id) for chat_id in range(1, 6)))
    await store.lease.take(60)
    write = store.outbox.settle

    async def away(updates):
        if updates:
            raise OSError("the database is away")

    postman = Postman()
    sender = Sender(store, postman, lambda: MORNING, write_every=0.01)
    with monkeypatch.context() as patched:
        patched.setattr(store.outbox, "settle", away)
        stop, run = await running(sender)
        await eventually(lambda: len(postman.sent) == 5)
        stop.set()
        await asyncio.wait_for(run, 10)
        assert await state_of(store) is DeliveryState.SENDING
    assert store.outbox.settle == write
    stop, run = await running(sender)
    async with asyncio.timeout(30):
        while (await store.outbox.summary())[DeliveryState.SENT] < 5:  # noqa: ASYNC110 - a row has no event
            await asyncio.sleep(0.01)
    stop.set()
    await asyncio.wait_for(run, 10)
    assert len(postman.sent) == 5


async def test_known_outcomes_are_written_though_another_instance_leads_by_then(store, monkeypatch):
    monkeypatch.setattr("digests.delivery.outcome_writer._FAILURE_WAIT", 0.05)
    await planned(store, daily(1))
    sender = Sender(store, Postman(), lambda: MORNING, write_every=0.01)

    async def away(updates):
        if updates:
            raise OSError("the database is away")

    with monkeypatch.context() as patched:
        patched.setattr(store.outbox, "settle", away)
        stop, run = await running(sender)
        await eventually(lambda: sender._outcomes.count)
        stop.set()
        await asyncio.wait_for(run, 10)
    async with asyncio.timeout(30):
        while await state_of(store) is not DeliveryState.SENT:  # noqa: ASYNC110 - polled
            await asyncio.sleep(0.02)


async def test_no_call_begins_while_outcomes_cannot_be_written(store, monkeypatch):
    monkeypatch.setattr("digests.delivery.outcome_writer._LATE", 0.05)
    await planned(store, *(daily(chat_id) for chat_id in range(1, 101)))
    unblocked = asyncio.Event()
    write = store.outbox.settle

    async def hangs(updates):
        if updates:
            await unblocked.wait()
        await write(updates)

    class Slow(Postman):
        async def send(self, delivery):
            await asyncio.sleep(0.02)
            return await super().send(delivery)

    monkeypatch.setattr(store.outbox, "settle", hangs)
    postman = Slow()
    sender = Sender(store, postman, lambda: MORNING, batch=100, concurrency=2, write_every=0.01)
    stop, run = await running(sender)
    await eventually(sender._outcomes.is_late)
    begun = len(postman.sent)
    await asyncio.sleep(0.3)
    assert len(postman.sent) <= begun + 4
    unblocked.set()
    await eventually(lambda: len(postman.sent) == 100)
    stop.set()
    await asyncio.wait_for(run, 10)
    assert (await store.outbox.summary())[DeliveryState.SENT] == 100


async def test_a_batch_of_stale_posts_does_not_hide_the_fresh_ones_behind_it(store):
    await planned(store, *(daily(chat_id) for chat_id in range(1, 31)))
    later = MORNING + timedelta(days=1)
    await Planner(store, Composer()).plan(later)
    postman = Postman()
    assert await Sender(store, postman, lambda: later, batch=10).drain(later) == 30
    assert {delivery.due_at for delivery in postman.sent} == {later}
