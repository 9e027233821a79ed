"""The calls of a broadcast: begun within bounds, quiet at night, given up when they take too long."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from digests.delivery import calls as calls_module
from digests.delivery.calls import CallsInFlight, _quietened
from digests.delivery.retry_policy import RetryPolicy
from digests.logs.fields import current_fields
from digests.posts import DeliveryState, DeliveryUpdate, Failed, Sent
from tests.unit.test_retry_policy import NOW, delivery

NEVER = asyncio.Event()


class Line:
    """A messenger whose calls last until they are let go."""

    def __init__(self, outcome=None):
        self.outcome = outcome or Sent(9)
        self.begun = []
        self.go = asyncio.Event()

    async def send(self, one):
        self.begun.append(one)
        await self.go.wait()
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


def in_flight(line, concurrency=2, policy=None):
    """The calls of a messenger, and the updates that came of them."""
    updates: list[DeliveryUpdate] = []
    return CallsInFlight(line, policy or RetryPolicy(), concurrency, updates.append), updates


async def settle():
    for _ in range(10):
        await asyncio.sleep(0)


async def test_what_came_of_a_call_is_told_and_what_arrived_is_counted():
    line = Line()
    calls, updates = in_flight(line)
    assert await calls.begin([delivery()], lambda: NOW, NEVER)
    line.go.set()
    await calls.all_ended()
    assert [(each.state, each.message_id) for each in updates] == [(DeliveryState.SENT, 9)]
    assert calls.sent == 1
    line.outcome = Failed("no")
    await calls.begin([delivery()], lambda: NOW, NEVER)
    await calls.all_ended()
    assert (calls.sent, updates[-1].state) == (1, DeliveryState.PENDING)


async def test_one_call_more_than_allowed_waits_for_the_end_of_another():
    line = Line()
    calls, _ = in_flight(line, concurrency=2)
    for _ in range(2):
        await calls.begin([delivery()], lambda: NOW, NEVER)
    third = asyncio.create_task(calls.begin([delivery()], lambda: NOW, NEVER))
    await settle()
    assert (len(line.begun), third.done()) == (2, False)
    line.go.set()
    assert await third
    await calls.all_ended()
    assert len(line.begun) == 3


@pytest.mark.parametrize("why", ["stop", "lease", "stale"])
async def test_what_must_not_begin_any_more_is_given_back_and_takes_no_place(why):
    line, stop = Line(), asyncio.Event()
    line.go.set()
    calls, updates = in_flight(line, concurrency=1)
    if why == "stop":
        stop.set()
    late = delivery(lease=59 if why == "lease" else 120, stale_at=NOW if why == "stale" else None)
    assert not await calls.begin([late], lambda: NOW, stop)
    assert line.begun == []
    assert [(each.state, each.attempts, each.only_while_claimed) for each in updates] == [
        (DeliveryState.PENDING, 0, True)
    ]
    assert await asyncio.wait_for(calls.begin([delivery()], lambda: NOW, NEVER), 1)
    await calls.all_ended()


async def test_an_error_of_ours_leaves_the_outcome_unknown_and_frees_the_place(caplog):
    line = Line(ZeroDivisionError("by nothing"))
    line.go.set()
    calls, updates = in_flight(line, concurrency=1)
    for _ in range(2):
        await asyncio.wait_for(calls.begin([delivery()], lambda: NOW, NEVER), 1)
    await calls.all_ended()
    assert [(each.is_known, each.reason) for each in updates] == [
        (False, "ZeroDivisionError: by nothing")
    ] * 2
    assert caplog.messages == ["delivery 1 ended in an error of ours"] * 2


async def test_only_calls_that_take_longer_than_they_may_are_given_up(monkeypatch):
    steady = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(calls_module, "time", SimpleNamespace(monotonic=lambda: steady.now))
    line = Line()
    calls, updates = in_flight(line)
    await calls.begin([replace(delivery(), id=1)], lambda: NOW, NEVER)
    await settle()
    steady.now += 59
    await calls.begin([replace(delivery(), id=2)], lambda: NOW, NEVER)
    await settle()
    calls.cut_overdue()
    await settle()
    assert updates == []
    steady.now += 1
    calls.cut_overdue()
    await settle()
    assert [(each.id, each.is_known, each.reason) for each in updates] == [
        (1, False, "no answer within 60 s")
    ]
    line.go.set()
    await calls.all_ended()
    assert [each.id for each in updates] == [1, 2]


async def test_while_the_last_calls_end_those_that_take_too_long_are_given_up():
    calls, updates = in_flight(Line(), policy=RetryPolicy(call_limit=timedelta(seconds=0.01)))
    await calls.begin([delivery()], lambda: NOW, NEVER)
    await asyncio.wait_for(calls.all_ended(), 5)
    assert [(each.is_known, each.reason) for each in updates] == [(False, "no answer within 0.01 s")]


async def test_during_a_call_the_log_says_which_delivery_it_is_and_whose():
    class Telling(Line):
        async def send(self, _one):
            self.begun.append(current_fields())
            raise ZeroDivisionError

    line = Telling()
    calls, _ = in_flight(line)
    await calls.begin([replace(delivery(), id=17)], lambda: NOW, NEVER)
    await calls.all_ended()
    assert line.begun == [{"delivery_id": 17, "chat_id": -5}]


def many(count):
    return [replace(delivery(), id=number) for number in range(1, count + 1)]


async def test_calls_begin_in_the_order_of_their_claims():
    line = Line()
    line.go.set()
    calls, updates = in_flight(line, concurrency=3)
    await calls.begin(many(20), lambda: NOW, NEVER)
    await calls.all_ended()
    assert [one.id for one in line.begun] == list(range(1, 21))
    assert sorted(each.id for each in updates) == list(range(1, 21))


async def test_the_next_are_asked_for_while_a_few_still_wait():
    class Counting(Line):
        async def send(self, one):
            self.begun.append(one)
            await asyncio.sleep(0)
            return Sent(1)

    line = Counting()
    calls, _ = in_flight(line, concurrency=2)
    assert await calls.begin(many(50), lambda: NOW, NEVER) == 50
    assert 35 < len(line.begun) < 50
    await calls.all_ended()
    assert len(line.begun) == 50


async def test_after_a_call_that_was_given_up_the_next_one_is_made():
    line = Line()
    calls, updates = in_flight(line, concurrency=1)
    beginning = asyncio.create_task(calls.begin(many(2), lambda: NOW, NEVER))
    await settle()
    calls.cut_all()
    line.go.set()
    await asyncio.wait_for(beginning, 1)
    await calls.all_ended()
    assert [(each.id, each.is_known) for each in updates] == [(1, False), (2, True)]


async def test_a_begin_that_is_cancelled_gives_back_what_waits():
    line = Line()
    calls, updates = in_flight(line, concurrency=1)
    beginning = asyncio.create_task(calls.begin(many(10), lambda: NOW, NEVER))
    await settle()
    beginning.cancel()
    await asyncio.gather(beginning, return_exceptions=True)
    assert [each.id for each in updates] == list(range(2, 11))
    line.go.set()
    await calls.all_ended()
    assert [one.id for one in line.begun] == [1]


async def test_while_outcomes_wait_to_be_written_no_call_begins_and_a_stop_gives_them_back():
    line, stop = Line(), asyncio.Event()
    updates: list[DeliveryUpdate] = []
    line.go.set()
    calls = CallsInFlight(line, RetryPolicy(), 2, updates.append, is_late=lambda: True)
    await calls.begin(many(2), lambda: NOW, stop)
    await settle()
    assert (line.begun, updates) == ([], [])
    stop.set()
    await asyncio.wait_for(calls.all_ended(), 5)
    assert (line.begun, [each.id for each in updates]) == ([], [1, 2])


async def test_a_time_zone_that_this_machine_does_not_know_leaves_the_outcome_unknown():
    line = Line()
    line.go.set()
    calls, updates = in_flight(line, concurrency=1)
    odd = replace(delivery(), timezone="Moon/Tycho", due_at=NOW - timedelta(hours=1))
    await calls.begin([odd, *many(2)[1:]], lambda: NOW, NEVER)
    await calls.all_ended()
    assert [(each.id, each.is_known) for each in updates] == [(1, False), (2, True)]


async def test_the_end_of_the_process_is_not_taken_for_a_call_that_was_given_up():
    line = Line()
    calls, updates = in_flight(line, concurrency=1)
    beginning = asyncio.create_task(calls.begin(many(2), lambda: NOW, NEVER))
    await settle()
    for worker in list(calls._workers):
        worker.cancel()
    await asyncio.wait_for(calls.all_ended(), 5)
    await asyncio.wait_for(beginning, 5)
    assert ([one.id for one in line.begun], updates) == ([1], [])
    line.go.set()
    await calls.begin([], lambda: NOW, NEVER)
    await calls.all_ended()
    assert [each.id for each in updates] == [2]


async def test_a_stop_gives_up_every_call_and_says_so():
    calls, updates = in_flight(Line())
    for number in (1, 2):
        await calls.begin([replace(delivery(), id=number)], lambda: NOW, NEVER)
    await settle()
    calls.cut_all()
    await calls.all_ended()
    assert {(each.id, each.is_known, each.reason) for each in updates} == {
        (1, False, "stopped during the call"),
        (2, False, "stopped during the call"),
    }


@pytest.mark.parametrize(
    ("local", "silent"),
    [("21:59", False), ("22:00", True), ("23:30", True), ("00:00", True), ("07:59", True), ("08:00", False)],
)
def test_a_late_post_is_silent_from_ten_in_the_evening_to_eight(local, silent):
    hour, minute = map(int, local.split(":"))
    now = datetime(2026, 5, 10, hour, minute, tzinfo=UTC) - timedelta(hours=8)  # Shanghai
    late = replace(delivery(), due_at=now - timedelta(hours=1))
    assert _quietened(late, now).silent is silent
    assert _quietened(replace(late, silent=True), now).silent


def test_a_post_is_late_when_more_than_ten_minutes_have_passed():
    night = datetime(2026, 5, 10, 15, tzinfo=UTC)  # 23:00 in Shanghai
    in_time = replace(delivery(), due_at=night - timedelta(minutes=10))
    late = replace(delivery(), due_at=night - timedelta(minutes=10, seconds=1))
    assert (_quietened(in_time, night).silent, _quietened(late, night).silent) == (False, True)


async def test_the_night_is_that_of_the_moment_at_which_it_is_sent():
    line = Line()
    line.go.set()
    calls, _ = in_flight(line)
    night = datetime(2026, 5, 10, 15, tzinfo=UTC)
    late = replace(delivery(), due_at=night - timedelta(hours=1), lease_until=night + timedelta(hours=1))
    await calls.begin([late], lambda: night, NEVER)
    await calls.all_ended()
    assert line.begun[0].silent
