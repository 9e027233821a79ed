from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from digests.delivery.planner import Planner
from digests.delivery.retry_policy import OnUnknown, RetryPolicy
from digests.delivery.sender import Sender
from digests.posts import DeliveryState, Failed, Gone, Later, Moved, Unknown
from digests.subscriptions import Address, SubscriptionState
from digests.text import Language
from tests.integration.small_world import DAY, EVE, MORNING, Composer, Postman, daily, planned, state_of


def drained(store, postman, now=MORNING, **rules):
    return Sender(store, postman, lambda: now, policy=RetryPolicy(**rules)).drain(now)


async def test_everything_that_is_due_is_sent_once_and_the_message_ids_are_kept(store):
    await planned(store, *(daily(chat_id) for chat_id in range(1, 101)))
    postman = Postman()
    assert await drained(store, postman) == 100
    assert await drained(store, postman) == 0
    assert {delivery.address.chat_id for delivery in postman.sent} == set(range(1, 101))
    records = await store.outbox.list(DeliveryState.SENT, limit=200)
    assert all(record.message_id == record.id for record in records)


async def test_a_delivery_carries_the_settings_of_its_subscription(store):
    await planned(store, daily(1, silent=True, picture=False))
    postman = Postman()
    await drained(store, postman)
    (delivery,) = postman.sent
    assert (delivery.silent, delivery.picture, delivery.language) == (True, False, Language.ZH)
    assert delivery.post.html == "<p>daily:2026-05-10 zh</p>"


async def test_what_must_wait_is_sent_when_the_wait_is_over_and_not_before(store):
    await planned(store, daily(1))
    postman = Postman(Later(30, "too many requests"))
    await drained(store, postman)
    assert await drained(store, postman, MORNING + timedelta(seconds=29)) == 0
    assert await drained(store, postman, MORNING + timedelta(seconds=30)) == 1


async def test_waiting_does_not_use_up_the_attempts(store):
    await planned(store, daily(1))
    postman = Postman(*[Later(1, "too many requests")] * 5)
    for second in range(6):
        await drained(store, postman, MORNING + timedelta(seconds=second), max_attempts=2)
    assert await state_of(store) is DeliveryState.SENT


async def test_what_is_refused_is_tried_again_after_growing_waits_and_then_given_up(store):
    await planned(store, daily(1))
    postman = Postman(*[Failed("server error")] * 10)
    tried_at, now = [], MORNING
    for _ in range(80):
        before = len(postman.sent)
        await drained(store, postman, now, max_attempts=4)
        if len(postman.sent) > before:
            tried_at.append((now - MORNING).total_seconds())
        now += timedelta(seconds=5)
    assert tried_at == [0, 5, 25, 105]
    (record,) = await store.outbox.list(DeliveryState.FAILED)
    assert (record.reason, record.attempts) == ("server error", 4)


async def test_a_refusal_that_no_retry_can_help_is_final_at_once(store):
    await planned(store, daily(1))
    await drained(store, Postman(Failed("message is too long", permanent=True)))
    assert await state_of(store) is DeliveryState.FAILED


async def test_a_chat_that_is_gone_is_suspended_with_its_settings_and_wakes(store):
    await planned(store, daily(1, silent=True))
    blocked = Gone("bot was blocked by the user")
    await drained(store, Postman(blocked))
    assert await state_of(store) is DeliveryState.PENDING
    await drained(store, Postman(blocked), MORNING + RetryPolicy().gone_wait)
    assert await state_of(store) is DeliveryState.GONE
    suspended = await store.subscriptions.get(Address(1))
    assert (suspended.state, suspended.silent) == (SubscriptionState.SUSPENDED, True)
    assert len(await store.subscriptions.wake(1, MORNING)) == 1
    assert (await Planner(store, Composer()).plan(MORNING + timedelta(days=1))).queued == 1


async def test_a_chat_that_refuses_only_at_first_gets_its_post(store):
    await planned(store, daily(-5))
    refused = Gone("bot is not a member of the channel chat")  # as Telegram says right after it was added
    await drained(store, Postman(refused))
    await drained(store, Postman(), MORNING + RetryPolicy().gone_wait)
    assert await state_of(store, -5) is DeliveryState.SENT
    subscription = await store.subscriptions.get(Address(-5))
    assert subscription.state is SubscriptionState.ACTIVE


async def test_a_chat_that_moved_gets_its_post_under_the_new_id(store):
    await planned(store, daily(-5))
    postman = Postman(Moved(-1005))
    await drained(store, postman)
    assert [delivery.address.chat_id for delivery in postman.sent] == [-5, -1005]
    assert await state_of(store, -1005) is DeliveryState.SENT
    assert await store.subscriptions.get(Address(-5)) is None


async def test_a_chat_that_moved_to_one_with_the_same_post_gets_it_once(store):
    await planned(store, daily(-5), daily(-1005))
    postman = Postman(Moved(-1005))
    assert await drained(store, postman) == 1
    summary = await store.outbox.summary()
    assert {state: number for state, number in summary.items() if number} == {DeliveryState.SENT: 1}


async def test_an_unknown_outcome_is_resent_and_counted(store):
    await planned(store, daily(1))
    postman = Postman(Unknown("connection dropped"))
    await drained(store, postman)
    assert await drained(store, postman, MORNING + timedelta(seconds=5)) == 1
    (record,) = await store.outbox.list()
    assert (record.state, record.unknowns) == (DeliveryState.SENT, 1)


async def test_an_unknown_outcome_is_listed_and_left_when_nothing_may_double(store):
    await planned(store, daily(1))
    postman = Postman(Unknown("connection dropped"))
    await drained(store, postman, on_unknown=OnUnknown.SKIP)
    await drained(store, postman, MORNING + timedelta(hours=1), on_unknown=OnUnknown.SKIP)
    assert len(postman.sent) == 1
    (record,) = await store.outbox.list(DeliveryState.UNKNOWN)
    assert record.reason == "connection dropped"


async def test_an_unknown_outcome_stays_unknown_when_the_day_is_over(store):
    await planned(store, daily(1))
    await drained(store, Postman(Unknown("connection dropped")))
    await drained(store, Postman(), MORNING + timedelta(days=1))
    assert await state_of(store) is DeliveryState.UNKNOWN


async def test_an_error_of_the_messenger_is_an_unknown_outcome(store, caplog):
    class Broken:
        async def send(self, _delivery):
            raise KeyError("layout")

    await planned(store, daily(1))
    await drained(store, Broken(), on_unknown=OnUnknown.SKIP)
    assert await state_of(store) is DeliveryState.UNKNOWN
    assert "error of ours" in caplog.text


async def test_a_call_without_an_answer_is_an_unknown_outcome(store):
    class Silent:
        async def send(self, _delivery):
            await asyncio.sleep(60)

    await planned(store, daily(1))
    limit = timedelta(seconds=0.05)
    await drained(store, Silent(), on_unknown=OnUnknown.SKIP, call_limit=limit)
    (record,) = await store.outbox.list()
    assert (record.state, record.reason) == (DeliveryState.UNKNOWN, "no answer within 0.05 s")


async def test_a_post_whose_day_is_over_is_recorded_and_not_sent(store):
    await planned(store, daily(1))
    postman = Postman()
    await drained(store, postman, MORNING + timedelta(hours=15))  # midnight in Shanghai
    assert postman.sent == []
    assert await state_of(store) is DeliveryState.SKIPPED


async def test_what_was_published_is_sent_however_late(store):
    await store.subscriptions.put(daily(1), EVE)
    await Planner(store, Composer()).publish(DAY, MORNING)
    assert await drained(store, Postman(), MORNING + timedelta(days=3)) == 1


@pytest.mark.parametrize(
    ("due_hour", "sent_hour", "silent"),
    [(21, 22, True), (7, 7.5, True), (7, 8, False), (12, 21, False), (23, 23.1, False)],
)
async def test_a_late_post_makes_no_sound_at_night(store, due_hour, sent_hour, silent):
    await store.subscriptions.put(daily(1, at=due_hour), EVE)
    midnight = datetime(2026, 5, 9, 16, tzinfo=UTC)  # in Shanghai
    now = midnight + timedelta(hours=sent_hour)
    await Planner(store, Composer()).plan(now)
    postman = Postman()
    await drained(store, postman, now)
    assert [delivery.silent for delivery in postman.sent] == [silent]


async def test_a_post_that_waits_is_not_sent_to_who_unsubscribed_meanwhile(store):
    await planned(store, daily(1))
    await store.subscriptions.unsubscribe(Address(1), MORNING)
    postman = Postman()
    await drained(store, postman)
    assert postman.sent == []
    assert await state_of(store) is DeliveryState.SKIPPED


async def test_a_retry_is_not_sent_to_who_unsubscribed_during_the_call(store):
    class Refusing(Postman):
        async def send(self, delivery):
            await store.subscriptions.unsubscribe(Address(1), MORNING)
            return await super().send(delivery)

    await planned(store, daily(1))
    postman = Refusing(Failed("server error"))
    await drained(store, postman)
    await drained(store, postman, MORNING + timedelta(minutes=1))
    assert len(postman.sent) == 1
    assert await state_of(store) is DeliveryState.SKIPPED


async def test_a_failed_delivery_is_sent_again_on_request_even_when_its_day_is_over(store):
    await planned(store, daily(1))
    await drained(store, Postman(Failed("no", permanent=True)))
    tomorrow = MORNING + timedelta(days=1)
    assert await store.outbox.retry(DeliveryState.FAILED, tomorrow) == 1
    assert await drained(store, Postman(), tomorrow) == 1


async def test_what_arrived_is_not_retried(store):
    with pytest.raises(ValueError, match="not retried"):
        await store.outbox.retry(DeliveryState.SENT, MORNING)
