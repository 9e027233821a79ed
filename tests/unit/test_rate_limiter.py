from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram import rate_limiter
from bot.telegram.rate_limiter import Lane, RateLimiter, UnlimitedRateLimiter, WaitTooLong

BROADCAST, ANSWER = Lane.BROADCAST, Lane.ANSWER


class Timeline:
    """A clock that jumps to the moments that the gate reserves."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.meanwhile: Callable[[], None] = lambda: None

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Let the time pass, and what happens meanwhile, once."""
        meanwhile, self.meanwhile = self.meanwhile, lambda: None
        meanwhile()
        self.now += seconds


@pytest.fixture
def clock(monkeypatch) -> Timeline:
    """A clock that jumps while the limiter sleeps."""
    clock = Timeline()
    monkeypatch.setattr(rate_limiter, "asyncio", clock)
    return clock


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


def test_refusals_in_two_chats_make_the_broadcast_wait_and_no_answer_of_others():
    clock = Timeline()
    limiter = RateLimiter(25, clock)
    limiter.on_retry_after(7, 5)
    limiter.on_retry_after(8, 3)
    assert reserve(limiter, clock, 9, ANSWER) == 0
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


async def test_a_refusal_that_comes_while_one_waits_is_obeyed(clock):
    limiter = RateLimiter(0, clock)
    await limiter.acquire(7, BROADCAST)
    clock.meanwhile = lambda: limiter.on_retry_after(7, 5)
    await limiter.acquire(7, BROADCAST)
    assert clock.now == pytest.approx(1005)


async def test_whoever_waited_out_a_refusal_takes_a_new_turn_of_the_broadcast(clock):
    limiter = RateLimiter(0.5, clock)
    await limiter.acquire(7, BROADCAST)
    clock.meanwhile = lambda: limiter.on_retry_after(8, 2.5)
    await limiter.acquire(8, BROADCAST)
    assert clock.now == pytest.approx(1004, abs=0.051)
    await limiter.acquire(9, ANSWER)
    assert clock.now == pytest.approx(1004, abs=0.051)


async def test_calls_that_are_not_counted_still_obey_a_refusal_and_one_that_comes_meanwhile(clock):
    limiter = RateLimiter(0, clock)
    limiter.on_retry_after("getUpdates", 2)
    clock.meanwhile = lambda: limiter.on_retry_after("getUpdates", 5)
    await limiter.wait_out("getUpdates")
    assert clock.now == pytest.approx(1005)


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


def test_two_refusals_of_one_chat_stop_nobody_else():
    clock = Timeline()
    limiter = RateLimiter(25, clock)
    limiter.on_retry_after(7, 5)
    limiter.on_retry_after(7, 5)
    assert reserve(limiter, clock, 9, BROADCAST) == 0.0
    assert reserve(limiter, clock, 8, ANSWER) == 0.0
    assert limiter.rate == 25


@pytest.mark.parametrize(("apart", "waits"), [(4.9, True), (5.0, False), (6.0, False)])
def test_refusals_of_two_chats_mean_the_broadcast_only_when_they_come_together(apart, waits):
    clock = Timeline()
    limiter = RateLimiter(25, clock)
    limiter.on_retry_after(7, 1)
    clock.now += apart
    limiter.on_retry_after(8, 3)
    assert (reserve(limiter, clock, 9, BROADCAST) > 0) is waits


def test_each_refusal_is_compared_with_the_one_right_before_it():
    clock = Timeline()
    limiter = RateLimiter(25, clock)
    limiter.on_retry_after(7, 1)
    clock.now += 4
    limiter.on_retry_after(7, 1)
    clock.now += 4
    limiter.on_retry_after(8, 3)
    assert reserve(limiter, clock, 9, BROADCAST) == pytest.approx(3)


def test_a_shorter_refusal_does_not_shorten_a_longer_one():
    clock = Timeline()
    limiter = RateLimiter(25, clock)
    limiter.on_retry_after(7, 8)
    limiter.on_retry_after(7, 2)
    assert reserve(limiter, clock, 7, ANSWER) == pytest.approx(8)
    limiter.on_retry_after(8, 6)
    limiter.on_retry_after(9, 3)
    assert reserve(limiter, clock, 10, BROADCAST) == pytest.approx(6)


@pytest.mark.parametrize(
    ("lane", "demanded", "waits"),
    [
        (BROADCAST, 9.9, True),
        (BROADCAST, 10.0, True),
        (BROADCAST, 10.1, False),
        (ANSWER, 20.0, True),
        (ANSWER, 20.1, False),
    ],
)
def test_a_post_waits_ten_seconds_and_an_answer_twenty_and_no_more(lane, demanded, waits):
    clock = Timeline()
    limiter = RateLimiter(0, clock)
    limiter.on_retry_after(7, demanded)
    if waits:
        assert reserve(limiter, clock, 7, lane) == pytest.approx(demanded)
    else:
        with pytest.raises(WaitTooLong, match=rf"not before {demanded} s from now"):
            reserve(limiter, clock, 7, lane)


def test_the_burst_of_a_chat_comes_back_one_answer_a_second():
    clock = Timeline()
    limiter = RateLimiter(0, clock)
    assert [reserve(limiter, clock, 7, ANSWER) for _ in range(3)] == [0, 0, 0]
    clock.now += 1
    assert reserve(limiter, clock, 7, ANSWER) == 0
    assert reserve(limiter, clock, 7, ANSWER) == pytest.approx(1)
    clock.now += 60
    assert [reserve(limiter, clock, 7, ANSWER) for _ in range(4)] == pytest.approx([0, 0, 0, 1])


def test_a_group_gets_its_twenty_first_message_a_minute_after_the_first():
    clock = Timeline()
    limiter = RateLimiter(0, clock)
    start = clock.now
    for _ in range(20):
        assert reserve(limiter, clock, -100, ANSWER) == 0
        clock.now += 2.6
    clock.now = start + 52
    assert reserve(limiter, clock, -100, ANSWER) == pytest.approx(8.5)
    assert len(limiter._chats[-100].sent or ()) == 20


@pytest.mark.parametrize("place", [-100, "@channel", "getMe"])
def test_groups_and_channels_by_name_are_limited_by_the_minute_and_people_are_not(place):
    clock = Timeline()
    limiter = RateLimiter(0, clock)
    for _ in range(20):
        reserve(limiter, clock, place, ANSWER)
        reserve(limiter, clock, 100, ANSWER)
        clock.now += 1
    with pytest.raises(WaitTooLong):
        reserve(limiter, clock, place, ANSWER)
    assert reserve(limiter, clock, 100, ANSWER) == 0
    clock.now += 61
    assert reserve(limiter, clock, place, ANSWER) == 0


def test_refusals_in_two_chats_hold_the_broadcast_back_until_it_is_over_and_no_longer():
    clock = Timeline()
    limiter = RateLimiter(25, clock)
    limiter.on_retry_after(7, 3)
    limiter.on_retry_after(8, 3)
    clock.now += 3
    first, second = (reserve(limiter, clock, chat, BROADCAST) for chat in (20, 21))
    assert first == 0
    assert 0 < second <= 1 / limiter.rate


def test_answers_take_their_share_of_what_telegram_bears():
    clock = Timeline()
    limiter = RateLimiter(10, clock)
    for chat in range(1, 7):
        assert reserve(limiter, clock, chat, ANSWER) == 0
    assert reserve(limiter, clock, 100, BROADCAST) == pytest.approx(6 / 12)


def test_a_moment_of_delay_is_made_up_for_and_a_longer_one_is_not():
    clock = Timeline()
    limiter = RateLimiter(10, clock)
    reserve(limiter, clock, 1, BROADCAST)
    clock.now += 5
    times = [reserve(limiter, clock, chat, BROADCAST) for chat in (2, 3, 4)]
    assert times == pytest.approx([-0.05, 0.05, 0.15], abs=0.051)
    assert times[2] >= 0.1


async def test_who_need_not_wait_passes_without_a_pause():
    clock = Timeline()
    await RateLimiter(25, clock).acquire(7, ANSWER)
    await RateLimiter(25, clock).wait_out(7)


async def test_calls_that_are_not_counted_are_told_of_a_long_refusal():
    clock = Timeline()
    limiter = RateLimiter(0, clock)
    limiter.on_retry_after("getUpdates", 11)
    with pytest.raises(WaitTooLong) as late:
        await limiter.wait_out("getUpdates")
    assert late.value.seconds == pytest.approx(11)
    await limiter.wait_out("getMe")


async def test_without_limits_only_refusals_are_obeyed():
    limiter = UnlimitedRateLimiter()
    for _ in range(50):
        await limiter.acquire(-7, BROADCAST)
    assert limiter.rate == 0
    limiter.on_retry_after(-7, 11)
    with pytest.raises(WaitTooLong):
        await limiter.acquire(-7, BROADCAST)


def test_a_chat_that_is_parked_or_whose_minute_runs_is_not_forgotten():
    clock = Timeline()
    limiter = RateLimiter(0, clock)
    limiter.on_retry_after(1, 100)
    reserve(limiter, clock, -2, ANSWER)
    reserve(limiter, clock, 3, ANSWER)
    clock.now += 30
    reserve(limiter, clock, 4, ANSWER)
    limiter._kept = 0
    limiter._forget(clock.now)
    assert set(limiter._chats) == {1, -2, 4}
    assert limiter._kept == 4096
    clock.now += 31
    limiter._kept = 0
    limiter._forget(clock.now)
    assert set(limiter._chats) == {1}
