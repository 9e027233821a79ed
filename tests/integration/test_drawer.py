from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import pytest

from digests.pictures.process.drawer import Drawer, DrawingError
from digests.report.library import Library
from digests.subscriptions import Theme
from digests.text import Language
from tests.integration.bot_world import report

LIBRARY = Library([report()])


@pytest.fixture
async def drawer() -> AsyncIterator[Drawer]:
    made = Drawer()
    yield made
    await made.close()


async def drawn(drawer: Drawer, name: str, library: Library = LIBRARY) -> bytes:
    return await drawer.draw(library, Language.ZH, Theme.LIGHT, name)


async def test_pictures_come_one_after_the_other_from_one_process(drawer: Drawer) -> None:
    first, second = await asyncio.gather(drawn(drawer, "growth"), drawn(drawer, "zones"))
    assert first.startswith(b"\x89PNG")
    assert second.startswith(b"\x89PNG")
    assert first != second


async def test_a_picture_that_is_not_there_is_told_and_the_next_one_comes(drawer: Drawer) -> None:
    with pytest.raises(LookupError):
        await drawn(drawer, "milestone:no-such-fact")
    assert (await drawn(drawer, "growth")).startswith(b"\x89PNG")


async def test_answers_come_before_pictures_on_one_processor(drawer: Drawer) -> None:
    await drawn(drawer, "growth")
    assert drawer._process is not None
    own, of_pictures = (os.getpriority(os.PRIO_PROCESS, pid) for pid in (0, drawer._process.pid))
    assert of_pictures == min(own + 5, 19)


async def test_a_process_that_was_killed_is_replaced(drawer: Drawer) -> None:
    await drawn(drawer, "growth")
    assert drawer._process is not None
    os.kill(drawer._process.pid, signal.SIGKILL)
    assert (await drawn(drawer, "growth")).startswith(b"\x89PNG")


async def test_a_process_that_is_killed_while_it_draws_costs_no_picture(drawer: Drawer) -> None:
    await drawn(drawer, "growth")
    assert drawer._process is not None
    os.kill(drawer._process.pid, signal.SIGSTOP)  # so that it is certainly amid the next picture
    waiting = asyncio.create_task(drawn(drawer, "zones"))
    await asyncio.sleep(0)
    os.kill(drawer._process.pid, signal.SIGKILL)
    assert (await waiting).startswith(b"\x89PNG")


async def test_a_process_that_hangs_is_told_and_replaced() -> None:
    drawer = Drawer(limit=0.2)
    with pytest.raises(DrawingError, match="longer than"):  # no process starts in so short a time
        await drawn(drawer, "growth")
    assert drawer._process is None
    drawer._limit = 60.0
    assert (await drawn(drawer, "growth")).startswith(b"\x89PNG")
    await drawer.close()


async def test_a_drawing_that_is_given_up_does_not_answer_the_next_one(drawer: Drawer) -> None:
    await drawn(drawer, "growth")
    given_up = asyncio.create_task(drawn(drawer, "timeline"))
    await asyncio.sleep(0.05)
    given_up.cancel()
    await asyncio.gather(given_up, return_exceptions=True)
    assert await drawn(drawer, "zones") == await drawn(drawer, "zones")


async def test_another_library_is_drawn_from_what_it_says(drawer: Drawer) -> None:
    before = await drawn(drawer, "growth")
    later = Library([report().model_copy(update={"revision": report().revision + 1})])
    assert await drawn(drawer, "growth", later) != before  # the revision stands in the picture


async def test_the_process_leaves_when_there_is_nothing_to_draw() -> None:
    drawer = Drawer(idle=0.1)
    await drawn(drawer, "growth")
    process = drawer._process
    assert process is not None
    async with asyncio.timeout(30):
        await process.wait()
    await drawer.close()


async def test_a_process_that_cannot_start_is_told(drawer: Drawer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    with pytest.raises(DrawingError, match="growth"):
        await drawn(drawer, "growth")


async def test_closing_amid_a_drawing_ends_it_and_draws_no_more() -> None:
    drawer = Drawer()
    await drawn(drawer, "growth")
    in_work = asyncio.create_task(drawn(drawer, "timeline"))
    await asyncio.sleep(0.02)
    await asyncio.wait_for(drawer.close(), 10)
    with pytest.raises(DrawingError):
        await in_work
    with pytest.raises(DrawingError, match="closed"):
        await drawn(drawer, "growth")
