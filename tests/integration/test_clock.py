from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta

from digests.delivery.clock import ShiftedClock, SystemClock, Ticks
from tests.integration.small_world import eventually


def test_the_clock_shows_the_present_in_utc():
    shown = SystemClock().now()
    assert shown.utcoffset() == timedelta(0)
    assert abs(shown - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_clock_that_was_set_goes_on_from_there():
    clock, there = ShiftedClock(), datetime(2026, 5, 10, 1, tzinfo=UTC)
    clock.set(there)
    shown = clock.now()
    assert there <= shown < there + timedelta(seconds=5)
    assert clock.now() >= shown


def ticking_often() -> tuple[Ticks, list[int]]:
    """Ticks that plan twenty times a second, and a list that grows with each."""
    done: list[int] = []

    async def work() -> None:
        done.append(1)

    ticks = Ticks()
    ticks.every(0.05, "plan", work)
    ticks.start()
    return ticks, done


async def test_work_is_done_at_once_and_then_again_and_again():
    ticks, done = ticking_often()
    await eventually(lambda: len(done) >= 3)
    await ticks.stop()
    count = len(done)
    await asyncio.sleep(0.12)
    assert len(done) == count


async def test_a_process_that_was_stopped_for_a_while_does_not_blame_the_clock(caplog):
    caplog.set_level(logging.INFO)
    ticks, done = ticking_often()
    await eventually(lambda: len(done) >= 2)
    ticks._scheduler.pause()  # as after SIGCONT: the run that was due is overdue
    await eventually(lambda: "the process stood still" in caplog.text)
    ticks._scheduler.resume()
    seen = len(done)
    await eventually(lambda: len(done) >= seen + 2)
    await ticks.stop()
    assert "clock was set back" not in caplog.text


async def test_a_clock_that_is_set_back_stops_no_tick(caplog):
    ticks, done = ticking_often()
    await eventually(lambda: len(done) >= 2)
    # as it looks to the scheduler when the clock goes back by an hour
    ticks._scheduler.modify_job("plan", next_run_time=datetime.now(UTC) + timedelta(hours=1))
    seen = len(done)
    await eventually(lambda: len(done) >= seen + 3)
    await ticks.stop()
    assert caplog.text.count("the machine's clock was set back") == 1


async def test_work_can_be_asked_for_between_two_ticks():
    done = []

    async def work():
        done.append(1)

    ticks = Ticks()
    ticks.every(3600, "plan", work)
    ticks.start()
    await eventually(lambda: len(done) == 1)
    ticks.wake("plan")
    await eventually(lambda: len(done) == 2)
    await ticks.stop()


async def test_slow_work_never_overlaps_itself_and_holds_up_no_other():
    running, most, others = 0, 0, []

    async def slow():
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.1)
        running -= 1

    async def quick():
        others.append(1)

    ticks = Ticks()
    ticks.every(0.02, "slow", slow)
    ticks.every(0.02, "quick", quick)
    ticks.start()
    await eventually(lambda: len(others) >= 5)
    await ticks.stop()
    assert most == 1


async def test_an_exception_is_logged_and_costs_one_run(caplog):
    done = []

    async def work():
        done.append(1)
        if len(done) == 1:
            raise ValueError("no report")

    ticks = Ticks()
    ticks.every(0.02, "plan", work)
    ticks.start()
    await eventually(lambda: len(done) >= 2)
    await ticks.stop()
    assert "the tick 'plan' failed and is tried again: ValueError: no report" in caplog.text


async def test_a_stop_lets_the_work_that_runs_finish():
    begun, finished = asyncio.Event(), []

    async def work():
        begun.set()
        await asyncio.sleep(0.05)
        finished.append(1)

    ticks = Ticks()
    ticks.every(3600, "plan", work)
    ticks.start()
    await begun.wait()
    await ticks.stop()
    assert finished == [1]


async def test_a_clock_that_leaps_forward_by_decades_costs_each_work_one_run():
    ticks, done = ticking_often()
    await eventually(lambda: len(done) >= 2)
    # as it looks to the scheduler when a machine without a battery learns the time
    ticks._scheduler.modify_job("plan", next_run_time=datetime(1970, 1, 1, tzinfo=UTC))
    seen = len(done)
    await eventually(lambda: len(done) >= seen + 2)
    assert len(done) < seen + 10
    await ticks.stop()
