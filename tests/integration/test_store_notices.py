from __future__ import annotations

from datetime import timedelta

from digests.delivery.retry_policy import RetryPolicy
from digests.posts import Failed
from digests.store.chats import Forgotten
from digests.subscriptions import Address
from tests.integration.small_world import EVE, MORNING, daily, planned


async def fail_all(store):
    claimed = await store.outbox.claim(MORNING, 10, MORNING + timedelta(minutes=2))
    outcome = Failed("too dull", permanent=True)
    await store.outbox.settle([RetryPolicy().apply(delivery, outcome, MORNING) for delivery in claimed])


async def test_a_suspension_is_told_once_to_who_made_the_subscription(store):
    await store.subscriptions.put(daily(-100, subscribed_by=7), EVE)
    await store.subscriptions.put(daily(-200), EVE)
    await store.chats.remember(-100, "channel", "Silk")
    await store.subscriptions.suspend(-100, "kicked", EVE)
    await store.subscriptions.suspend(-200, "kicked", EVE)
    told = await store.notices.take()
    assert [(n.user_id, n.address, n.title, n.reason, n.is_suspended) for n in told] == [
        (7, Address(-100), "Silk", "kicked", True)
    ]
    assert await store.notices.take() == ()


async def test_a_chat_that_came_back_and_is_lost_again_is_told_of_again(store):
    await store.subscriptions.put(daily(-100, subscribed_by=7), EVE)
    for _ in range(2):
        await store.subscriptions.suspend(-100, "kicked", EVE)
        assert len(await store.notices.take()) == 1
        await store.subscriptions.wake(-100, EVE)


async def test_a_post_that_finally_failed_is_told_once(store):
    await planned(store, daily(-100, subscribed_by=7), daily(-200))
    await fail_all(store)
    told = await store.notices.take()
    assert [(n.user_id, n.reason, n.is_suspended) for n in told] == [(7, "too dull", False)]
    assert await store.notices.take() == ()


async def test_nobody_is_told_in_the_chat_that_cannot_be_reached(store):
    await store.subscriptions.put(daily(7, subscribed_by=7), EVE)
    await store.subscriptions.suspend(7, "blocked", EVE)
    assert await store.notices.take() == ()


async def test_the_last_post_of_an_address_is_found_with_its_outcome(store):
    await planned(store, daily(-100))
    assert await store.history.latest(Address(-100)) is None
    await fail_all(store)
    last = await store.history.latest(Address(-100))
    assert last.reason == "too dull"


async def test_what_would_be_forgotten_is_what_is(store):
    await planned(store, daily(7), daily(-100, subscribed_by=7))
    await store.chats.remember(7, "private", "Li")
    known = await store.chats.known(7)
    assert known == Forgotten(chats=1, subscriptions=1, deliveries=1, made=1)
    assert await store.chats.forget(7) == known
    assert await store.chats.known(7) == Forgotten(0, 0, 0)
