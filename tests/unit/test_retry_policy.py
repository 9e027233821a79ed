from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from digests.delivery.retry_policy import OnUnknown, RetryPolicy
from digests.posts import (
    Delivery,
    DeliveryState,
    DeliveryUpdate,
    Failed,
    Gone,
    Later,
    Moved,
    Outcome,
    Post,
    PostKind,
    Sent,
    Unknown,
    given_back,
    is_stale,
)
from digests.subscriptions import Address, Layout
from digests.text import Language

NOW = datetime(2026, 5, 10, 1, tzinfo=UTC)
outcomes = st.one_of(
    st.builds(Sent, st.integers(1)),
    st.builds(Later, st.floats(0, 1e6), st.text()),
    st.builds(Gone, st.text()),
    st.builds(Moved, st.integers()),
    st.builds(Failed, st.text(), st.booleans()),
    st.builds(Unknown, st.text()),
)


def delivery(attempt=1, stale_at=None, lease=120, reason=None):
    post = Post(PostKind.RECALL, Markup("<p>May</p>"), None, ())
    return Delivery(
        id=1,
        epoch=1,
        attempt=attempt,
        address=Address(-5),
        language=Language.ZH,
        layout=Layout.CLASSIC,
        post_id=1,
        post=post,
        silent=False,
        picture=True,
        timezone="Asia/Shanghai",
        due_at=NOW,
        stale_at=stale_at,
        lease_until=NOW + timedelta(seconds=lease),
        reason=reason,
    )


@given(outcomes, st.integers(1, 20), st.sampled_from(OnUnknown))
def test_whatever_happens_a_delivery_ends_or_is_tried_again_at_a_known_time(outcome, attempt, on_unknown):
    settled = RetryPolicy(on_unknown).apply(delivery(attempt), outcome, NOW)
    assert (settled.not_before is not None) == (settled.state is DeliveryState.PENDING)
    assert settled.not_before is None or settled.not_before >= NOW


@given(outcomes.filter(lambda outcome: not isinstance(outcome, Later)), st.sampled_from(OnUnknown))
def test_the_last_attempt_is_the_last_one(outcome, on_unknown):
    rules = RetryPolicy(on_unknown, max_attempts=3)
    assert rules.apply(delivery(attempt=3), outcome, NOW).state is not DeliveryState.PENDING


@given(st.integers(1, 100))
def test_no_wait_is_longer_than_the_longest(attempt):
    rules = RetryPolicy(max_attempts=200)
    settled = rules.apply(delivery(attempt), Failed("server error"), NOW)
    assert settled.not_before is not None
    assert rules.first_wait <= settled.not_before - NOW <= rules.longest_wait


def test_only_what_arrived_is_sent():
    rules = RetryPolicy()
    refused: list[Outcome] = [Later(1, ""), Gone(""), Moved(2), Failed(""), Unknown("")]
    assert rules.apply(delivery(), Sent(9), NOW).state is DeliveryState.SENT
    assert all(rules.apply(delivery(), each, NOW).state is not DeliveryState.SENT for each in refused)


def test_one_refusal_does_not_make_a_chat_gone_but_the_same_one_again_does():
    rules, gone = RetryPolicy(), Gone("kicked")
    first = rules.apply(delivery(), gone, NOW)
    assert (first.state, first.gone) == (DeliveryState.PENDING, None)
    assert first.not_before == NOW + rules.gone_wait
    again = rules.apply(delivery(attempt=2, reason="kicked"), gone, NOW)
    assert (again.state, again.gone) == (DeliveryState.GONE, Address(-5))


def test_a_chat_that_moved_is_named():
    assert RetryPolicy().apply(delivery(), Moved(-1005), NOW).moved == (-5, -1005)


def test_a_call_begins_only_while_the_lease_outlasts_it_and_the_post_is_fresh():
    rules = RetryPolicy(call_limit=timedelta(seconds=60))
    assert rules.may_begin(delivery(lease=60), NOW)
    assert not rules.may_begin(delivery(lease=59), NOW)
    assert not rules.may_begin(delivery(stale_at=NOW), NOW)
    assert rules.may_begin(delivery(stale_at=NOW + timedelta(seconds=1)), NOW)
    assert not rules.may_begin(delivery(), NOW - timedelta(seconds=1))  # claimed by a clock that was ahead


def test_a_lease_that_no_call_fits_into_is_refused():
    with pytest.raises(ValueError, match="a lease of 0:00:30 ends before a call that may take 0:01:00"):
        RetryPolicy(lease=timedelta(seconds=30), call_limit=timedelta(seconds=60))
    with pytest.raises(ValueError, match="ends before"):
        RetryPolicy(lease=timedelta(seconds=60), call_limit=timedelta(seconds=60))


def test_a_claim_whose_holder_is_gone_is_tried_at_once_unless_nothing_may_double():
    recovered = RetryPolicy().recover(delivery(attempt=2), NOW)
    assert (recovered.state, recovered.not_before, recovered.attempts) == (DeliveryState.PENDING, NOW, 2)
    assert RetryPolicy(OnUnknown.SKIP).recover(delivery(), NOW).state is DeliveryState.UNKNOWN


def test_a_wait_is_no_attempt():
    assert RetryPolicy().apply(delivery(attempt=3), Later(5, "too many requests"), NOW).attempts == 2
    assert RetryPolicy().apply(delivery(attempt=3), Failed("server error"), NOW).attempts == 3


@pytest.mark.parametrize("outcome", [Failed("server error"), Unknown("cut")])
def test_the_waits_grow_fourfold_from_five_seconds_to_an_hour(outcome):
    rules = RetryPolicy(max_attempts=20)
    settled = [rules.apply(delivery(attempt), outcome, NOW).not_before for attempt in range(1, 9)]
    assert [(at - NOW).total_seconds() for at in settled if at] == [5, 20, 80, 320, 1280, 3600, 3600, 3600]


def test_a_delivery_is_tried_eight_times():
    assert RetryPolicy().apply(delivery(7), Failed("x"), NOW).state is DeliveryState.PENDING
    assert RetryPolicy().apply(delivery(8), Failed("x"), NOW).state is DeliveryState.FAILED
    assert RetryPolicy().apply(delivery(8), Unknown("x"), NOW).state is DeliveryState.UNKNOWN
    assert RetryPolicy().apply(delivery(8), Moved(2), NOW).state is DeliveryState.FAILED
    assert RetryPolicy().apply(delivery(8), Gone("x"), NOW).state is DeliveryState.GONE
    assert RetryPolicy().apply(delivery(99), Later(1, "x"), NOW).state is DeliveryState.PENDING


def test_what_is_refused_for_good_is_not_tried_again():
    settled = RetryPolicy().apply(delivery(), Failed("bad request", permanent=True), NOW)
    assert (settled.state, settled.not_before, settled.reason) == (DeliveryState.FAILED, None, "bad request")


def test_each_kind_of_refusal_has_its_own_wait():
    def wait(outcome, attempt=3):
        at = RetryPolicy().apply(delivery(attempt), outcome, NOW).not_before
        return at and (at - NOW).total_seconds()

    assert wait(Later(7.5, "too many requests")) == 7.5
    assert wait(Moved(-1005)) == 0
    assert wait(Gone("kicked")) == 60
    assert wait(Failed("server error")) == 80


def test_a_chat_that_is_gone_for_another_reason_is_asked_once_more():
    settled = RetryPolicy().apply(delivery(attempt=2, reason="kicked"), Gone("chat not found"), NOW)
    assert (settled.state, settled.gone) == (DeliveryState.PENDING, None)


@pytest.mark.parametrize("topic_only", [True, False])
def test_a_topic_that_is_gone_is_told_from_its_chat(topic_only):
    gone = Gone("TOPIC_CLOSED", topic_only=topic_only)
    settled = RetryPolicy().apply(delivery(attempt=2, reason="TOPIC_CLOSED"), gone, NOW)
    assert (settled.gone, settled.topic_only) == (Address(-5), topic_only)
    assert not RetryPolicy().apply(delivery(), Failed("x"), NOW).topic_only


def test_what_arrived_is_written_whatever_happened_to_its_claim():
    claim = replace(delivery(attempt=4, reason="server error"), id=17, epoch=9)
    assert RetryPolicy().apply(claim, Sent(99), NOW) == DeliveryUpdate(
        17, 9, DeliveryState.SENT, NOW, 4, is_known=True, only_while_claimed=False, message_id=99
    )


def test_only_an_unknown_outcome_is_written_only_while_its_claim_is_held():
    unknown = RetryPolicy().apply(delivery(), Unknown("cut"), NOW)
    assert (unknown.is_known, unknown.only_while_claimed, unknown.reason) == (False, True, "cut")
    for outcome in (Later(1, "wait"), Gone("kicked"), Failed("bad")):
        settled = RetryPolicy().apply(replace(delivery(), id=17, epoch=9), outcome, NOW)
        assert (settled.id, settled.epoch, settled.at) == (17, 9, NOW)
        assert (settled.is_known, settled.only_while_claimed) == (True, False)
        assert (settled.reason, settled.moved, settled.message_id) == (outcome.reason, None, None)
    assert RetryPolicy().apply(delivery(), Moved(-1005), NOW).reason is None


def test_with_skip_what_is_unknown_is_left_and_with_resend_it_is_sent_again():
    unknown = Unknown("cut")
    assert RetryPolicy(OnUnknown.SKIP).apply(delivery(), unknown, NOW).state is DeliveryState.UNKNOWN
    assert RetryPolicy(OnUnknown.RESEND).apply(delivery(), unknown, NOW).state is DeliveryState.PENDING
    assert RetryPolicy().on_unknown is OnUnknown.RESEND
    assert RetryPolicy(OnUnknown.SKIP).apply(delivery(), Failed("x"), NOW).state is DeliveryState.PENDING


def test_a_lost_claim_says_why_it_is_tried_again():
    recovered = RetryPolicy().recover(delivery(), NOW)
    assert recovered.reason == "the sender stopped while the call may have been made"
    assert (recovered.is_known, recovered.only_while_claimed) == (False, True)
    assert RetryPolicy().recover(delivery(attempt=8), NOW).not_before is None


def test_a_lease_lasts_two_minutes_and_a_call_one():
    assert (RetryPolicy().lease, RetryPolicy().call_limit) == (timedelta(minutes=2), timedelta(minutes=1))
    assert RetryPolicy(lease=timedelta(seconds=61)).lease == timedelta(seconds=61)


def test_a_claim_that_was_not_called_is_given_back_without_an_attempt():
    claim = replace(delivery(attempt=3, reason="server error"), id=17, epoch=9)
    assert given_back(claim, NOW) == DeliveryUpdate(
        17, 9, DeliveryState.PENDING, NOW, 2, is_known=True, only_while_claimed=True, reason="server error"
    )


def test_a_post_is_stale_from_its_instant_on_and_never_without_one():
    assert is_stale(NOW, NOW)
    assert not is_stale(NOW + timedelta.resolution, NOW)
    assert is_stale(NOW - timedelta.resolution, NOW)
    assert not is_stale(None, NOW)
