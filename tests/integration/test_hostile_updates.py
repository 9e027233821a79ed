from __future__ import annotations

import asyncio
import copy
import gc
import json
import logging
import os
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.handlers import dispatcher as dispatching
from bot.playground import CHANNEL, GROUP, PERSON, World
from bot.playground.bot_api.world import PlayChat
from bot.telegram.calls.decoding import decode
from bot.updates.update_queue import UpdateQueue
from digests.inputs import zone_index
from tests.integration.bot_world import Town, living_town

MANY = 4_000


@pytest.fixture
async def town(database_url: str) -> AsyncIterator[Town]:
    async with living_town(database_url) as opened:
        yield opened


_USER = {"id": PERSON, "is_bot": False, "first_name": "A", "language_code": "en"}
_PRIVATE = {"id": PERSON, "type": "private", "first_name": "A"}
_GROUP = {"id": GROUP, "type": "supergroup", "title": "G"}
_CHANNEL = {"id": CHANNEL, "type": "channel", "title": "C"}
_MESSAGE = {"message_id": 9, "date": 1, "chat": _PRIVATE, "from": _USER, "text": "/timeline 2016"}
_MEMBER = {"user": _USER, "status": "member"}

#: One well-formed update of each kind that Telegram may send, wanted or not.
_WELL_FORMED: tuple[dict[str, Any], ...] = (
    {"message": _MESSAGE},
    {"message": _MESSAGE | {"chat": _GROUP, "message_thread_id": 4, "is_topic_message": True}},
    {"message": _MESSAGE | {"text": None, "migrate_to_chat_id": "soon"}},
    {"message": _MESSAGE | {"sender_chat": _CHANNEL, "is_automatic_forward": True}},
    {"edited_message": _MESSAGE | {"edit_date": 2}},
    {"channel_post": {"message_id": 3, "date": 1, "chat": _CHANNEL, "text": "/zones"}},
    {"edited_channel_post": {"message_id": 3, "date": 1, "chat": _CHANNEL, "text": "/zones"}},
    {
        "callback_query": {
            "id": "1",
            "from": _USER,
            "chat_instance": "1",
            "data": "v|timeline||0",
            "message": _MESSAGE,
        }
    },
    {"callback_query": {"id": "2", "from": _USER, "chat_instance": "1", "game_short_name": "g"}},
    {
        "callback_query": {
            "id": "3",
            "from": _USER,
            "chat_instance": "1",
            "inline_message_id": "x",
            "data": "v|zones||0",
        }
    },
    {"inline_query": {"id": "1", "from": _USER, "query": "q", "offset": ""}},
    {"chosen_inline_result": {"result_id": "1", "from": _USER, "query": "q"}},
    {"shipping_query": {"id": "1", "from": _USER, "invoice_payload": "p"}},
    {
        "pre_checkout_query": {
            "id": "1",
            "from": _USER,
            "currency": "X",
            "total_amount": 1,
            "invoice_payload": "",
        }
    },
    {"poll": {"id": "1", "question": "?", "options": [], "total_voter_count": 0}},
    {"poll_answer": {"poll_id": "1", "option_ids": []}},
    {
        "my_chat_member": {
            "chat": _GROUP,
            "from": _USER,
            "date": 1,
            "old_chat_member": _MEMBER,
            "new_chat_member": _MEMBER,
        }
    },
    {
        "chat_member": {
            "chat": _GROUP,
            "from": _USER,
            "date": 1,
            "old_chat_member": _MEMBER,
            "new_chat_member": _MEMBER,
        }
    },
    {"chat_join_request": {"chat": _GROUP, "from": _USER, "user_chat_id": 1, "date": 1}},
    {
        "message_reaction": {
            "chat": _GROUP,
            "message_id": 1,
            "date": 1,
            "old_reaction": [],
            "new_reaction": [],
        }
    },
    {"business_message": _MESSAGE | {"business_connection_id": "b"}},
    {"brand_new_kind": {"anything": [1, {"deep": None}]}},
    {},
)

_HOSTILE: tuple[Any, ...] = (
    None, True, -1, 2**70, 1.5, "", [], {}, [[]],
    "\x00\x01\x1b[2J", "\ud800", "\u2028", "\u202e\u2066abc\u2069", "\U0001f469\u200d\U0001f467" * 900,
    "/timeline@", "/timeline@other_bot 2016", "/zones " + "x" * 9000, "/search <b>&amp;</i>\"'", "//", "/",
    "v|timeline|2016|999999999999", "v|timeline|2016|-5", "v|zones|" + "|" * 60, "v|stats||0",
    "settings|-1|0", "|||",
)  # fmt: skip


def mutated(number: int, generator: random.Random) -> dict[str, Any]:
    """A well-formed update with some of its fields missing or replaced by what nobody expects."""
    update = copy.deepcopy(generator.choice(_WELL_FORMED))
    for _ in range(generator.randint(0, 3)):
        holder: Any = update
        while isinstance(holder, dict) and holder:
            name = generator.choice(sorted(holder))
            if isinstance(holder[name], dict) and generator.random() < 0.7:
                holder = holder[name]
            elif generator.random() < 0.3:
                del holder[name]
                break
            else:
                holder[name] = generator.choice(_HOSTILE)
                break
    return update | {"update_id": number}


async def feed(update_queue: UpdateQueue, updates: list[dict[str, Any]]) -> None:
    """Hand updates to the intake and wait until all are handled."""
    tasks = [update_queue.submit(decode(json.dumps(update).encode())) for update in updates]
    await asyncio.gather(*(task for task in tasks if task))


def malformed_answers(world: World) -> list[str]:
    """What the server refused because of how it was written, not because a place is not there."""
    refused = [call.refusal.description for call in world.calls if call.refusal]
    world.calls.clear()
    right = ("query is too old", "not found", "chat_id", "not modified", "no text in the message to edit")
    return [refusal for refusal in refused if not any(words in refusal for words in right)]


def faults(caplog: Any) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


class Reached:
    """Counts, as a middleware around every handler, what reached one."""

    def __init__(self) -> None:
        self.handlers: Counter[str] = Counter()

    async def __call__(self, handler: Any, event: Any, data: dict[str, Any]) -> Any:
        self.handlers[data["handler"].callback.__name__] += 1
        return await handler(event, data)


def unguarded(town: Town, reached: Reached) -> UpdateQueue:
    """An intake that turns nobody away, so that every update of the corpus is handled."""
    dispatcher, bot = town.instance.dispatcher, town.instance.bot
    for name in ("message", "channel_post", "callback_query", "my_chat_member"):
        dispatcher.observers[name].middleware(reached)
    return UpdateQueue(lambda update: dispatching.feed(dispatcher, bot, update), bot)


async def steps_of(stop: asyncio.Event) -> list[float]:
    """The CPU time that the loop's thread spent each time before it came back to this task (seconds)."""
    steps = []
    while not stop.is_set():
        before = time.thread_time()
        await asyncio.sleep(0)
        steps.append(time.thread_time() - before)
    return sorted(steps)


async def test_whatever_comes_in_is_survived_and_what_follows_is_answered(
    town: Town,
    caplog: Any,
) -> None:
    # another corpus at each run, but the same one on a shared machine: what fails there can be repeated
    generator = random.Random(20 if os.environ.get("CI") else None)
    hostile = [mutated(10_000 + number, generator) for number in range(MANY)]
    reached, stop = Reached(), asyncio.Event()
    zone_index.index()  # a start loads it beside
    gc.collect()
    gc.freeze()  # as a start does
    queue, watch = unguarded(town, reached), asyncio.create_task(steps_of(stop))
    for start in range(0, MANY, 20):
        await feed(queue, hostile[start : start + 20])
    stop.set()
    gc.unfreeze()
    steps = await watch
    rare = steps[int(len(steps) * 0.999)]
    print(
        f"\nof {len(steps)} steps of the loop p99.9 took {rare * 1000:.1f} ms, the longest {steps[-1]:.3f} s"
    )
    assert steps[-1] < 0.25
    assert faults(caplog) == []
    assert malformed_answers(town.world) == []
    assert_most_reached(reached, hostile)
    assert "2014" in await town.ask("/timeline 2014")


def assert_most_reached(reached: Reached, hostile: list[dict[str, Any]]) -> None:
    """The corpus is worth something only while most of it gets as far as a handler."""
    pressed = [
        update["callback_query"] for update in hostile if isinstance(update.get("callback_query"), dict)
    ]
    readable = [each for each in pressed if isinstance(each.get("message"), dict) and "data" in each]
    taken = reached.handlers["answer_button"] + reached.handlers["outdated_button"]
    assert taken > len(readable) / 2
    assert reached.handlers["answer_command"] > MANY / 40
    assert reached.handlers["change_membership"] > 0


@settings(
    max_examples=60,
    deadline=None,
    # the town is the same for all examples: what one leaves behind must not hurt the next
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(texts=st.lists(st.text(max_size=300), min_size=5, max_size=5), data=st.text(max_size=64))
async def test_any_text_and_any_button_data_is_handled_without_a_fault(
    town: Town,
    caplog: Any,
    texts: list[str],
    data: str,
) -> None:
    words = [f"/search {text}" for text in texts] + [f"/{text}" for text in texts] + texts
    first = random.Random().randrange(1, 2**40)
    said: list[dict[str, Any]] = [
        {"update_id": first + n, "message": _MESSAGE | {"text": text}} for n, text in enumerate(words)
    ]
    pressed = {"id": str(first), "from": _USER, "chat_instance": "1", "data": data, "message": _MESSAGE}
    await feed(town.instance.update_queue, [*said, {"update_id": first - 1, "callback_query": pressed}])
    assert faults(caplog) == []
    assert malformed_answers(town.world) == []


async def test_in_a_flood_the_text_comes_at_once_and_a_button_offers_the_picture(town: Town) -> None:
    asked = [{"update_id": 50_000 + n, "message": _MESSAGE | {"text": "/growth"}} for n in range(60)]
    for number, update in enumerate(asked):
        update["message"] = update["message"] | {"chat": _PRIVATE | {"id": 900 + number}}  # type: ignore[operator] # it is a dict
        town.world.chats[900 + number] = PlayChat(900 + number, "private", "P", {PERSON: "member"})
    await feed(town.instance.update_queue, asked)
    last = town.world.chats[900].last()
    labels = [button["text"] for row in last["reply_markup"]["inline_keyboard"] for button in row]
    assert len(town.world.chats[900].messages) == 1
    assert any("Picture" in label or "图" in label for label in labels)
