from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.delivery.retry_policy import OnUnknown, RetryPolicy
from digests.posts import (
    Delivery,
    DeliveryState,
    Failed,
    Gone,
    Later,
    Moved,
    Outcome,
    Post,
    PostKind,
    Sent,
    Unknown,
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
    post = Post(PostKind.RECALL, "<p>May</p>", None, ())
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
