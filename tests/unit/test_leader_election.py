"""Whether an instance leads, by a loop's clock that the test sets and a lease that it writes."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from digests.delivery.leader import LeaderElection


class Lease:
    """A lease that is given as the test says; each asking takes so many seconds."""

    def __init__(self, clock, *answers):
        self.clock = clock
        self.answers = list(answers)
        self.epoch = None
        self.asked = []
        self.given_up = 0
        self.takes = 0.0

    async def take(self, seconds):
        self.asked.append(seconds)
        self.clock.now += self.takes
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        if answer:
            self.epoch = 1
        return answer

    async def give_up(self):
        self.given_up += 1


class Clock:
    now = 1000.0


def election_of(lease: Any, **given: Any) -> LeaderElection:
    return LeaderElection(lease, **given)


def leads(election: LeaderElection) -> bool:
    return election.leads


@pytest.fixture
async def clock(monkeypatch):
    """The steady clock of the running loop."""
    clock = Clock()
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: clock.now)
    return clock


async def test_who_got_the_lease_leads_until_it_ends_and_no_longer(clock):
    election = election_of(Lease(clock, True))
    assert not leads(election)
    assert await election._renew()
    clock.now += 11.9
    assert leads(election)
    clock.now += 0.1
    assert not leads(election)


async def test_the_lease_is_asked_for_as_long_as_it_lasts(clock):
    lease = Lease(clock, True, True)
    await election_of(lease)._renew()
    await election_of(lease, lasts=3)._renew()
    assert lease.asked == [12.0, 3]


async def test_the_time_that_an_answer_takes_does_not_count_for_the_holder(clock):
    lease = Lease(clock, True)
    lease.takes = 2.0
    election = election_of(lease)
    await election._renew()
    clock.now += 9.9
    assert leads(election)
    clock.now += 0.1
    assert not leads(election)


async def test_who_does_not_get_the_lease_leads_no_more(clock):
    election = election_of(Lease(clock, True, False))
    await election._renew()
    assert not await election._renew()
    assert not leads(election)


async def test_a_database_that_is_away_is_told_once_and_the_lease_runs_out_by_itself(clock, caplog):
    caplog.set_level("INFO")
    election = election_of(Lease(clock, True, OSError("away"), OSError("away"), True))
    await election._renew()
    clock.now += 4
    assert not await election._renew()
    assert leads(election)
    assert len(caplog.messages) == 1
    clock.now += 8
    assert not await election._renew()
    assert not leads(election)
    assert await election._renew()
    assert caplog.messages == [
        "the lease cannot be renewed, and planning and sending end with it: away",
        "the database answers again",
    ]


async def test_who_is_held_back_gives_the_lease_up_and_asks_for_none(clock):
    is_held_back = False
    lease = Lease(clock, True)
    election = election_of(lease, is_held_back=lambda: is_held_back)
    await election._renew()
    is_held_back = True
    for _ in range(2):
        assert not await election._renew()
        assert not leads(election)
    assert (lease.given_up, len(lease.asked)) == (1, 1)


async def test_who_never_had_the_lease_has_nothing_to_give_up(clock):
    lease = Lease(clock, False)
    election = election_of(lease)
    await election._renew()
    await election._give_up()
    assert lease.given_up == 0


async def test_a_term_begins_with_the_lease_and_ends_with_it(clock, caplog):
    caplog.set_level("INFO")
    terms = []

    async def work(stop):
        terms.append("begun")
        await stop.wait()
        terms.append("ended")

    election = election_of(Lease(clock, True, False))
    await election._begin_or_end(work)
    assert election._term is None
    await election._renew()
    await election._begin_or_end(work)
    await election._begin_or_end(work)
    await asyncio.sleep(0)
    assert terms == ["begun"]
    await election._renew()
    await election._begin_or_end(work)
    assert terms == ["begun", "ended"]
    assert election._term is None
    assert caplog.messages == [
        "this instance plans and sends now (epoch 1)",
        "this instance plans and sends no more",
    ]


async def test_work_that_failed_is_told_with_what_it_was_and_why(clock, caplog):
    async def work(_stop):
        raise OSError("no letters left")

    election = election_of(Lease(clock, True))
    await election._renew()
    await election._begin_or_end(work)
    await election._end()
    assert caplog.messages == ["planning and sending failed and is tried again: no letters left"]


async def test_work_that_ended_by_itself_is_begun_again_in_the_next_round(clock):
    begun = []

    async def work(_stop):
        begun.append(1)

    election = election_of(Lease(clock, True))
    await election._renew()
    await election._begin_or_end(work)
    for _ in range(3):
        await asyncio.sleep(0)
    assert election._work_ended.is_set()
    await election._begin_or_end(work)
    assert not election._work_ended.is_set()
    await election._begin_or_end(work)
    await asyncio.sleep(0)
    assert len(begun) == 2
    await election._end()


async def test_a_stop_ends_the_work_and_gives_the_lease_up_at_once():
    ended, stop = [], asyncio.Event()
    lease = Lease(Clock(), *[True] * 9)

    async def work(its_stop):
        stop.set()
        await its_stop.wait()
        ended.append(1)

    await asyncio.wait_for(election_of(lease, lasts=60).run(stop, work), 5)
    assert (ended, lease.given_up) == ([1], 1)


async def test_the_lease_is_renewed_three_times_before_it_ends(monkeypatch):
    waits, stop = [], asyncio.Event()

    async def waited(*_events, seconds):
        waits.append(seconds)
        if len(waits) == 3:
            stop.set()
        return False

    async def work(its_stop):
        await its_stop.wait()

    monkeypatch.setattr("digests.delivery.leader.wait_for_any", waited)
    await election_of(Lease(Clock(), False, True, True)).run(stop, work)
    assert waits == [1.0, 4.0, 4.0]


async def test_an_answer_of_the_database_is_waited_for_no_longer_than_a_renewal_may_take():
    class Silent(Lease):
        async def take(self, _seconds):
            await asyncio.sleep(60)

    loop = asyncio.get_running_loop()
    began = loop.time()
    assert not await election_of(Silent(Clock()), lasts=0.3)._renew()
    assert 0.1 <= loop.time() - began < 0.9


async def test_an_answer_is_waited_for_no_longer_than_the_lease_lasts():
    class Silent(Lease):
        async def take(self, _seconds):
            await asyncio.sleep(60)

    election = election_of(Silent(Clock()), lasts=60)
    election._until = asyncio.get_running_loop().time() + 0.05
    assert not await asyncio.wait_for(election._renew(), 5)
    assert not leads(election)


async def test_a_database_that_is_away_does_not_hold_up_who_gives_the_lease_up(monkeypatch, caplog):
    class Silent(Lease):
        async def give_up(self):
            await asyncio.sleep(60)

    monkeypatch.setattr("digests.delivery.leader._GIVE_UP_LIMIT", 0.01)
    election = election_of(Silent(Clock(), True))
    await election._renew()
    await asyncio.wait_for(election._give_up(), 5)
    assert not leads(election)
    assert "no answer in time" in caplog.text
