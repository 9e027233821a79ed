from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import Any

from aiogram.types import Message, Update

from bot.updates.polling import Poller
from bot.updates.state import IntakeState
from bot.updates.update_queue import UpdateQueue
from tests.integration.scripted_api import refusal, result, scripted, speaking


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
        if not self.updates and fields.get("timeout"):
            await asyncio.sleep(0.02)
        return result(self.updates[: fields["limit"]])

    @property
    def waiting(self) -> list[int]:
        return [update["update_id"] for update in self.updates]


@asynccontextmanager
async def polling(
    queue: Queue, handler: Any, turn_away: Any = None, *, handler_limit: float = 5.0, stop_limit: float = 5.0
):
    """A running poller; gives its state, and stops it at the end."""

    async def handle(update: Update) -> None:
        if update.message:
            await handler(update.message)

    state, stop = IntakeState(), asyncio.Event()
    async with scripted(queue) as api, speaking(api.url) as bot:
        update_queue = UpdateQueue(handle, bot, turn_away, handler_limit=handler_limit)
        poller = Poller(bot, update_queue, state, ["message"], long_poll=1, stop_limit=stop_limit)
        running = asyncio.create_task(poller.run(stop))
        try:
            yield state
        finally:
            stop.set()
            await asyncio.wait_for(running, 10)


async def until(condition, seconds: float = 5.0) -> None:
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


async def test_a_chat_that_floods_is_told_once_and_holds_up_no_other() -> None:
    queue = Queue(*(text(number, 1) for number in range(1, 301)), text(301, 2, "mine"))
    answered, turned_away = [], []

    async def handler(message: Message) -> None:
        await asyncio.sleep(0.05 if message.chat.id == 1 else 0)  # as the gate slows down one chat
        answered.append(message.chat.id)

    async def turn_away(update: Update) -> None:
        turned_away.append(update.update_id)

    async with polling(queue, handler, turn_away):
        await until(lambda: 2 in answered)
        assert answered.count(1) < 40
        await until(lambda: queue.waiting == [])
    assert 1 <= len(turned_away) < 20
    assert len(answered) + len(turned_away) < 100


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
    def said(number: int, words: str) -> dict[str, Any]:
        update = text(number, -5, words)
        update["message"]["chat"] = {"id": -5, "type": "supergroup", "title": "G"}
        return update

    queue = Queue(said(1, "/slow"), *(said(number, "talk") for number in range(2, 40)), said(40, "/mine"))
    heard, turned_away = [], []

    async def handler(message: Message) -> None:
        await asyncio.sleep(0.3 if message.text == "/slow" else 0)
        heard.append(message.text)

    async def turn_away(update: Update) -> None:
        turned_away.append(update.update_id)

    async with polling(queue, handler, turn_away):
        await until(lambda: "/mine" in heard)
    assert turned_away == []
