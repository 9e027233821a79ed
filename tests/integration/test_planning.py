from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

import pytest

from digests.composing.post_composer import PostComposer
from digests.delivery.planner import Planned, Planner, Published
from digests.delivery.retry_policy import RetryPolicy
from digests.narrowing.matching import facts_of
from digests.narrowing.options import options_of
from digests.pages import Pages
from digests.posts import DeliveryState, Gone, PostKind
from digests.report.library import Library
from digests.schedules import Cadence, Schedule
from digests.store import Store
from digests.subscriptions import Address, Subscription, SubscriptionState
from digests.text import Language
from tests.integration.bot_world import report
from tests.integration.small_world import DAY, EVE, MORNING, Composer, daily, planned

#: What four monthly subscriptions are narrowed to, the first one to nothing.
NARROWED: tuple[tuple[str, ...], ...] = (
    (),
    ("place:xuchang",),
    ("kind:pilot",),
    ("kind:policy", "kind:visit"),
)


@cache
def real_library() -> Library:
    return Library([report()])


def monthly(chat_id: int, only: tuple[str, ...]) -> Subscription:
    schedule = Schedule(Cadence.MONTHLY, time(9), "Asia/Shanghai")
    return Subscription(Address(chat_id), schedule, Language.ZH, only=only)


async def states(store: Store):
    return [(record.address.chat_id, record.occasion, record.state) for record in await store.outbox.list()]


async def test_a_due_schedule_becomes_one_delivery_for_each_subscriber(store):
    for chat_id in (1, 2, 3):
        await store.subscriptions.put(daily(chat_id), EVE)
    assert await Planner(store, Composer()).plan(MORNING) == Planned(schedules=1, queued=3)
    assert {record.state for record in await store.outbox.list()} == {DeliveryState.PENDING}


async def test_schedules_that_are_due_at_the_same_instant_are_planned_each(store):
    singapore = Schedule(Cadence.DAILY, time(9), "Asia/Singapore")
    await store.subscriptions.put(daily(1), EVE)
    await store.subscriptions.put(replace(daily(2), schedule=singapore), EVE)
    assert await Planner(store, Composer()).plan(MORNING) == Planned(schedules=2, queued=2)


async def test_nothing_is_planned_before_it_is_due(store):
    await store.subscriptions.put(daily(1), EVE)
    composer = Composer()
    assert await Planner(store, composer).plan(MORNING - timedelta(seconds=1)) == Planned()
    assert composer.asked == []


async def test_nothing_is_planned_twice(store):
    await store.subscriptions.put(daily(1), EVE)
    planner = Planner(store, Composer())
    await planner.plan(MORNING)
    assert await planner.plan(MORNING) == Planned()
    assert len(await store.outbox.list()) == 1


async def test_planners_of_several_processes_plan_each_delivery_once(store, database_url):
    for chat_id in range(20):
        await store.subscriptions.put(daily(chat_id, at=7 + chat_id % 3), EVE)
    others = [await Store.open(database_url) for _ in range(3)]
    rounds = await asyncio.gather(*(Planner(each, Composer()).plan(MORNING) for each in (store, *others)))
    for other in others:
        await other.close()
    assert sum(planned.queued for planned in rounds) == 20
    assert len(await store.outbox.list(limit=100)) == 20


async def test_an_occasion_is_composed_once_for_each_language_however_many_schedules_tell_it(store):
    for hour in (7, 8, 9):
        await store.subscriptions.put(daily(hour, at=hour), EVE)
    composer = Composer()
    await Planner(store, composer).plan(MORNING)
    assert composer.asked == [(DAY.key, Language.ZH)]


async def test_each_subscriber_gets_the_post_of_his_language(store):
    await store.subscriptions.put(daily(1, language=Language.ZH), EVE)
    await store.subscriptions.put(daily(2, language=Language.EN), EVE)
    await Planner(store, Composer()).plan(MORNING)
    claimed = await store.outbox.claim(MORNING, 10, MORNING + timedelta(minutes=2))
    assert {(delivery.address.chat_id, delivery.post.html) for delivery in claimed} == {
        (1, "<p>daily:2026-05-10 zh</p>"),
        (2, "<p>daily:2026-05-10 en</p>"),
    }


async def test_a_day_without_anything_to_tell_moves_the_schedule_on(store):
    await store.subscriptions.put(daily(1), EVE)
    assert await Planner(store, Composer(only=[])).plan(MORNING) == Planned(schedules=1)
    assert await store.outbox.next_due() == MORNING + timedelta(days=1)


async def test_a_figure_goes_only_to_those_who_want_one_on_empty_days(store):
    await store.subscriptions.put(daily(1), EVE)
    await store.subscriptions.put(daily(2, figure_on_empty_days=True), EVE)
    await Planner(store, Composer(PostKind.FIGURE)).plan(MORNING)
    assert [record.address.chat_id for record in await store.outbox.list()] == [2]


async def test_who_subscribed_after_the_due_instant_waits_for_the_next_one(store):
    await store.subscriptions.put(daily(1), EVE)
    await store.subscriptions.put(daily(2), MORNING + timedelta(seconds=1))
    planner = Planner(store, Composer())
    await planner.plan(MORNING + timedelta(seconds=2))
    assert [record.address.chat_id for record in await store.outbox.list()] == [1]
    assert (await planner.plan(MORNING + timedelta(days=1))).queued == 2


async def test_a_changed_setting_other_than_the_schedule_loses_no_post_that_is_due(store):
    await store.subscriptions.put(daily(1), EVE)
    await store.subscriptions.put(daily(1, silent=True), MORNING + timedelta(seconds=1))
    assert (await Planner(store, Composer()).plan(MORNING + timedelta(seconds=2))).queued == 1


async def test_a_later_time_on_the_same_day_does_not_tell_the_day_again(store):
    await store.subscriptions.put(daily(1, at=9), EVE)
    planner = Planner(store, Composer())
    await planner.plan(MORNING)
    await store.subscriptions.put(daily(1, at=21), MORNING + timedelta(hours=1))
    await planner.plan(MORNING + timedelta(hours=12))
    assert len(await store.outbox.list()) == 1


async def test_a_day_that_was_withdrawn_unsent_is_told_when_it_falls_due_again(store):
    await store.subscriptions.put(daily(1, at=9), EVE)
    planner = Planner(store, Composer())
    await planner.plan(MORNING)
    await store.subscriptions.unsubscribe(Address(1), MORNING)
    await store.subscriptions.put(daily(1, at=21), MORNING + timedelta(hours=1))
    assert (await planner.plan(MORNING + timedelta(hours=12))).queued == 1
    assert await states(store) == [(1, DAY.key, DeliveryState.PENDING)]


@pytest.mark.parametrize("stop", ["unsubscribe", "suspend"])
async def test_who_cannot_or_will_not_read_gets_nothing(store, stop):
    await store.subscriptions.put(daily(1), EVE)
    if stop == "unsubscribe":
        await store.subscriptions.unsubscribe(Address(1), EVE)
    else:
        await store.subscriptions.suspend(1, "blocked", EVE)
    assert (await Planner(store, Composer()).plan(MORNING)).queued == 0


async def test_a_paused_subscription_is_told_again_from_the_day_it_named(store):
    await store.subscriptions.put(daily(1, paused_until=date(2026, 5, 11)), EVE)
    planner = Planner(store, Composer())
    assert (await planner.plan(MORNING)).queued == 0
    assert (await planner.plan(MORNING + timedelta(days=1))).queued == 1


async def test_a_late_round_sends_what_still_makes_sense_and_records_the_rest(store):
    await store.subscriptions.put(daily(1), EVE)
    planned = await Planner(store, Composer()).plan(MORNING + timedelta(days=2, hours=3))
    assert planned == Planned(schedules=1, queued=1, skipped=2)
    assert await states(store) == [
        (1, "daily:2026-05-12", DeliveryState.PENDING),
        (1, "daily:2026-05-11", DeliveryState.SKIPPED),
        (1, "daily:2026-05-10", DeliveryState.SKIPPED),
    ]


async def test_the_allowed_lateness_decides_what_still_makes_sense(store):
    await store.subscriptions.put(daily(1), EVE)
    late = MORNING + timedelta(hours=3)
    assert (await Planner(store, Composer(), timedelta(hours=2)).plan(late)).skipped == 1


async def test_a_clock_that_jumped_by_decades_does_not_fill_the_record(store):
    monthly = Schedule(Cadence.MONTHLY, time(9), "Asia/Shanghai")
    await store.subscriptions.put(
        Subscription(Address(1), monthly, Language.ZH), datetime(1996, 5, 9, tzinfo=UTC)
    )
    planned = await Planner(store, Composer()).plan(datetime(2026, 5, 2, tzinfo=UTC))
    assert (planned.queued, planned.skipped) == (1, 12)


@pytest.mark.parametrize("years", [1, 10, 50])
async def test_a_clock_that_leaps_by_years_costs_a_dozen_days_of_planning(store, years):
    composer = Composer()
    await planned(store, *(daily(chat, at=chat % 4) for chat in range(1, 9)))
    later = await Planner(store, composer).plan(MORNING + timedelta(days=365 * years))
    assert later.skipped <= 8 * 12
    assert len(set(composer.asked)) <= 13
    assert await store.outbox.next_due() > MORNING + timedelta(days=365 * years)


async def test_a_weekly_post_goes_out_on_its_weekday_and_is_named_by_it(store):
    schedule = Schedule(Cadence.WEEKLY, time(9), "Asia/Shanghai", weekday=2)
    await store.subscriptions.put(Subscription(Address(1), schedule, Language.ZH), EVE)
    await Planner(store, Composer()).plan(datetime(2026, 5, 13, 1, tzinfo=UTC))
    assert await states(store) == [(1, "weekly:2026-05-13", DeliveryState.PENDING)]


async def test_a_new_weekday_begins_after_the_last_day_that_was_covered(store):
    def weekly(weekday):
        return Subscription(
            Address(1), Schedule(Cadence.WEEKLY, time(0), "Asia/Shanghai", weekday), Language.ZH
        )

    await store.subscriptions.put(weekly(0), EVE)
    planner = Planner(store, Composer())
    await planner.plan(datetime(2026, 5, 11, tzinfo=UTC))  # covers 11 to 17 May
    await store.subscriptions.put(weekly(3), datetime(2026, 5, 12, tzinfo=UTC))
    assert (await planner.plan(datetime(2026, 5, 14, tzinfo=UTC))).queued == 0  # Thursday the 14th
    assert (await planner.plan(datetime(2026, 5, 21, tzinfo=UTC))).queued == 1


async def test_a_new_weekday_right_after_the_covered_week_is_not_missed(store):
    def weekly(weekday):
        return Subscription(
            Address(1), Schedule(Cadence.WEEKLY, time(0), "Asia/Shanghai", weekday), Language.ZH
        )

    await store.subscriptions.put(weekly(0), EVE)
    planner = Planner(store, Composer())
    await planner.plan(datetime(2026, 5, 11, tzinfo=UTC))
    await store.subscriptions.put(weekly(1), datetime(2026, 5, 12, tzinfo=UTC))
    await store.subscriptions.put(weekly(0), datetime(2026, 5, 13, tzinfo=UTC))
    assert (await planner.plan(datetime(2026, 5, 18, tzinfo=UTC))).queued == 1


async def test_a_clock_change_neither_loses_nor_doubles_a_day(store):
    schedule = Schedule(Cadence.DAILY, time(2, 30), "Europe/Berlin")
    await store.subscriptions.put(
        Subscription(Address(1), schedule, Language.EN), datetime(2026, 10, 23, 12, tzinfo=UTC)
    )
    planner, now = Planner(store, Composer()), datetime(2026, 10, 23, 12, tzinfo=UTC)
    for _ in range(96):
        now += timedelta(minutes=45)
        await planner.plan(now)
    assert [occasion for _, occasion, _ in await states(store)] == [
        "daily:2026-10-26",
        "daily:2026-10-25",
        "daily:2026-10-24",
    ]


async def test_a_post_is_written_once_and_keeps_the_facts_in_it(store):
    for chat_id in range(5):
        await store.subscriptions.put(daily(chat_id), EVE)
    await Planner(store, Composer()).plan(MORNING)
    claimed = await store.outbox.claim(MORNING, 10, MORNING + timedelta(minutes=2))
    assert len({delivery.post_id for delivery in claimed}) == 1
    assert claimed[0].post.facts == ("first-zone", "trade-2021")


async def test_who_follows_some_reports_gets_a_post_of_his_own(store):
    class Following(Composer):
        def compose(self, occasion, audience):
            post = super().compose(occasion, audience)
            return replace(post, html=f"<p>{audience.reports}</p>")

    await store.subscriptions.put(daily(1), EVE)
    await store.subscriptions.put(daily(2, reports=("second",)), EVE)
    assert (await Planner(store, Following()).plan(MORNING)).queued == 2
    claimed = await store.outbox.claim(MORNING, 10, MORNING + timedelta(minutes=2))
    told = {delivery.address.chat_id: delivery.post.html for delivery in claimed}
    assert told == {1: "<p>()</p>", 2: "<p>('second',)</p>"}


async def test_a_lost_topic_is_suspended_and_the_rest_of_its_chat_is_not(store):
    topic = replace(daily(-100), address=Address(-100, 7))
    await planned(store, daily(-100), topic)
    claimed = {d.address: d for d in await store.outbox.claim(MORNING, 10, MORNING + timedelta(minutes=2))}
    outcome = Gone("TOPIC_CLOSED", topic_only=True)
    refused_before = replace(claimed[topic.address], reason=outcome.reason)
    await store.outbox.settle([RetryPolicy().apply(refused_before, outcome, MORNING)])
    states = {s.address.thread_id: s.state async for s in store.subscriptions.all()}
    assert states == {0: SubscriptionState.ACTIVE, 7: SubscriptionState.SUSPENDED}
    assert len(await store.subscriptions.wake(-100, MORNING, thread_id=7)) == 1


async def test_a_schedule_that_cannot_be_planned_stops_no_other(store, caplog):
    await store.subscriptions.put(daily(1, at=8), EVE)
    monthly = Schedule(Cadence.MONTHLY, time(9), "Asia/Shanghai")
    await store.subscriptions.put(Subscription(Address(2), monthly, Language.ZH), EVE)

    class Broken(Composer):
        def compose(self, occasion, audience):
            if occasion.cadence is Cadence.DAILY:
                raise ValueError("no template")
            return super().compose(occasion, audience)

    planned = await Planner(store, Broken()).plan(datetime(2026, 6, 1, 1, tzinfo=UTC))
    assert (planned.queued, planned.failed) == (1, 1)
    assert "ValueError: no template" in caplog.text


async def test_a_schedule_that_failed_is_told_once_and_once_more_when_it_works_again(store, caplog):
    caplog.set_level("INFO")
    await store.subscriptions.put(daily(1), EVE)
    composer = Composer(kind="no kind")
    planner = Planner(store, composer)
    for _ in range(2):
        assert await planner.plan(MORNING) == Planned(failed=1)
    composer.kind = PostKind.RECALL
    assert await planner.plan(MORNING) == Planned(schedules=1, queued=1)
    failed, works = (message for message in caplog.messages if message.startswith("planning "))
    assert "Asia/Shanghai" in failed
    assert works == failed.partition(" failed")[0] + " works again"


async def test_a_clock_moved_back_plans_the_same_days_again(store):
    await store.subscriptions.put(daily(1), MORNING + timedelta(days=30))
    planner = Planner(store, Composer())
    await planner.plan(MORNING + timedelta(days=31))
    await planner.rebuild(EVE)
    assert await store.outbox.list() == ()
    assert await store.outbox.next_due() == MORNING
    assert (await planner.plan(MORNING)).queued == 1


async def test_a_corrected_post_is_another_post_and_the_earlier_one_stays(store):
    await store.subscriptions.put(daily(1, at=8), EVE)
    await store.subscriptions.put(daily(2, at=9), EVE)
    await Planner(store, Composer()).plan(MORNING - timedelta(hours=1))
    await Planner(store, Composer(PostKind.FIGURE)).plan(MORNING)  # other content for the same day
    await store.subscriptions.put(daily(3, at=10, figure_on_empty_days=True), EVE)
    await Planner(store, Composer(PostKind.FIGURE)).plan(MORNING + timedelta(hours=1))
    claimed = await store.outbox.claim(MORNING + timedelta(hours=2), 10, MORNING + timedelta(hours=3))
    assert {(each.address.chat_id, each.post.kind) for each in claimed} == {
        (1, PostKind.RECALL),
        (3, PostKind.FIGURE),
    }


async def test_who_narrowed_what_is_told_gets_that_and_nothing_else(store):
    composer = PostComposer(real_library, Pages())
    for chat_id, only in enumerate(NARROWED, 1):
        await store.subscriptions.put(monthly(chat_id, only), EVE)
    first_of_september = datetime(2026, 9, 1, 1, tzinfo=UTC)
    await store.due_schedules.reschedule(datetime(2026, 8, 31, tzinfo=UTC))
    assert (await Planner(store, composer).plan(first_of_september)).queued == 4
    claimed = await store.outbox.claim(first_of_september, 10, first_of_september + timedelta(minutes=2))
    facts = {delivery.address.chat_id: delivery.post.facts for delivery in claimed}
    assert facts == {
        1: ("li-visit", "market-procurement", "market-pilots-henan"),
        2: ("market-procurement", "market-pilots-henan"),
        3: ("market-procurement", "market-pilots-henan"),
        4: ("li-visit",),
    }
    posts = {delivery.address.chat_id: delivery.post_id for delivery in claimed}
    assert posts[2] == posts[3]
    assert len(set(posts.values())) == 3


async def test_a_day_without_anything_chosen_passes_and_the_next_is_planned(store):
    composer = PostComposer(real_library, Pages())
    await store.subscriptions.put(daily(1, only=("kind:policy",), figure_on_empty_days=True), EVE)
    await store.subscriptions.put(daily(2), EVE)
    assert (await Planner(store, composer).plan(MORNING)).queued == 1
    assert (await Planner(store, composer).plan(MORNING + timedelta(days=1))).failed == 0
    assert [record.address.chat_id for record in await store.outbox.list()] == [2]


async def test_a_narrowing_changed_after_planning_sends_no_second_post(store):
    composer = PostComposer(real_library, Pages())
    await store.subscriptions.put(daily(1), EVE)
    await Planner(store, composer).plan(MORNING)
    await store.subscriptions.put(daily(1, only=("kind:visit",)), MORNING)
    assert await Planner(store, composer).publish(DAY, MORNING) == Published(queued=0, already=1)


async def test_one_statement_writes_for_all_who_are_told_the_same(store):
    tokens = [option.token for option in options_of(real_library())]
    for chat_id, token in enumerate(tokens, 1):
        await store.subscriptions.put(daily(chat_id, only=(token,)), EVE)
    statements = []
    store.observe(lambda *took: statements.append(took))
    queued = (await Planner(store, PostComposer(real_library, Pages())).plan(MORNING)).queued
    assert queued == len([token for token in tokens if "xi-visit" in facts_of(real_library(), (token,))])
    assert len(statements) < len(tokens) / 2
