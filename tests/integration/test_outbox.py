"""Who is queued, what is claimed, and what is written of it, at the borders of each condition."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from digests.delivery.planner import Planned, Planner
from digests.delivery.retry_policy import RetryPolicy
from digests.posts import DeliveryState, Failed, Gone, Later, Sent, Unknown, given_back
from digests.schedules import Cadence, Occasion, Schedule
from digests.store.schema.tables import posts
from digests.subscriptions import Address, Layout, Subscription, SubscriptionState
from digests.text import Language
from tests.integration.small_world import DAY, EVE, MORNING, Composer, daily, planned

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
LEASE = MORNING + timedelta(minutes=2)


async def chats(store, state=None):
    return [record.address.chat_id for record in await store.outbox.list(state)]


async def composed(store):
    """The occasions of all posts that are kept."""
    async with store._database.reading() as connection:
        return [row.occasion for row in await connection.execute(select(posts.c.occasion))]


async def settled(store, outcome, now=MORNING):
    """Claim everything, and write this outcome of it."""
    claimed = await store.outbox.claim(now, 100, now + timedelta(minutes=2))
    await store.outbox.settle([RetryPolicy().apply(each, outcome, now) for each in claimed])
    return claimed


async def test_who_subscribed_at_the_very_instant_waits_for_the_next_post(store):
    await store.subscriptions.put(daily(1), MORNING - SECOND)
    await store.subscriptions.put(daily(2), MORNING)
    await Planner(store, Composer()).plan(MORNING)
    assert await chats(store) == [1]


async def test_what_is_planned_too_late_says_so_on_record(store):
    await store.subscriptions.put(daily(1), EVE)
    late = MORNING + timedelta(days=1, minutes=1)
    assert await Planner(store, Composer()).plan(late) == Planned(schedules=1, queued=1, skipped=1)
    fresh, stale = await store.outbox.list()
    assert (fresh.state, fresh.reason, fresh.settled_at) == (DeliveryState.PENDING, None, None)
    assert (fresh.due_at, fresh.not_before) == (MORNING + timedelta(days=1),) * 2
    assert (stale.state, stale.reason, stale.settled_at) == (
        DeliveryState.SKIPPED,
        "stale when it was planned",
        late,
    )
    assert (stale.due_at, stale.attempts, stale.unknowns) == (MORNING, 0, 0)


async def test_a_schedule_that_another_instance_moved_on_is_not_planned_again(store):
    await store.subscriptions.put(daily(1), EVE)
    (due,) = await store.due_schedules.due(MORNING)
    later = MORNING + timedelta(days=1)
    assert await store.due_schedules.record(due, [], later, MORNING) == (0, 0)
    assert await store.outbox.next_due() == later
    assert await store.due_schedules.record(due, [], later + HOUR, MORNING) == (0, 0)
    assert await store.outbox.next_due() == later


async def test_the_longest_due_schedule_is_planned_first_and_none_before_its_instant(store):
    for chat_id, hour in ((1, 9), (2, 7), (3, 8)):
        await store.subscriptions.put(daily(chat_id, at=hour), EVE)
    assert [due.schedule.at.hour for due in await store.due_schedules.due(MORNING)] == [7, 8, 9]
    assert [due.schedule.at.hour for due in await store.due_schedules.due(MORNING - SECOND)] == [7, 8]


async def test_only_active_subscriptions_are_composed_for(store):
    await store.subscriptions.put(daily(1), EVE)
    await store.subscriptions.put(daily(2, language=Language.EN), EVE)
    await store.subscriptions.unsubscribe(Address(2), EVE)
    assert [each.language for each in await store.due_schedules.audiences()] == [Language.ZH]


async def test_publishing_reaches_those_of_the_cadence_who_are_not_paused(store):
    weekly = Subscription(Address(5), Schedule(Cadence.WEEKLY, time(9), "Asia/Shanghai"), Language.ZH)
    for subscription in (
        daily(1),
        daily(2, at=21),
        daily(3, paused_until=date(2026, 5, 11)),
        daily(4, paused_until=date(2026, 5, 10)),
        weekly,
    ):
        await store.subscriptions.put(subscription, EVE)
    midnight = MORNING - 9 * HOUR  # in Shanghai
    published = await Planner(store, Composer()).publish(DAY, midnight - SECOND)
    assert (published.queued, published.already) == (2, 0)
    assert sorted(await chats(store)) == [1, 2]
    published = await Planner(store, Composer()).publish(DAY, midnight)
    assert (published.queued, published.already) == (1, 2)
    assert sorted(await chats(store)) == [1, 2, 4]


async def test_a_pause_ends_by_the_day_of_each_subscribers_zone(store):
    zones = ("Pacific/Kiritimati", "Asia/Shanghai", "UTC", "America/New_York", "Pacific/Pago_Pago")
    for chat, zone in enumerate(zones, 1):
        schedule = Schedule(Cadence.DAILY, time(9), zone)
        paused = Subscription(Address(chat), schedule, Language.ZH, paused_until=date(2026, 5, 10))
        await store.subscriptions.put(paused, EVE)
    reached = []
    for hour in (-14, -8, 0, 4, 11):  # its midnight, from the east to the west
        at = datetime(2026, 5, 10, tzinfo=UTC) + hour * HOUR
        await Planner(store, Composer()).publish(DAY, at - SECOND)
        reached.append(sorted(await chats(store)))
        await Planner(store, Composer()).publish(DAY, at)
        reached.append(sorted(await chats(store)))
    steps = [list(range(1, count + 1)) for count in (0, 1, 1, 2, 2, 3, 3, 4, 4, 5)]
    assert reached == steps


async def test_a_week_is_published_to_those_whose_week_begins_on_that_day(store):
    for weekday in (0, 1):
        schedule = Schedule(Cadence.WEEKLY, time(9), "Asia/Shanghai", weekday)
        await store.subscriptions.put(Subscription(Address(weekday + 1), schedule, Language.ZH), EVE)
    assert (
        await Planner(store, Composer()).publish(Occasion.parse("weekly:2026-05-12"), MORNING)
    ).queued == 1
    assert await chats(store) == [2]


async def test_publishing_to_one_address_reaches_neither_its_topics_nor_other_chats(store):
    for address in (Address(-1), Address(-1, 7), Address(-2), Address(-2, 7)):
        await store.subscriptions.put(replace(daily(0), address=address), EVE)
    planner = Planner(store, Composer())
    assert (await planner.publish(DAY, MORNING, address=Address(-1))).queued == 1
    assert (await planner.publish(DAY, MORNING, address=Address(-2, 7))).queued == 1
    assert {record.address for record in await store.outbox.list()} == {Address(-1), Address(-2, 7)}


@pytest.mark.parametrize(
    ("outcome", "renewed"),
    [
        (Sent(9), False),
        (Failed("bad", permanent=True), True),
        (Later(60, "wait"), False),
        (Unknown("cut"), False),
    ],
)
async def test_publishing_renews_what_failed_and_nothing_that_may_have_arrived(store, outcome, renewed):
    await planned(store, daily(1))
    (claim,) = await store.outbox.claim(MORNING, 1, LEASE)
    given_up = replace(claim, attempt=8 if isinstance(outcome, Unknown) else 1)
    await store.outbox.settle([RetryPolicy().apply(given_up, outcome, MORNING)])
    published = await Planner(store, Composer()).publish(DAY, MORNING + HOUR)
    assert (published.queued, published.already) == ((1, 0) if renewed else (0, 1))
    (record,) = await store.outbox.list()
    if renewed:
        assert (record.state, record.reason, record.attempts) == (DeliveryState.PENDING, None, 0)
        assert (record.due_at, record.not_before, record.settled_at) == (MORNING + HOUR, MORNING + HOUR, None)


async def test_publishing_again_sends_once_more_unless_it_is_on_its_way(store):
    await planned(store, daily(1))
    planner = Planner(store, Composer())
    assert (await planner.publish(DAY, MORNING, again=True)).queued == 0
    await settled(store, Sent(9))
    for _ in range(2):
        assert (await planner.publish(DAY, MORNING, again=True)).queued == 1
        assert (await planner.publish(DAY, MORNING, again=True)).queued == 0
        await settled(store, Sent(9))
    assert await chats(store, DeliveryState.SENT) == [1, 1, 1]


async def test_publishing_again_is_not_held_back_by_another_day_that_is_on_its_way(store):
    await planned(store, daily(1))
    planner = Planner(store, Composer())
    assert (await planner.publish(Occasion.parse("daily:2026-05-09"), MORNING, again=True)).queued == 1
    assert len(await chats(store)) == 2


async def test_a_claim_takes_the_oldest_that_may_be_sent_up_to_its_limit(store):
    await planned(store, daily(1), daily(2), daily(3), daily(4, at=8))
    assert await store.outbox.claim(MORNING - HOUR - SECOND, 9, LEASE) == []
    first = await store.outbox.claim(MORNING, 2, LEASE)
    second = await store.outbox.claim(MORNING, 2, LEASE)
    assert [each.address.chat_id for each in (*first, *second)] == [4, 1, 2, 3]
    assert await store.outbox.claim(MORNING, 2, LEASE) == []


async def test_a_claim_counts_the_attempt_and_the_claim_and_knows_why_the_last_one_ended(store):
    await planned(store, daily(1))
    (claim,) = await settled(store, Failed("server error"))
    assert (claim.attempt, claim.epoch, claim.reason, claim.lease_until) == (1, 1, None, LEASE)
    again = MORNING + timedelta(seconds=5)
    assert await store.outbox.claim(again - SECOND, 9, LEASE) == []
    (claim,) = await store.outbox.claim(again, 9, LEASE)
    assert (claim.attempt, claim.epoch, claim.reason) == (2, 2, "server error")


async def test_what_is_stale_when_its_turn_comes_is_skipped_at_that_very_instant(store):
    await planned(store, daily(1))
    end = MORNING + timedelta(hours=15)  # midnight in Shanghai
    (claim,) = await store.outbox.claim(end - SECOND, 9, end)
    await store.outbox.settle([given_back(claim, end)])
    assert await store.outbox.claim(end, 9, end + HOUR) == []
    (record,) = await store.outbox.list()
    assert (record.state, record.reason) == (DeliveryState.SKIPPED, "stale when its turn came")
    assert (record.settled_at, record.attempts) == (end, 0)


async def test_a_claim_goes_past_what_is_stale_to_what_may_be_sent(store):
    await planned(store, daily(1))
    end = MORNING + timedelta(hours=15)
    await store.subscriptions.put(daily(2), EVE)
    await Planner(store, Composer()).publish(DAY, end)  # what is published never gets stale
    (claim,) = await store.outbox.claim(end, 1, end + HOUR)
    assert claim.address.chat_id == 2
    assert await chats(store, DeliveryState.SKIPPED) == [1]


@pytest.mark.parametrize(("since", "orphaned"), [(-1, 0), (0, 1)])
async def test_a_claim_is_orphaned_from_the_end_of_its_lease_on(store, since, orphaned):
    await planned(store, daily(1), daily(2))
    await store.outbox.claim(MORNING, 1, LEASE)
    now = LEASE + since * SECOND
    found = await store.outbox.orphans(now, 9)
    assert [(each.attempt, each.epoch, each.lease_until) for each in found] == [(1, 1, LEASE)] * orphaned
    assert len(await store.outbox.orphans(MORNING, 9, everything=True)) == 1
    await store.outbox.claim(MORNING, 1, LEASE)
    assert len(await store.outbox.orphans(MORNING, 1, everything=True)) == 1


async def test_what_is_written_of_a_claim_is_what_came_of_it(store):
    await planned(store, daily(1))
    await settled(store, Unknown("cut"))
    (record,) = await store.outbox.list()
    assert (record.state, record.attempts, record.unknowns) == (DeliveryState.PENDING, 1, 1)
    assert (record.reason, record.settled_at) == ("cut", None)
    assert record.not_before == MORNING + timedelta(seconds=5)
    later = MORNING + HOUR
    await settled(store, Sent(77), later)
    (record,) = await store.outbox.list()
    assert (record.state, record.attempts, record.unknowns) == (DeliveryState.SENT, 2, 1)
    assert (record.message_id, record.reason, record.settled_at) == (77, None, later)
    assert record.not_before == MORNING + timedelta(seconds=5)


async def test_what_was_given_back_waits_as_if_it_had_never_been_claimed(store):
    await planned(store, daily(1))
    (before,) = await store.outbox.list()
    (claim,) = await store.outbox.claim(MORNING, 1, LEASE)
    await store.outbox.settle([given_back(claim, MORNING)])
    assert (await store.outbox.list()) == (before,)
    await store.outbox.settle([RetryPolicy().apply(claim, Sent(9), MORNING)])
    await store.outbox.settle([given_back(claim, MORNING)])  # it is claimed no more
    assert await chats(store, DeliveryState.SENT) == [1]


@pytest.mark.parametrize("topic_only", [True, False])
async def test_a_chat_that_is_gone_is_suspended_with_all_its_topics_and_a_topic_alone(store, topic_only):
    topics = [replace(daily(0), address=Address(-1, thread)) for thread in (0, 7, 8)]
    await planned(store, *topics, daily(2))
    claimed = {each.address: each for each in await store.outbox.claim(MORNING, 9, LEASE)}
    gone = Gone("kicked", topic_only=topic_only)
    of_topic = replace(claimed[Address(-1, 7)], reason="kicked")
    await store.outbox.settle([RetryPolicy().apply(of_topic, gone, MORNING)])
    found = {each.address: each.state async for each in store.subscriptions.all()}
    suspended = {address for address, state in found.items() if state is SubscriptionState.SUSPENDED}
    everything = {Address(-1), Address(-1, 7), Address(-1, 8)}
    assert suspended == ({Address(-1, 7)} if topic_only else everything)


@pytest.mark.parametrize("stop", ["unsubscribe", "suspend"])
async def test_a_retry_on_request_leaves_out_who_reads_no_more(store, stop):
    await planned(store, daily(1), daily(2))
    await settled(store, Failed("bad", permanent=True))
    if stop == "unsubscribe":
        await store.subscriptions.unsubscribe(Address(1), MORNING)
    else:
        await store.subscriptions.suspend(1, "kicked", MORNING)
    assert await store.outbox.retry(DeliveryState.FAILED, MORNING + HOUR) == 1
    assert await chats(store, DeliveryState.PENDING) == [2]
    assert await chats(store, DeliveryState.FAILED) == [1]


async def test_a_retry_on_request_begins_anew_and_touches_no_other_state(store):
    await planned(store, daily(1))
    await settled(store, Sent(9))
    await planned(store, daily(2, at=8))
    await settled(store, Failed("bad", permanent=True))
    now = MORNING + timedelta(days=3)
    assert await store.outbox.retry(DeliveryState.SKIPPED, now) == 0
    assert await store.outbox.retry(DeliveryState.FAILED, now) == 1
    (record,) = await store.outbox.list(DeliveryState.PENDING)
    assert (record.not_before, record.attempts, record.settled_at) == (now, 0, None)
    (claim,) = await store.outbox.claim(now, 9, now + HOUR)
    assert (claim.address.chat_id, claim.attempt, claim.stale_at) == (2, 1, None)


@pytest.mark.parametrize("state", [DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.SENT])
async def test_what_waits_or_arrived_is_not_retried(store, state):
    with pytest.raises(ValueError, match=f"what is {state} is not retried"):
        await store.outbox.retry(state, MORNING)


async def test_what_was_due_before_an_instant_is_skipped_and_later_posts_are_not(store):
    await planned(store, daily(1, at=8), daily(2), daily(3))
    (claim,) = await store.outbox.claim(MORNING - HOUR, 1, LEASE)
    await store.outbox.settle([RetryPolicy().apply(claim, Unknown("cut"), MORNING - HOUR)])
    await store.outbox.claim(MORNING, 1, LEASE)
    assert await store.outbox.skip_due("restored", MORNING - HOUR, EVE) == 1
    (first,) = await store.outbox.list(DeliveryState.UNKNOWN)
    assert (first.address.chat_id, first.reason, first.settled_at) == (1, "restored", EVE)
    assert await store.outbox.skip_due("restored", MORNING, EVE) == 2
    assert sorted(await chats(store, DeliveryState.SKIPPED)) == [2, 3]


async def test_the_summary_counts_what_ended_since_and_all_that_waits(store):
    await planned(store, daily(1), daily(2), daily(3))
    (claim,) = await store.outbox.claim(MORNING, 1, LEASE)
    await store.outbox.settle([RetryPolicy().apply(claim, Sent(9), MORNING)])
    await store.outbox.claim(MORNING, 1, LEASE)
    counts = {DeliveryState.SENT: 1, DeliveryState.SENDING: 1, DeliveryState.PENDING: 1}
    for since, sent in ((None, 1), (MORNING, 1), (MORNING + SECOND, 0)):
        nothing = dict.fromkeys(DeliveryState, 0)
        assert await store.outbox.summary(since) == nothing | counts | {DeliveryState.SENT: sent}


async def test_the_newest_deliveries_are_listed_first_and_no_more_than_wanted(store):
    await planned(store, daily(1), daily(2), daily(3))
    ids = [record.id for record in await store.outbox.list()]
    assert ids == sorted(ids, reverse=True)
    assert [record.id for record in await store.outbox.list(limit=2)] == ids[:2]
    assert await store.outbox.list(DeliveryState.SENT) == ()


async def test_the_longest_waiting_delivery_and_the_next_due_schedule_are_known(store):
    assert (await store.outbox.oldest_pending(), await store.outbox.next_due()) == (None, None)
    await planned(store, daily(1), daily(2, at=8))
    assert await store.outbox.oldest_pending() == MORNING - HOUR
    assert await store.outbox.next_due() == MORNING - HOUR + timedelta(days=1)
    await store.outbox.claim(MORNING, 1, LEASE)
    assert await store.outbox.oldest_pending() == MORNING


async def test_rescheduling_moves_all_or_only_what_is_due(store):
    await store.subscriptions.put(daily(1), EVE)
    await store.subscriptions.put(daily(2, at=10), EVE)
    await store.due_schedules.reschedule(MORNING, only_due=True)
    assert await store.outbox.next_due() == MORNING + HOUR
    await store.due_schedules.reschedule(MORNING + HOUR)
    assert await store.outbox.next_due() == MORNING + timedelta(days=1)


async def test_a_rescheduled_week_keeps_its_weekday(store):
    schedule = Schedule(Cadence.WEEKLY, time(9), "Asia/Shanghai", 2)
    await store.subscriptions.put(Subscription(Address(1), schedule, Language.ZH), EVE)
    await store.due_schedules.reschedule(MORNING)
    assert await store.outbox.next_due() == MORNING + timedelta(days=3)  # Wednesday


async def test_what_a_clock_that_went_ahead_planned_is_forgotten_and_the_rest_stays(store):
    await planned(store, daily(1), daily(2, at=10))
    await Planner(store, Composer()).plan(MORNING + HOUR)
    later = Occasion.parse("daily:2026-05-11")
    await Planner(store, Composer()).publish(later, MORNING + timedelta(days=1))
    await store.due_schedules.forget_after(MORNING)
    assert await chats(store) == [1]
    assert await composed(store) == [DAY.key]
    (claim,) = await store.outbox.claim(MORNING, 9, LEASE)
    assert claim.post.facts == ("first-zone", "trade-2021")


async def test_a_claim_carries_the_settings_of_its_subscription(store):
    other = daily(2, picture=False, falls_back=True, layout=Layout.RICH, language=Language.EN)
    await planned(store, daily(1, silent=True, pin=True), other)
    claimed = await store.outbox.claim(MORNING, 9, LEASE)
    first, second = sorted(claimed, key=lambda each: each.address.chat_id)
    assert [(each.silent, each.pin, each.picture, each.falls_back) for each in (first, second)] == [
        (True, True, True, False),
        (False, False, False, True),
    ]
    assert (first.timezone, first.due_at, first.language) == ("Asia/Shanghai", MORNING, Language.ZH)
    assert (first.layout, second.layout) == (Layout.CLASSIC, Layout.RICH)
    assert first.post_id != second.post_id
