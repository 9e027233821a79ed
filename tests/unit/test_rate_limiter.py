from __future__ import annotations

import asyncio
from bisect import bisect_left
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.rate_limiter import Lane, RateLimiter, WaitTooLong

BROADCAST, ANSWER = Lane.BROADCAST, Lane.ANSWER


class Timeline:
    """A clock that jumps to the moments that the gate reserves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def reserve(limiter: RateLimiter, clock: Timeline, place: int | str, lane: Lane) -> float:
    """When a message may go; the clock does not move."""
    return limiter._reserve(place, lane) - clock.now


def test_a_broadcast_to_many_chats_keeps_its_rate():
    clock = Timeline()
    limiter = RateLimiter(25, clock)
    times = [reserve(limiter, clock, chat, BROADCAST) for chat in range(1, 101)]
    assert times == pytest.approx([n / 25 for n in range(100)], abs=0.051)  # a moment's delay is made up for


def test_without_a_rate_a_broadcast_does_not_wait():
    clock = Timeline()
    limiter = RateLimiter(0, clock)
    assert {reserve(limiter, clock, chat, BROADCAST) for chat in range(1, 1000)} == {0.0}


def test_answers_in_one_chat_come_three_at_once_and_then_one_a_second():
    clock = Timeline()
    limiter = RateLimiter(25, clock)
    times = [reserve(limiter, clock, 7, ANSWER) for _ in range(5)]
    assert times == pytest.approx([0, 0, 0, 1, 2])


def test_a_broadcast_to_one_chat_has_no_burst():
    clock = Timeline()
    limiter = RateLimiter(0, clock)
    assert [reserve(limiter, clock, 7, BROADCAST) for _ in range(3)] == pytest.approx([0, 1, 2])


def test_an_answer_does_not_wait_behind_a_broadcast():
    clock = Timeline()
    limiter = RateLimiter(1, clock)
    for chat in range(1, 6):
        reserve(limiter, clock, chat, BROADCAST)
    assert reserve(limiter, clock, 99, ANSWER) == 0.0


def test_many_answers_hold_the_broadcast_back_but_never_for_long():
    clock = Timeline()
    limiter = RateLimiter(25, clock)
    for chat in range(1, 300):
        reserve(limiter, clock, chat, ANSWER)
    assert 0.9 < reserve(limiter, clock, 1000, BROADCAST) <= 1.0


@given(st.lists(st.tuples(st.floats(0, 5), st.sampled_from([ANSWER, BROADCAST])), min_size=1, max_size=80))
def test_no_group_gets_more_than_twenty_messages_in_any_minute(steps):
    clock = Timeline()
    limiter = RateLimiter(0, clock)
    sent: list[float] = []
    for pause, lane in steps:
        clock.now += pause
        try:
            sent.append(clock.now + reserve(limiter, clock, -100, lane))
        except WaitTooLong:
            continue
    for start in sent:
        assert bisect_left(sorted(sent), start + 60) - bisect_left(sorted(sent), start) <= 20


def test_who_would_have_to_wait_long_is_told_so_and_takes_no_place():
    clock = Timeline()
    limiter = RateLimiter(25, clock)
    limiter.on_retry_after(7, 3600)
    with pytest.raises(WaitTooLong) as late:
        reserve(limiter, clock, 7, ANSWER)
    assert late.value.seconds == pytest.approx(3600)
    clock.now += 3600
    assert [reserve(limiter, clock, 7, ANSWER) for _ in range(3)] == [0, 0, 0]


def test_a_refusal_in_one_chat_leaves_the_others_alone():
    clock = Timeline()
    limiter = RateLimiter(0, clock)
    limiter.on_retry_after(7, 5)
    assert reserve(limiter, clock, 7, BROADCAST) == pytest.approx(5)
    assert reserve(limiter, clock, 8, BROADCAST) == 0.0


def test_refusals_in_two_chats_make_everybody_wait():
    clock = Timeline()
    limiter = RateLimiter(25, clock)
    limiter.on_retry_after(7, 5)
    limiter.on_retry_after(8, 3)
    assert reserve(limiter, clock, 9, ANSWER) == pytest.approx(3)
    assert reserve(limiter, clock, 10, BROADCAST) == pytest.approx(3)


def test_after_refusals_the_broadcast_slows_down_and_recovers_slowly():
    clock = Timeline()
    limiter = RateLimiter(25, clock)
    clock.now += 10
    for chat in range(1, 16):
        reserve(limiter, clock, chat, ANSWER)
    limiter.on_retry_after(7, 1)
    limiter.on_retry_after(8, 1)
    assert limiter.rate == pytest.approx(13 * 0.95)  # of fifteen, two were refused
    clock.now += 10
    assert 12.35 < limiter.rate < 13
    clock.now += 900
    assert limiter.rate == 25


def test_a_limit_is_learned_from_refusals_even_when_none_is_configured():
    clock = Timeline()
    limiter = RateLimiter(0, clock)
    clock.now += 10
    for chat in range(1, 41):
        reserve(limiter, clock, chat, BROADCAST)
    limiter.on_retry_after(7, 1)
    limiter.on_retry_after(8, 1)
    assert limiter.rate == pytest.approx(38 * 0.95)
    clock.now += 2 * 3600
    assert limiter.rate == 0


def test_whoever_waits_out_a_refusal_goes_one_after_the_other():
    clock = Timeline()
    limiter = RateLimiter(25, clock)
    clock.now += 10
    limiter.on_retry_after(7, 2)
    limiter.on_retry_after(8, 2)
    times = [reserve(limiter, clock, chat, BROADCAST) for chat in range(20, 40)]
    assert times[0] == pytest.approx(2)
    assert times[-1] - times[0] == pytest.approx(19 / limiter.rate, rel=0.1)


async def test_a_refusal_that_comes_while_one_waits_is_obeyed():
    limiter = RateLimiter(0)
    loop = asyncio.get_running_loop()
    start = loop.time()
    await limiter.acquire(7, BROADCAST)
    waiting = asyncio.create_task(limiter.acquire(7, BROADCAST))
    await asyncio.sleep(0.01)
    limiter.on_retry_after(7, 1.2)
    await waiting
    assert loop.time() - start >= 1.2


async def test_calls_that_are_not_counted_still_obey_a_refusal():
    limiter = RateLimiter(0)
    limiter.on_retry_after("getUpdates", 0.2)
    loop = asyncio.get_running_loop()
    start = loop.time()
    await limiter.wait_out("getUpdates")
    assert loop.time() - start >= 0.2


def test_chats_that_had_their_rest_are_forgotten():
    clock = Timeline()
    limiter = RateLimiter(0, clock)
    for chat in range(1, 20_000):
        clock.now += 0.01
        reserve(limiter, clock, chat, ANSWER)
    assert len(limiter._chats) <= 2 * 4096


def test_a_broadcast_leaves_answers_a_share_of_a_groups_minute():
    clock, sent = Timeline(), 0
    limiter = RateLimiter(0, clock)
    with suppress(WaitTooLong):
        while True:
            clock.now += reserve(limiter, clock, -7, BROADCAST)
            sent += 1
    assert sent == 15
    assert max(reserve(limiter, clock, -7, ANSWER) for _ in range(5)) <= 5
