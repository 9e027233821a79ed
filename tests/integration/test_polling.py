from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiogram.types import Message, Update
from aiohttp import web

from bot.telegram.administrators import Administrators
from bot.updates.polling import Poller
from bot.updates.state import IntakeState
from bot.updates.update_queue import UpdateQueue
from bot.updates.update_record import UpdateRecord
from digests.store import Store
from digests.store.held_updates import HeldUpdates
from tests.integration.scripted_api import TOKEN, refusal, result, scripted, speaking
from tests.integration.small_world import MORNING

#: The id of the bot that polls.
BOT = int(TOKEN.partition(":")[0])


def text(number: int, chat: int, words: str = "hi") -> dict[str, Any]:
    user = {"id": chat, "is_bot": False, "first_name": "A"}
    return {
        "update_id": number,
        "message": {
            "message_id": number, "date": 1, "text": words,
            "chat": {"id": chat, "type": "private"}, "from": user,
        },
    }  # fmt: skip


class Queue:
    """Telegram's side of getUpdates."""

    def __init__(self, *updates: dict[str, Any]) -> None:
        self.updates = list(updates)
        self.refusals: list[Any] = []

    def __call__(self, _method: str, fields: dict[str, Any]) -> Any:
        return self._answer(fields)

    async def _answer(self, fields: dict[str, Any]) -> Any:
        if self.refusals:
            return self.refusals.pop(0)
        offset = fields.get("offset", 0)
        self.updates = [update for update in self.updates if update["update_id"] >= offset]
        until = asyncio.get_running_loop().time() + (fields.get("timeout") or 0)
        while not self.updates and asyncio.get_running_loop().time() < until:  # noqa: ASYNC110 - a plain list
            await asyncio.sleep(0.01)
        return result(self.updates[: fields["limit"]])

    @property
    def waiting(self) -> list[int]:
        return [update["update_id"] for update in self.updates]


@asynccontextmanager
async def polling(
    queue: Any,
    handler: Any,
    turn_away: Any = None,
    *,
    handler_limit: float = 5.0,
    stop_limit: float = 5.0,
    held: HeldUpdates | None = None,
):
    """A running poller; gives its state, and stops it at the end."""

    async def handle(update: Update) -> None:
        if update.message:
            await handler(update.message)

    state, stop = IntakeState(), asyncio.Event()
    async with scripted(queue) as api, speaking(api.url) as bot:
        record = UpdateRecord(held, bot.id, lambda: MORNING) if held else None
        update_queue = UpdateQueue(handle, bot, turn_away, record=record, handler_limit=handler_limit)
        poller = Poller(bot, update_queue, state, ["message"], long_poll=1, stop_limit=stop_limit)
        running = asyncio.create_task(poller.run(stop))
        try:
            yield state
        finally:
            stop.set()
            await asyncio.wait_for(running, 10)


async def until(condition, seconds: float = 30.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - any condition
            await asyncio.sleep(0.01)


async def test_one_malformed_update_does_not_hold_up_the_others():
    heard: list[str | None] = []

    async def handler(message: Message) -> None:
        heard.append(message.text)

    broken = {"update_id": 2, "message": {"nonsense": True}}
    unknown = {"update_id": 3, "brand_new_thing": {"id": 1}}
    queue = Queue(text(1, 7, "a"), broken, unknown, text(4, 7, "b"))
    async with polling(queue, handler):
        await until(lambda: heard == ["a", "b"] and not queue.updates)


async def test_a_handler_that_fails_does_not_hold_up_the_others():
    heard: list[str | None] = []

    async def handler(message: Message) -> None:
        if message.text == "bad":
            raise ValueError("broken handler")
        heard.append(message.text)

    queue = Queue(text(1, 7, "bad"), text(2, 7, "good"))
    async with polling(queue, handler):
        await until(lambda: heard == ["good"] and not queue.updates)


async def test_messages_of_one_chat_keep_their_order_while_other_chats_go_on():
    heard: list[tuple[int, str | None]] = []
    release = asyncio.Event()

    async def handler(message: Message) -> None:
        if message.text == "first":
            await release.wait()
        heard.append((message.chat.id, message.text))

    queue = Queue(text(1, 7, "first"), text(2, 7, "second"), text(3, 8, "other"))
    async with polling(queue, handler):
        await until(lambda: heard == [(8, "other")])
        release.set()
        await until(lambda: heard == [(8, "other"), (7, "first"), (7, "second")])


async def test_the_offset_moves_only_past_what_was_handled_and_new_updates_still_come_in():
    heard: list[int] = []
    release = asyncio.Event()

    async def handler(message: Message) -> None:
        if message.chat.id == 7:
            await release.wait()
        heard.append(message.message_id)

    queue = Queue(text(1, 7), text(2, 8))
    async with polling(queue, handler):
        await until(lambda: heard == [2])
        queue.updates.append(text(3, 9))
        await until(lambda: heard == [2, 3])
        assert queue.waiting == [1, 2, 3]
        release.set()
        await until(lambda: not queue.updates)
    assert heard == [2, 3, 1]


async def test_no_more_than_a_hundred_are_in_work_at_once():
    running = highest = done = 0

    async def handler(_message: Message) -> None:
        nonlocal running, highest, done
        running += 1
        highest = max(highest, running)
        await asyncio.sleep(0.01)
        running -= 1
        done += 1

    async with polling(Queue(*(text(n, n) for n in range(1, 501))), handler):
        await until(lambda: done == 500, 10)
    assert 50 < highest <= 100


async def test_a_stop_ends_what_runs_and_confirms_it():
    heard: list[int] = []

    async def handler(message: Message) -> None:
        await asyncio.sleep(0.2)
        heard.append(message.message_id)

    queue = Queue(text(1, 7), text(2, 8))
    async with polling(queue, handler):
        await asyncio.sleep(0.1)
    assert sorted(heard) == [1, 2]
    assert queue.waiting == []


async def test_what_a_stop_had_to_cut_off_is_not_confirmed():
    async def handler(message: Message) -> None:
        if message.chat.id == 8:
            await asyncio.sleep(60)

    queue = Queue(text(1, 7), text(2, 8), text(3, 9))
    async with polling(queue, handler, handler_limit=100, stop_limit=0.1):
        await asyncio.sleep(0.1)
    assert queue.waiting == [2, 3]


async def test_a_handler_that_never_ends_is_given_up_and_counts_as_handled():
    async def handler(_message: Message) -> None:
        await asyncio.sleep(60)

    queue = Queue(text(1, 7))
    async with polling(queue, handler, handler_limit=0.1):
        await until(lambda: not queue.updates)


async def test_while_one_update_waits_long_and_no_other_comes_the_server_is_asked_less(monkeypatch):
    monkeypatch.setattr("bot.updates.polling._PATIENCE", 0.01)
    queue, release, asked = Queue(text(1, 7)), asyncio.Event(), 0

    async def answer(_method: str, fields: dict[str, Any]) -> Any:
        nonlocal asked
        asked += 1
        return await queue._answer(fields)

    async def handler(_message: Message) -> None:
        await release.wait()

    async with polling(answer, handler):
        await asyncio.sleep(1)
        release.set()
        await until(lambda: not queue.updates)
    assert asked < 55


async def test_a_conflict_is_said_plainly_and_passes():
    queue = Queue()
    queue.refusals = [refusal(409, "Conflict: terminated by other getUpdates request")]
    async with polling(queue, lambda _message: None) as state:
        await until(lambda: state.problem is not None)
        assert "another instance is polling" in (state.problem or "")
        assert state.is_conflict
        await until(lambda: state.problem is None)
        assert not state.is_conflict


async def test_a_revoked_token_is_said_plainly():
    queue = Queue()
    queue.refusals = [refusal(401, "Unauthorized")]
    async with polling(queue, lambda _message: None) as state:
        await until(lambda: state.problem is not None)
        assert state.problem == "Telegram refuses the token: BOT_TOKEN is wrong or was revoked"


async def test_a_server_in_trouble_is_asked_again():
    heard: list[str | None] = []

    async def handler(message: Message) -> None:
        heard.append(message.text)

    queue = Queue(text(1, 7, "a"))
    queue.refusals = [refusal(502, "Bad Gateway")]
    async with polling(queue, handler):
        await until(lambda: heard == ["a"])


async def test_a_chat_that_floods_is_told_once_and_holds_up_no_other(store: Store) -> None:
    queue = Queue(*(text(number, 1) for number in range(1, 501)), text(501, 2, "mine"))
    answered, turned_away = [], []
    release = asyncio.Event()

    async def handler(message: Message) -> None:
        if message.chat.id == 1:  # as the rate limiter holds one chat back
            await release.wait()
        answered.append(message.chat.id)

    async def turn_away(update: Update) -> None:
        turned_away.append(update.update_id)

    async with polling(queue, handler, turn_away, held=store.held_updates):
        await until(lambda: answered == [2])
        await until(lambda: queue.waiting == [])
        async with asyncio.timeout(30):  # what was answered leaves the record a little later
            while [each.update_id for each in await store.held_updates.all(BOT)] != [1, 2, 3, 4, 5]:  # noqa: ASYNC110 - a database tells nobody
                await asyncio.sleep(0.01)
        release.set()
        await until(lambda: answered.count(1) == 5)
        assert turned_away == [6]
    assert await store.held_updates.all(BOT) == ()


async def test_a_flood_of_many_chats_that_is_worked_off_puts_nothing_on_record(store: Store) -> None:
    queue = Queue(*(text(number, number) for number in range(1, 601)))
    held: list[int] = []
    one_at_a_time, answered = asyncio.Lock(), 0

    async def handler(message: Message) -> None:
        nonlocal answered
        async with one_at_a_time:  # as handlers that keep the processor busy
            await asyncio.sleep(0.002)
            answered += 1
            if message.chat.id % 50 == 0:
                rows = await store.held_updates.all(BOT)
                held.extend(row.update_id for row in rows if row.content is not None)

    async with polling(queue, handler, held=store.held_updates):
        await until(lambda: answered == 600)
    assert held == []


async def test_without_a_record_a_chat_that_floods_holds_the_others_up_but_loses_nothing() -> None:
    queue = Queue(*(text(number, 1) for number in range(1, 201)), text(201, 2, "mine"))
    release = asyncio.Event()
    heard = []

    async def handler(message: Message) -> None:
        await release.wait()
        heard.append(message.message_id)

    async with polling(queue, handler):
        await asyncio.sleep(0.5)
        assert min(queue.waiting) == 1
        release.set()
        await until(lambda: queue.waiting == [])
    assert sorted(heard) == [*range(1, 202)]


async def test_what_was_confirmed_and_not_done_is_taken_up_in_order_by_the_next_start(store: Store) -> None:
    queue = Queue(*(text(number, number % 2) for number in range(1, 151)))
    heard: list[int] = []

    async def hang(_message: Message) -> None:
        await asyncio.sleep(60)

    async def handler(message: Message) -> None:
        heard.append(message.message_id)

    async with polling(queue, hang, handler_limit=100, stop_limit=0.1, held=store.held_updates):
        await until(lambda: queue.waiting == [*range(101, 151)])  # the server keeps these
    assert heard == []
    async with polling(queue, handler, held=store.held_updates):
        await until(lambda: len(heard) == 150)
    for chat in (0, 1):
        of_chat = [number for number in heard if number % 2 == chat]
        assert of_chat == sorted(of_chat)
    assert await store.held_updates.all(BOT) == ()


@pytest.mark.parametrize(("numbers", "most"), [((), 12), ((3, 5), 20), ((9, 7, 8), 20)])
async def test_a_server_that_answers_at_once_and_with_nothing_new_is_asked_less(
    numbers, most, caplog
) -> None:
    heard, asked = [], 0

    async def handler(message: Message) -> None:
        heard.append(message.message_id)

    def answer(_method: str, _fields: dict[str, Any]) -> Any:
        nonlocal asked
        asked += 1
        return result([text(number, 7) for number in numbers])

    with caplog.at_level(logging.INFO):
        async with polling(answer, handler):
            await asyncio.sleep(1.5)
    assert sorted(heard) == sorted(numbers)
    assert asked < most
    assert caplog.text.count("answers at once and without updates") == 1


@pytest.mark.parametrize(
    "entry", [{"update_id": "x"}, {"update_id": True}, {"update_id": -1}, {}, [], 7, None]
)
async def test_what_has_no_id_is_told_once_and_does_not_keep_the_rest_out(entry, caplog) -> None:
    heard, asked = [], 0

    async def handler(message: Message) -> None:
        heard.append(message.message_id)

    def answer(_method: str, fields: dict[str, Any]) -> Any:
        nonlocal asked
        asked += 1
        return result([entry] + ([text(1, 7)] if fields.get("offset") in (None, 1) else []))

    async with polling(answer, handler):
        await asyncio.sleep(1)
    assert heard == [1]
    assert asked < 15
    assert caplog.text.count("no update with an id") == 1


@pytest.mark.parametrize(
    "answer",
    [
        lambda: result({"a": 1}),
        lambda: result("text"),
        lambda: result(None),
        lambda: web.Response(body=b"<html>hello</html>", content_type="text/html"),
        lambda: web.Response(body=b"x" * 9_000_000),
        lambda: web.Response(status=302, headers={"Location": "http://127.0.0.1:9/elsewhere"}),
    ],
    ids=["object", "string", "null", "page", "large", "redirect"],
)
async def test_an_answer_that_is_no_list_is_told_once_and_waited_out(answer, caplog) -> None:
    queue = Queue(text(1, 7))
    queue.refusals = [answer(), answer()]
    heard = []

    async def handler(message: Message) -> None:
        heard.append(message.message_id)

    with caplog.at_level(logging.INFO):
        async with polling(queue, handler) as state:
            await until(lambda: heard == [1], 10)
            assert state.problem is None
    assert [line.levelname for line in caplog.records if line.levelname == "ERROR"] == ["ERROR"]
    assert caplog.text.count("Telegram answers again") == 1


def said(number: int, person: int, words: str) -> dict[str, Any]:
    """A message in a group."""
    update = text(number, -5, words)
    update["message"] |= {"chat": {"id": -5, "type": "supergroup", "title": "G"}}
    update["message"]["from"]["id"] = person
    return update


def pressed(number: int, person: int, data: str) -> dict[str, Any]:
    shown = {"message_id": 1, "date": 1, "chat": {"id": -5, "type": "supergroup", "title": "G"}}
    user = {"id": person, "is_bot": False, "first_name": "A"}
    callback = {"id": str(number), "from": user, "chat_instance": "x", "data": data, "message": shown}
    return {"update_id": number, "callback_query": callback}


@pytest.mark.parametrize(
    "wanted",
    [said(999, 1, "/unsubscribe"), said(999, 1, "/settings@silkline_bot daily"), pressed(999, 1, "~|u|a|")],
)
@pytest.mark.parametrize("flood", ["/help", "/settings", "button"])
async def test_however_many_members_flood_a_group_its_administrator_is_soon_heard(wanted, flood) -> None:
    handled, refused, looks = [], [], 0

    async def handle(update: Update) -> None:
        await asyncio.sleep(0.01)
        handled.append(update.update_id)

    async def turn_away(update: Update) -> None:
        refused.append(update.update_id)

    def administrators(_method: str, _fields: dict[str, Any]) -> Any:
        nonlocal looks
        looks += 1
        return result([{"user": {"id": 1}, "status": "creator"}])

    async with scripted(administrators) as api, speaking(api.url) as bot:
        queue = UpdateQueue(handle, bot, turn_away, administers=Administrators(bot).include)
        for number in range(400):
            is_button = flood == "button"
            queue.submit(
                pressed(number, 2 + number, "~|u|a|") if is_button else said(number, 2 + number, flood)
            )
        queue.submit(wanted)
        assert len(queue._last_of) == 1
        await queue.drain(10)
    assert 999 in handled
    assert 6 <= len(handled) <= 11
    assert len(refused) == (401 - len(handled) if flood == "button" else 1)
    assert looks == (flood != "/help")


async def test_two_wishes_of_an_administrator_keep_their_order_in_a_flood_and_come_but_once() -> None:
    handled = []
    calm = asyncio.Event()

    async def handle(update: Update) -> None:
        await asyncio.sleep(0)
        handled.append(update.update_id)

    async def administers(_chat: int | None, person: int | None) -> bool:
        await calm.wait()
        return person == 1

    async def turn_away(_update: Update) -> None:
        return

    async with speaking("http://127.0.0.1:9") as bot:
        queue = UpdateQueue(handle, bot, turn_away, administers=administers)
        for number in range(5):
            queue.submit(said(number, 2 + number, "/settings"))
        first = queue.submit(said(10, 1, "/unsubscribe"))
        assert queue.submit(said(10, 1, "/unsubscribe")) is first
        await asyncio.sleep(0.05)  # the five are done, and the group is calm
        queue.submit(said(11, 1, "/subscribe"))
        calm.set()
        await queue.drain(5)
        assert queue.submit(said(10, 1, "/unsubscribe")) is None
    assert handled == [0, 1, 2, 3, 4, 10, 11]


async def test_who_cannot_be_looked_up_is_no_administrator_and_an_anonymous_one_need_not_be() -> None:
    hidden = refusal(400, "Bad Request: member list is inaccessible")
    async with scripted(lambda _method, _fields: hidden) as api, speaking(api.url) as bot:
        known = Administrators(bot)
        assert not await known.include(-5, 1)
        assert not await known.include(None, 1)
        assert await known.include(-5, -5)
        assert len(api.calls) == 1


async def test_of_many_presses_of_one_button_each_is_handled_or_told() -> None:
    seen: list[int] = []

    async def handle(update: Update) -> None:
        await asyncio.sleep(0.01)
        seen.append(update.update_id)

    async def turn_away(update: Update) -> None:
        seen.append(update.update_id)

    async with speaking("http://127.0.0.1:9") as bot:
        queue = UpdateQueue(handle, bot, turn_away)
        for number in range(50):
            queue.submit(pressed(number, 1, "~|s|a|"))
        await queue.drain(5)
    assert sorted(seen) == [*range(50)]


async def test_what_changes_something_is_taken_however_much_a_chat_asks() -> None:
    moved = {
        "message_id": 9,
        "date": 1,
        "chat": {"id": 1, "type": "group", "title": "G"},
        "migrate_to_chat_id": -1001,
    }
    queue = Queue(*(text(number, 1) for number in range(1, 60)), {"update_id": 60, "message": moved})
    seen = []

    async def handler(message: Message) -> None:
        await asyncio.sleep(0.01)
        seen.append(message.migrate_to_chat_id)

    async def turn_away(_update: Update) -> None:
        return

    async with polling(queue, handler, turn_away):
        await until(lambda: -1001 in seen)


async def test_people_who_talk_in_a_group_do_not_keep_others_from_asking() -> None:
    queue = Queue(
        said(1, 7, "/slow"), *(said(number, 7, "talk") for number in range(2, 40)), said(40, 7, "/mine")
    )
    heard, turned_away = [], []

    async def handler(message: Message) -> None:
        await asyncio.sleep(0.3 if message.text == "/slow" else 0)
        heard.append(message.text)

    async def turn_away(update: Update) -> None:
        turned_away.append(update.update_id)

    async with polling(queue, handler, turn_away):
        await until(lambda: "/mine" in heard)
    assert turned_away == []
