from __future__ import annotations

from datetime import time, timedelta

from digests.delivery.planner import Planner, Published
from digests.delivery.sender import Sender
from digests.schedules import Cadence, Occasion, Schedule
from digests.subscriptions import Address, Subscription
from digests.text import Language
from tests.integration.small_world import DAY, EVE, MORNING, Composer, Postman, daily


async def test_publishing_early_replaces_the_scheduled_post(store):
    await store.subscriptions.put(daily(1), EVE)
    planner = Planner(store, Composer())
    assert await planner.publish(DAY, EVE) == Published(queued=1, already=0)
    assert (await planner.plan(MORNING)).queued == 0


async def test_publishing_again_reaches_only_those_who_do_not_have_it(store):
    await store.subscriptions.put(daily(1), EVE)
    planner = Planner(store, Composer())
    await planner.plan(MORNING)
    await store.subscriptions.put(daily(2), MORNING + timedelta(hours=1))
    assert await planner.publish(DAY, MORNING + timedelta(hours=2)) == Published(queued=1, already=1)


async def test_publishing_sends_what_was_skipped(store):
    await store.subscriptions.put(daily(1), EVE)
    planner, late = Planner(store, Composer()), MORNING + timedelta(hours=20)
    assert (await planner.plan(late)).skipped == 1
    assert await planner.publish(DAY, late) == Published(queued=1, already=0)
    assert len(await store.outbox.claim(late, 10, late + timedelta(minutes=2))) == 1


async def test_a_repeat_on_request_sends_once_more_but_not_beside_one_on_its_way(store):
    await store.subscriptions.put(daily(1), EVE)
    planner = Planner(store, Composer())
    await planner.publish(DAY, MORNING)
    assert await planner.publish(DAY, MORNING, again=True) == Published(queued=0, already=1)
    await Sender(store, Postman(), lambda: MORNING).drain(MORNING)
    assert await planner.publish(DAY, MORNING, again=True) == Published(queued=1, already=0)


async def test_publishing_goes_to_its_cadence_only_and_to_one_address_when_asked(store):
    await store.subscriptions.put(daily(1), EVE)
    await store.subscriptions.put(daily(2), EVE)
    monthly = Schedule(Cadence.MONTHLY, time(9), "Asia/Shanghai")
    await store.subscriptions.put(Subscription(Address(3), monthly, Language.ZH), EVE)
    planner = Planner(store, Composer())
    assert await planner.publish(DAY, EVE, address=Address(2)) == Published(queued=1, already=0)
    assert await planner.publish(DAY, EVE) == Published(queued=1, already=1)


async def test_publishing_a_week_goes_to_those_whose_week_begins_that_day(store):
    for chat_id, weekday in ((1, 0), (2, 3)):
        schedule = Schedule(Cadence.WEEKLY, time(9), "Asia/Shanghai", weekday)
        await store.subscriptions.put(Subscription(Address(chat_id), schedule, Language.ZH), EVE)
    await Planner(store, Composer()).publish(Occasion.parse("weekly:2026-05-14"), EVE)
    assert [record.address.chat_id for record in await store.outbox.list()] == [2]
