"""A quiz follows its digest: once it is on record as sent, once only, and it takes nothing down with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from digests.delivery.planner import Planner
from digests.delivery.sender import Sender
from digests.posts import DeliveryState, DeliveryUpdate, Failed
from digests.questions import Question
from tests.integration.small_world import DAY, EVE, MORNING, Composer, Postman, daily

QUESTION = Question("second-zone", "In which year?", ("2014", "2016", "2018"), 1, "January 2016 · 2.1")


class Asker(Composer):
    """A composer with a question for who wants one."""

    def compose(self, occasion, audience):
        post = super().compose(occasion, audience)
        return replace(post, quiz=QUESTION) if post and audience.quiz else post


async def asked(store, *subscriptions):
    for subscription in subscriptions:
        await store.subscriptions.put(subscription, EVE)
    planner = Planner(store, Asker())
    await planner.plan(MORNING)
    return planner


async def carried(store, *outcomes, at=MORNING):
    """What a postman who gets these outcomes carries, until nothing is left to do."""
    postman = Postman(*outcomes)
    sender = Sender(store, postman, lambda: at)
    await sender.drain(at)
    await sender.drain(at)
    await sender.close()
    return [(delivery.address.chat_id, delivery.is_quiz) for delivery in postman.sent]


async def ends(store):
    return {record.occasion: record.state for record in await store.outbox.list()}


async def test_a_quiz_follows_the_digest_of_who_wants_one(store):
    await asked(store, daily(1, quiz=True), daily(2))
    assert sorted(await carried(store)) == [(1, False), (1, True), (2, False)]
    records = await store.outbox.list()
    assert sorted((each.address.chat_id, each.occasion) for each in records) == [
        (1, DAY.key),
        (1, f"q:{DAY.key}"),
        (2, DAY.key),
    ]
    assert {each.state for each in records} == {DeliveryState.SENT}
    assert await carried(store) == []


async def test_a_quiz_waits_for_its_digest_and_keeps_its_post_and_its_time(store):
    await asked(store, daily(1, quiz=True, pin=True))
    (digest,) = await store.outbox.claim(MORNING, 10, MORNING + timedelta(minutes=2))
    assert await store.outbox.claim(MORNING, 10, MORNING + timedelta(minutes=2)) == []
    sent = DeliveryUpdate(digest.id, digest.epoch, DeliveryState.SENT, MORNING, 1, quiz_follows=True)
    for _ in range(2):  # an outcome may be written again
        await store.outbox.settle([sent])
    (quiz,) = await store.outbox.claim(MORNING, 10, MORNING + timedelta(minutes=2))
    assert (quiz.post, quiz.post_id, quiz.due_at, quiz.stale_at) == (
        digest.post, digest.post_id, digest.due_at, digest.stale_at,
    )  # fmt: skip
    assert quiz.post.quiz == QUESTION
    assert (digest.is_quiz, digest.pin, quiz.is_quiz, quiz.pin) == (False, True, True, False)


async def test_a_digest_that_does_not_arrive_is_followed_by_no_quiz(store):
    await asked(store, daily(1, quiz=True))
    assert await carried(store, Failed("no", permanent=True)) == [(1, False)]
    assert await ends(store) == {DAY.key: DeliveryState.FAILED}


async def test_a_quiz_that_is_no_longer_wanted_is_left(store):
    await asked(store, daily(1, quiz=True))
    (digest,) = await store.outbox.claim(MORNING, 10, MORNING + timedelta(minutes=2))
    sent = DeliveryUpdate(digest.id, digest.epoch, DeliveryState.SENT, MORNING, 1, quiz_follows=True)
    await store.outbox.settle([sent])
    await store.subscriptions.put(daily(1), MORNING)
    assert await carried(store) == []
    assert (await ends(store))[f"q:{DAY.key}"] is DeliveryState.SKIPPED


async def test_a_digest_sent_again_is_followed_by_a_quiz_again(store):
    planner = await asked(store, daily(1, quiz=True))
    await carried(store)
    assert (await planner.publish(DAY, MORNING, again=True)).queued == 1
    assert await carried(store) == [(1, False), (1, True)]


async def test_a_quiz_that_fails_leaves_its_digest_sent_and_is_told_as_what_it_is(store):
    subscription = daily(1, quiz=True, subscribed_by=7)
    await asked(store, subscription)
    (digest,) = await store.outbox.claim(MORNING, 10, MORNING + timedelta(minutes=2))
    sent = DeliveryUpdate(digest.id, digest.epoch, DeliveryState.SENT, MORNING, 1, quiz_follows=True)
    await store.outbox.settle([sent])
    await carried(store, Failed("not enough rights to send polls to the chat", permanent=True))
    assert (await store.history.latest(subscription.address)).state is DeliveryState.SENT
    assert (await store.history.latest(subscription.address, quiz=True)).state is DeliveryState.FAILED
    (notice,) = await store.notices.take()
    assert (notice.is_quiz, notice.is_suspended, notice.reason) == (
        True, False, "not enough rights to send polls to the chat",
    )  # fmt: skip
    assert await store.subscriptions.count() == 1
