"""Weeks of digests and thousands of questions in one process leave memory and descriptors as they were."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime, timedelta
from itertools import count, cycle
from pathlib import Path

import pytest

from tests.chaos.databases import sqlite_file
from tests.chaos.people import People
from tests.chaos.plan import Base, Plan
from tests.chaos.process import Reading
from tests.chaos.run import Chaos, living
from tests.chaos.town import READERS

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]

#: Each is told in some seconds.
DAYS = int(os.environ.get("BENCH_DAYS", "60"))

_FIRST_MORNING = datetime(2026, 6, 1, 1, tzinfo=UTC)
_ASKED = (
    "/zones Luoyang",
    "/growth",
    "/timeline 2016",
    "/today",
    "/help",
    "/metrics",
    "/settings",
    "/cite",
    "",
)
_PAUSE = 0.1

#: What may come and go (descriptors, MB).
_MORE_DESCRIPTORS, _MORE_MEGABYTES = 8, 25.0


async def test_weeks_of_digests_and_questions_leave_memory_and_descriptors_flat(tmp_path: Path) -> None:
    plan = Plan(0, Base.SQLITE, ())
    async with sqlite_file(tmp_path) as database, living(plan, tmp_path, database, rate=0) as chaos:
        await chaos.calm("the start")
        asking = asyncio.create_task(_keep_asking(chaos.people))
        readings = [await _day(chaos, day) for day in range(DAYS)]
        asking.cancel()
    early, late = readings[DAYS // 3], readings[-1]
    posts, questions = len(chaos.evidence.arrived()), len(chaos.people.questions)
    print(
        f"\n{24 * DAYS} hours with {posts} posts and {questions} questions; a third: {early}, the end: {late}"
    )
    assert chaos.evidence.unsettled == []
    assert late.pid == early.pid
    assert late.descriptors <= early.descriptors + _MORE_DESCRIPTORS
    assert late.megabytes <= early.megabytes + _MORE_MEGABYTES


async def _day(chaos: Chaos, day: int) -> Reading:
    """Let a day's digests be sent."""
    chaos.move(_FIRST_MORNING + timedelta(days=day))
    await chaos.calm(f"day {day}")
    chaos.evidence.ended = chaos.clock.now()
    reading = chaos.processes[0].read()
    assert reading is not None
    return reading


async def _keep_asking(people: People) -> None:
    """Ask all kinds of things, some of them never asked before."""
    numbers = count()
    for reader, text in zip(cycle(READERS), cycle(_ASKED), strict=False):
        people.ask(reader, text or f"word {next(numbers)}")
        await asyncio.sleep(_PAUSE)
