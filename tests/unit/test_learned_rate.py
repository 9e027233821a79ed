"""The rate that is learned from refusals, by a clock that the test sets."""

from __future__ import annotations

import math

import pytest

from bot.telegram.learned_rate import LearnedRate


def after_sending(rate: LearnedRate, count: int, now: float) -> LearnedRate:
    for _ in range(count):
        rate.passed(now, now)
    return rate


def test_without_a_refusal_the_configured_rate_holds_and_none_means_no_limit() -> None:
    assert LearnedRate(25).limit(0) == 25
    assert LearnedRate(0).limit(0) == math.inf


def test_a_refusal_leaves_a_little_less_than_what_passed_in_the_second_before() -> None:
    rate = after_sending(LearnedRate(25), 20, 100)
    rate.decrease(100.5)
    assert rate.limit(100.5) == pytest.approx(19)


def test_only_the_last_second_counts_and_nothing_that_is_still_to_come() -> None:
    rate = LearnedRate(50)
    for at in (98.5, 99.0, 99.5, 100.0, 100.5):
        rate.passed(98.5, at)
    rate.decrease(100)
    assert rate.limit(100) == pytest.approx(2 * 0.95)  # 99.5 and 100


def test_what_passed_longer_than_a_second_ago_is_forgotten_and_no_sooner() -> None:
    rate = LearnedRate(50)
    rate.passed(0, 0)
    rate.passed(1, 1)
    assert list(rate._passed) == [0, 1]
    rate.passed(1.5, 1.5)
    assert list(rate._passed) == [1, 1.5]


def test_what_was_refused_did_not_pass() -> None:
    rate = after_sending(LearnedRate(50), 10, 100)
    rate.refused()
    rate.decrease(100)
    assert rate.limit(100) == pytest.approx(9 * 0.95)
    LearnedRate(50).refused()


def test_when_nothing_was_seen_to_pass_a_share_of_the_rate_is_tried() -> None:
    rate = LearnedRate(20)
    rate.decrease(100)
    assert rate.limit(100) == pytest.approx(20 * 0.7 * 0.95)


def test_the_learned_rate_is_never_below_one_a_second() -> None:
    rate = LearnedRate(0)
    rate.decrease(100)
    assert rate.limit(100) == 1
    rate = after_sending(LearnedRate(25), 1, 100)
    rate.decrease(100)
    assert rate.limit(100) == 1


def test_more_than_the_limit_that_passed_counts_as_the_limit() -> None:
    rate = after_sending(LearnedRate(10), 30, 100)
    rate.decrease(100)
    assert rate.limit(100) == pytest.approx(9.5)


def test_refusals_within_a_second_slow_down_once_and_later_ones_again() -> None:
    rate = after_sending(LearnedRate(25), 20, 100)
    rate.decrease(100)
    rate.decrease(100.5)
    rate.decrease(101)
    assert rate.limit(101) == pytest.approx(19 * 1.001)
    rate.decrease(101.1)
    assert rate.limit(101.1) < 19


def test_it_recovers_by_a_thousandth_a_second_up_to_the_configured_rate() -> None:
    rate = after_sending(LearnedRate(25), 20, 100)
    rate.decrease(100)
    assert rate.limit(110) == pytest.approx(19 * 1.001**10)
    assert rate.limit(1100) == 25


def test_without_a_configured_rate_what_was_learned_is_forgotten_when_nobody_is_that_fast() -> None:
    rate = after_sending(LearnedRate(0), 10, 100)
    rate.decrease(100)
    assert rate.limit(100 + 6900) == pytest.approx(9.5 * 1.001**6900)
    assert rate.limit(100 + 7000) == math.inf
    assert rate.limit(10.0**9) == math.inf
