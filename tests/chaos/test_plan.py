"""Plans of chaos: pure data that a seed repeats."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.chaos.plan import DAYS, Base, Kind, draw

BASES = pytest.mark.parametrize("base", list(Base), ids=str)


@BASES
def test_a_seed_gives_the_same_plan_each_time_and_another_seed_another(base: Base) -> None:
    assert draw(7, base) == draw(7, base)
    assert draw(7, base) != draw(8, base)
    assert str(draw(7, base)).count(" s: ") == len(draw(7, base).faults)


@BASES
def test_twenty_seeds_bring_every_fault_that_the_database_can_have(base: Base) -> None:
    drawn = {fault.kind for seed in range(1, 21) for fault in draw(seed, base).faults}
    other = {Kind.CUT, Kind.RESTART} if base is Base.SQLITE else {Kind.FULL_DISK, Kind.LOCK}
    assert drawn == set(Kind) - other


@BASES
def test_no_plan_ends_processes_so_often_that_an_update_is_set_aside(base: Base) -> None:
    for seed in range(1, 101):
        counts = Counter(fault.kind for fault in draw(seed, base).faults)
        assert counts[Kind.KILL] + counts[Kind.STOP] <= 2
        assert len(draw(seed, base).days) == len(DAYS)
