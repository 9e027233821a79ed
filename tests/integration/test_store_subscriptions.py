from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, time, timedelta
from functools import partial

from digests.delivery.planner import Planner
from digests.schedules import Cadence, Schedule
from digests.subscriptions import Address, Layout, Subscription, SubscriptionState
from digests.text import Language
from tests.integration.small_world import EVE, MORNING, Composer, daily


async def test_a_subscription_comes_back_as_it_was_put(store):
    wanted = Subscription(
        Address(-100, 7),
        Schedule(Cadence.WEEKLY, time(8, 30), "Europe/Berlin", weekday=4),
        Language.EN,
        layout=Layout.RICH,
        silent=True,
        picture=False,
        figure_on_empty_days=True,
        pin=True,
        falls_back=True,
        reports=("henan-cbec-2023", "other"),
        paused_until=date(2026, 6, 1),
        subscribed_by=42,
    )
    assert await store.subscriptions.put(wanted, EVE) == wanted
    assert await store.subscriptions.get(Address(-100, 7)) == wanted


async def test_an_address_without_a_subscription_has_none(store):
    assert await store.subscriptions.get(Address(1)) is None
    assert not await store.subscriptions.unsubscribe(Address(1), EVE)


async def test_each_topic_of_a_chat_has_its_own_subscription(store):
    await store.subscriptions.put(daily(-100), EVE)
    topic = Subscription(Address(-100, 7), daily(-100).schedule, Language.EN)
    await store.subscriptions.put(topic, EVE)
    found = [subscription.address async for subscription in store.subscriptions.all()]
    assert found == [Address(-100), Address(-100, 7)]


async def test_who_unsubscribes_keeps_the_settings_and_finds_them_when_coming_back(store):
    await store.subscriptions.put(daily(1, silent=True), EVE)
    assert await store.subscriptions.unsubscribe(Address(1), EVE)
    kept = await store.subscriptions.get(Address(1))
    assert (kept.state, kept.silent) == (SubscriptionState.UNSUBSCRIBED, True)
    back = await store.subscriptions.put(kept, MORNING)
    assert back.state is SubscriptionState.ACTIVE
    assert await store.subscriptions.count() == 1


async def test_who_comes_back_gets_only_what_falls_due_after_that(store):
    await store.subscriptions.put(daily(1), EVE)
    await store.subscriptions.unsubscribe(Address(1), EVE)
    await store.subscriptions.put(daily(1), MORNING + timedelta(minutes=1))
    planner = Planner(store, Composer())
    assert (await planner.plan(MORNING + timedelta(minutes=2))).queued == 0
    assert (await planner.plan(MORNING + timedelta(days=1))).queued == 1


async def test_of_two_who_change_different_settings_at_once_neither_undoes_what_the_other_did(store):
    await store.subscriptions.put(daily(1), EVE)
    changes = [
        store.subscriptions.edit(Address(1), lambda found, name=name: replace(found, **{name: True}), EVE)
        for name in ("silent", "pin", "figure_on_empty_days", "falls_back")
    ]
    await asyncio.gather(*changes)
    known = await store.subscriptions.get(Address(1))
    assert (known.silent, known.pin, known.figure_on_empty_days, known.falls_back) == (True,) * 4


async def test_a_change_of_no_subscription_changes_nothing_unless_there_is_a_fresh_one(store):
    silent = partial(replace, silent=True)
    assert await store.subscriptions.edit(Address(1), silent, EVE) is None
    assert await store.subscriptions.get(Address(1)) is None
    made = await store.subscriptions.edit(Address(1), silent, EVE, fresh=daily(1))
    assert made == (None, daily(1, silent=True))
    assert await store.subscriptions.get(Address(1)) == daily(1, silent=True)


async def test_unsubscribing_twice_stops_once(store):
    await store.subscriptions.put(daily(1), EVE)
    assert await store.subscriptions.unsubscribe(Address(1), EVE)
    assert not await store.subscriptions.unsubscribe(Address(1), EVE)


async def test_waking_a_chat_does_not_bring_back_who_unsubscribed(store):
    await store.subscriptions.put(daily(1), EVE)
    await store.subscriptions.unsubscribe(Address(1), EVE)
    assert await store.subscriptions.suspend(1, "kicked", EVE) == 0
    assert await store.subscriptions.wake(1, EVE) == ()
    assert (await store.subscriptions.get(Address(1))).state is SubscriptionState.UNSUBSCRIBED


async def test_a_chat_is_suspended_and_woken_with_all_its_topics(store):
    await store.subscriptions.put(daily(-100), EVE)
    await store.subscriptions.put(Subscription(Address(-100, 7), daily(1).schedule, Language.EN), EVE)
    assert await store.subscriptions.suspend(-100, "kicked", EVE) == 2
    assert await store.subscriptions.count() == 0
    assert len(await store.subscriptions.wake(-100, MORNING)) == 2


async def test_all_subscriptions_are_walked_whatever_their_state_and_number(store):
    many = [daily(chat_id) for chat_id in range(-600, 600)]
    assert await store.subscriptions.put_all(many, EVE) == 1200
    await store.subscriptions.unsubscribe(Address(5), EVE)
    walked = [subscription async for subscription in store.subscriptions.all()]
    assert [subscription.address.chat_id for subscription in walked] == list(range(-600, 600))


async def test_of_several_lines_for_one_address_the_last_one_stays(store):
    lines = [daily(1), daily(2), daily(1, silent=True), daily(1, state=SubscriptionState.UNSUBSCRIBED)]
    assert await store.subscriptions.put_all(lines, EVE) == 4
    assert await store.subscriptions.get(Address(1)) == lines[-1]
    assert await store.subscriptions.get(Address(2)) == lines[1]


async def test_subscriptions_that_are_taken_over_keep_their_state(store):
    stopped = daily(1, state=SubscriptionState.UNSUBSCRIBED)
    await store.subscriptions.put_all([stopped], EVE)
    assert (await store.subscriptions.get(Address(1))).state is SubscriptionState.UNSUBSCRIBED


async def test_thousands_of_chats_share_one_schedule(store):
    await store.subscriptions.put_all([daily(chat_id) for chat_id in range(1000)], EVE)
    assert len(await store.due_schedules.due(MORNING)) == 1
