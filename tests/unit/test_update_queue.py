"""Each update is handled once, in order within its chat, and none is fatal."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from aiogram import Bot
from aiogram.types import Update
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError

from bot.updates import update_queue
from bot.updates.raw_update import chat_of, has_large_ids, number_of
from bot.updates.update_queue import HANDLER_LIMIT, UpdateQueue
from digests.logs.fields import current_fields

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)


def test_an_update_belongs_to_its_chat_whatever_its_kind():
    chat, ann = {"id": -100}, {"id": 7}
    assert chat_of({"update_id": 1, "message": {"chat": chat, "from": ann}}) == -100
    assert chat_of({"update_id": 1, "my_chat_member": {"chat": chat, "from": ann}}) == -100
    assert chat_of({"update_id": 1, "callback_query": {"from": ann, "message": {"chat": chat}}}) == -100
    assert chat_of({"update_id": 1, "inline_query": {"from": ann}}) == 7
    assert chat_of({"update_id": 1, "poll_answer": {"poll_id": "x", "user": ann}}) == 7
    assert chat_of({"update_id": 1, "poll": {"id": "x"}}) == ("update", 1)


@given(
    st.dictionaries(st.text(max_size=8) | st.sampled_from(["message", "callback_query"]), JSON, max_size=3)
)
def test_no_shape_of_an_update_is_too_strange_to_be_placed(update):
    chat_of(update)
    has_large_ids(update)


@pytest.mark.parametrize("number", [2**63, -(2**63), 10**400])
@pytest.mark.parametrize("name", ["chat", "from", "sender_chat"])
def test_an_id_that_no_database_takes_is_seen_wherever_it_stands(name, number):
    assert has_large_ids({"update_id": 1, "message": {name: {"id": number}}})
    assert has_large_ids({"update_id": 1, "callback_query": {"message": {name: {"id": number}}}})
    assert not has_large_ids({"update_id": 1, "message": {name: {"id": 2**52}}})


def said(number: int, chat_id: int = 7, text: str = "/zones", kind: str = "private") -> dict[str, Any]:
    chat = {"id": chat_id, "type": kind}
    person = {"id": 7, "is_bot": False, "first_name": "Ann"}
    return {
        "update_id": number,
        "message": {"message_id": number, "date": 1, "chat": chat, "from": person, "text": text},
    }


def pressed(number: int, data: str = "v|zones||0") -> dict[str, Any]:
    person = {"id": 7, "is_bot": False, "first_name": "Ann"}
    button = {"id": "1", "from": person, "chat_instance": "x", "data": data, "message": said(1)["message"]}
    return {"update_id": number, "callback_query": button}


class Handled:
    """A handler that notes what it began and ended, and waits until it is let go."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.ended: list[int] = []
        self.go = asyncio.Event()
        self.go.set()

    async def __call__(self, update: Update) -> None:
        self.begun.append(update.update_id)
        await self.go.wait()
        self.ended.append(update.update_id)


class Record:
    """Notes what is put on record, released and cut off."""

    def __init__(self, *stored: dict[str, Any], allows: bool = True, takes: bool = True) -> None:
        self.stored, self.allows, self.takes = list(stored), allows, takes
        self.held: list[int] = []
        self.handled: list[int] = []
        self.released: list[set[int]] = []
        self.cut_off: list[int] | None = None

    async def load(self) -> list[dict[str, Any]]:
        return self.stored

    @asynccontextmanager
    async def handling(self, number: int) -> AsyncIterator[bool]:
        self.handled.append(number)
        yield self.allows

    async def hold(self, updates: list[dict[str, Any]]) -> bool:
        self.held += [update["update_id"] for update in updates]
        return self.takes

    def release(self, numbers: Iterable[int]) -> None:
        self.released.append(set(numbers))

    async def close(self, cut_off: Iterable[int]) -> None:
        self.cut_off = sorted(cut_off)


def queue_of(handler: Any, turn_away: Any = None, **given: Any) -> UpdateQueue:
    return UpdateQueue(handler, Bot("42:TEST"), turn_away, **given)


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def result_of(queue: UpdateQueue, update: dict[str, Any]) -> bool:
    task = queue.submit(update)
    assert task is not None
    return await task


async def test_an_update_is_handled_once_however_often_it_comes():
    handled = Handled()
    queue = queue_of(handled)
    first = queue.submit(said(1))
    assert first is not None
    assert queue.submit(said(1)) is first
    assert await first
    assert queue.submit(said(1)) is None
    assert handled.ended == [1]


async def test_updates_of_a_chat_wait_for_each_other_and_for_no_other_chat():
    handled = Handled()
    handled.go.clear()
    queue = queue_of(handled)
    tasks = [queue.submit(said(1)), queue.submit(said(2)), queue.submit(said(3)), queue.submit(said(4, 8))]
    await settle()
    assert handled.begun == [1, 4]
    handled.go.set()
    await asyncio.gather(*(task for task in tasks if task))
    assert [number for number in handled.ended if number != 4] == [1, 2, 3]
    assert (queue._last_of, queue._running) == ({}, {})


async def test_what_fails_counts_as_handled_and_the_next_one_is_handled(caplog):
    async def fails(update: Update) -> None:
        if update.update_id == 1:
            raise ZeroDivisionError

    queue = queue_of(fails)
    assert await result_of(queue, said(1))
    assert caplog.messages == ["update 1 was not handled"]
    assert queue.submit(said(1)) is None
    assert await result_of(queue, said(2))


@pytest.mark.parametrize("error", [OperationalError("x", {}, OSError("away")), TimeoutError()])
async def test_what_the_database_failed_may_come_again_and_what_took_too_long_may_not(error, caplog):
    async def fails(_update: Update) -> None:
        raise error

    queue = queue_of(fails)
    is_handled = await result_of(queue, said(1))
    assert is_handled is isinstance(error, TimeoutError)
    why = "given up after 30 s" if is_handled else "not handled: away"
    assert caplog.messages == [f"update 1 was {why}"]
    assert (queue.submit(said(1)) is None) is is_handled
    await queue.drain(1)


async def test_without_a_sender_who_repeats_it_an_update_waits_for_the_database_before_those_of_its_chat(
    monkeypatch, caplog
):
    monkeypatch.setattr("bot.updates.update_queue._FIRST_PAUSE", 0.01)
    is_away, handled = True, []

    async def handle(update: Update) -> None:
        if update.update_id < 3 and is_away:
            raise OperationalError("x", {}, OSError("away"))
        handled.append(update.update_id)

    queue = queue_of(handle, comes_again=False)
    waiting = [task for update in (said(1), said(2), said(3, 8)) if (task := queue.submit(update))]
    await asyncio.wait([waiting[2]])
    await asyncio.sleep(0.05)
    assert handled == [3]
    assert queue.submit(said(1)) is waiting[0]
    is_away = False
    assert await asyncio.gather(*waiting) == [True, True, True]
    assert handled == [3, 1, 2]
    assert caplog.text.count("was not handled") == 1


async def test_what_a_database_is_away_for_too_long_for_is_given_up_and_the_next_one_handled(monkeypatch):
    monkeypatch.setattr("bot.updates.update_queue._PATIENCE", 0)
    seen = []

    async def fails(update: Update) -> None:
        seen.append(update.update_id)
        raise OperationalError("x", {}, OSError("away"))

    queue = queue_of(fails, comes_again=False)
    waiting = [task for update in (said(1), said(2)) if (task := queue.submit(update))]
    assert await asyncio.gather(*waiting) == [False, False]
    assert seen == [1, 2]


async def test_a_handler_that_takes_too_long_is_given_up_and_said(caplog):
    handled = Handled()
    handled.go.clear()
    assert await result_of(queue_of(handled, handler_limit=0.01), said(1))
    assert handled.ended == []
    assert caplog.messages == ["update 1 was given up after 0.01 s"]
    assert HANDLER_LIMIT == 30


async def test_an_update_without_a_known_shape_is_told_without_its_content(caplog):
    handled = Handled()
    update = said(1) | {"message": said(1)["message"] | {"date": "hush"}}
    assert await result_of(queue_of(handled), update)
    assert handled.begun == []
    assert caplog.messages[0].startswith("update 1 has no known shape: message.date: Input should be")
    assert "hush" not in caplog.text


async def test_what_a_chat_asks_too_fast_is_turned_away_and_told_once():
    handled, turned_away = Handled(), Handled()
    handled.go.clear()
    queue = queue_of(handled, turned_away)
    tasks = [queue.submit(said(number)) for number in range(1, 9)]
    assert [task is None for task in tasks] == [False] * 6 + [True] * 2
    assert queue.submit(said(8)) is None
    await settle()
    assert turned_away.ended == [6]
    handled.go.set()
    await asyncio.gather(*(task for task in tasks if task))
    assert handled.ended == [1, 2, 3, 4, 5]
    assert queue.submit(said(7)) is None
    assert await result_of(queue, said(9))
    assert handled.ended[-1] == 9


async def test_each_chat_is_told_by_itself_that_it_asks_too_fast():
    handled, turned_away = Handled(), Handled()
    handled.go.clear()
    queue = queue_of(handled, turned_away)
    for number in range(1, 8):
        queue.submit(said(number, 7))
        queue.submit(said(100 + number, 8))
    await settle()
    assert turned_away.ended == [6, 106]
    handled.go.set()
    await queue.drain(5)


async def test_while_an_update_is_handled_the_log_says_whose_it_is_and_for_how_long(monkeypatch):
    steady = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(update_queue, "time", SimpleNamespace(perf_counter=lambda: steady.now))
    told: list[dict[str, Any]] = []

    async def takes_a_while(_update: Update) -> None:
        steady.now += 1.23456
        told.append(current_fields())

    queue = queue_of(takes_a_while)
    await result_of(queue, said(1, 7, "/zones Luoyang"))
    await result_of(queue, pressed(2))
    assert told == [
        {"update_id": 1, "chat_id": 7, "command": "zones", "duration": 1.235},
        {"update_id": 2, "chat_id": 7, "command": "button", "duration": 1.235},
    ]


async def test_a_handler_gets_each_update_with_the_bot_that_answers_it():
    bots: list[Bot | None] = []

    async def handler(update: Update) -> None:
        bots.append(update.bot)

    bot = Bot("42:TEST")
    await result_of(UpdateQueue(handler, bot), said(1))
    assert bots == [bot]


async def test_each_button_that_is_turned_away_is_told():
    handled, turned_away = Handled(), Handled()
    handled.go.clear()
    queue = queue_of(handled, turned_away)
    tasks = [queue.submit(pressed(number)) for number in range(1, 9)]
    await settle()
    assert turned_away.ended == [6, 7, 8]
    handled.go.set()
    await asyncio.gather(*(task for task in tasks if task))


async def test_without_anybody_to_turn_away_all_is_handled():
    handled = Handled()
    queue = queue_of(handled)
    await asyncio.gather(*(task for number in range(1, 9) if (task := queue.submit(said(number)))))
    assert handled.ended == list(range(1, 9))


async def test_a_stop_waits_for_what_runs_and_cuts_off_what_takes_longer():
    handled, record = Handled(), Record()
    queue = queue_of(handled, record=record)
    queue.submit(said(1, 1))
    await queue.drain(5)
    assert (handled.ended, record.cut_off) == ([1], [])
    handled.go.clear()
    late = queue.submit(said(2, 2))
    await queue.drain(0.01)
    assert late is not None
    assert late.cancelled()
    assert record.cut_off == [2]
    assert queue.submit(said(2, 2)) is not None  # it was not handled
    await queue.drain(0)


async def test_what_is_on_record_is_taken_up_and_what_is_set_aside_counts_as_handled():
    handled = Handled()
    queue = queue_of(handled, record=Record(said(3), said(4)))
    await queue.resume()
    await queue.drain(5)
    assert handled.ended == [3, 4]
    record = Record(allows=False)
    assert await result_of(queue_of(handled, record=record), said(5))
    assert (handled.ended, record.handled) == ([3, 4], [5])


async def test_what_is_put_on_record_may_be_confirmed_and_what_is_done_is_released():
    handled, record = Handled(), Record()
    queue = queue_of(handled, record=record)
    await result_of(queue, said(1))
    handled.go.clear()
    queue.submit(said(2))
    assert await queue.hold([said(1), said(2)])
    assert (record.held, record.released) == ([1, 2], [{1}])
    handled.go.set()
    await queue.drain(5)
    unheld = Record(takes=False)
    assert not await queue_of(handled, record=unheld).hold([said(1)])
    assert unheld.released == []
    assert not await queue_of(handled).hold([said(1)])


@pytest.mark.parametrize(
    ("update", "number"),
    [
        ({"update_id": 5}, 5),
        ({"update_id": 0}, 0),
        ({"update_id": -1}, None),
        ({"update_id": 2**53 - 1}, 2**53 - 1),
        ({"update_id": 2**53}, None),
        ({"update_id": True}, None),
        ({"update_id": "5"}, None),
        ({}, None),
        ([5], None),
        (None, None),
    ],
)
def test_an_update_has_a_number_that_is_no_less_than_nothing(update, number):
    assert number_of(update) == number
