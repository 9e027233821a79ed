"""Every kind of chat x where its answer goes, whether it can be subscribed, and whose it then is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from bot.playground import CHANNEL, GROUP, GUEST, OWN_CHANNEL, PERSON, SMALL_GROUP
from bot.playground import user_actions as acts
from bot.playground.bot_api.world import PlayChat
from digests.subscriptions import Address, Subscription, SubscriptionState
from tests.integration.bot_world import Town, living_town

SUPERGROUP = -1001000000076
COMMENTS = -1001000000077
DIRECT = -1001000000078
TOPIC, DIRECT_TOPIC = 2, 7


def _post(town: Town) -> int:
    """A post in the group of a channel's comments."""
    chat = town.world.chats[COMMENTS]
    return next(iter(chat.messages), 0) or int(town.world.says(PERSON, COMMENTS, "a post")["message_id"])


Says = Callable[[Town, str], object]


@dataclass(frozen=True)
class Kind:
    """A kind of chat, and what is right in it.

    ``says`` writes there. ``is_reply``: the answer is a reply to the question. ``thread``: the message
    thread of the answer; None is that of the post. ``subscribed``: the address that a subscription gets;
    None when none is made. ``owner``: who subscribed it, as far as anybody can know.
    """

    name: str
    chat_id: int
    says: Says
    is_reply: bool = True
    thread: int | None = 0
    direct_topic: int = 0
    subscribed: Address | None = None
    owner: int | None = None


def _as(person: int, chat_id: int, thread: int = 0) -> Says:
    return lambda town, text: town.world.says(person, chat_id, text, thread)


KINDS = (
    Kind("private", PERSON, _as(PERSON, PERSON), is_reply=False, subscribed=Address(PERSON), owner=PERSON),
    Kind(
        "basic group",
        SMALL_GROUP,
        _as(PERSON, SMALL_GROUP),
        subscribed=Address(SMALL_GROUP),
        owner=PERSON,
    ),
    Kind(
        "supergroup",
        SUPERGROUP,
        _as(PERSON, SUPERGROUP),
        subscribed=Address(SUPERGROUP),
        owner=PERSON,
    ),
    Kind("member of a supergroup", SUPERGROUP, _as(GUEST, SUPERGROUP)),
    Kind(
        "forum topic",
        GROUP,
        _as(PERSON, GROUP, TOPIC),
        thread=TOPIC,
        subscribed=Address(GROUP, TOPIC),
        owner=PERSON,
    ),
    Kind("General topic", GROUP, _as(PERSON, GROUP), subscribed=Address(GROUP), owner=PERSON),
    Kind("channel", CHANNEL, _as(PERSON, CHANNEL), is_reply=False, subscribed=Address(CHANNEL)),
    Kind(
        "comment below a channel's post",
        COMMENTS,
        lambda town, text: town.world.says(PERSON, COMMENTS, text, reply_to=_post(town)),
        thread=None,
        subscribed=Address(COMMENTS),
        owner=PERSON,
    ),
    Kind("direct messages of a channel", DIRECT, _as(PERSON, DIRECT), direct_topic=DIRECT_TOPIC),
    Kind(
        "anonymous administrator",
        GROUP,
        lambda town, text: acts.say_anonymously(town.world, GROUP, text),
        subscribed=Address(GROUP),
    ),
    Kind(
        "somebody who writes as a channel",
        GROUP,
        lambda town, text: acts.say_as_channel(town.world, GROUP, town.world.chats[OWN_CHANNEL], text),
    ),
)
EACH = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


@pytest.fixture
async def town(sqlite_url: str) -> AsyncIterator[Town]:
    async with living_town(sqlite_url) as opened:
        chats = opened.world.chats
        chats[SMALL_GROUP].bot_status = "member"
        members = {PERSON: "creator", GUEST: "member"}
        chats[SUPERGROUP] = PlayChat(SUPERGROUP, "supergroup", "Supergroup", dict(members))
        chats[COMMENTS] = PlayChat(COMMENTS, "supergroup", "Comments", dict(members))
        chats[DIRECT] = PlayChat(DIRECT, "supergroup", "Direct", direct_topics={DIRECT_TOPIC: PERSON})
        yield opened


async def answer(town: Town, kind: Kind, text: str) -> dict[str, Any]:
    return await town.after(lambda: kind.says(town, text), kind.chat_id)


@EACH
async def test_an_answer_goes_where_it_was_asked(town: Town, kind: Kind) -> None:
    _post(town)
    told = await answer(town, kind, "/today")
    expected = _post(town) if kind.thread is None else kind.thread
    assert told.get("message_thread_id", 0) == expected
    assert told.get("reply_to_message", {}).get("text") == ("/today" if kind.is_reply else None)
    assert told.get("direct_messages_topic", {}).get("topic_id", 0) == kind.direct_topic


@EACH
async def test_what_can_be_subscribed_is_somebodys_where_anybody_is_known(town: Town, kind: Kind) -> None:
    address = kind.subscribed or Address(kind.chat_id)
    told = await answer(town, kind, "/subscribe daily")
    if kind.subscribed is None:
        assert await town.instance.store.subscriptions.get(address) is None
        assert any(word in told["text"] for word in ("administrators", "管理员", "direct messages", "私信"))
        return
    made = await _active(town, address)
    assert made.subscribed_by == kind.owner
    listed = await town.instance.store.subscriptions.made_by(PERSON)
    assert (made in listed) == (kind.owner == PERSON)


async def test_a_channel_of_nobody_is_owned_by_who_picks_it(town: Town) -> None:
    town.world.says(PERSON, CHANNEL, "/subscribe daily")
    assert (await _active(town, Address(CHANNEL))).subscribed_by is None
    await town.ask("/start")
    await town.press("频道")
    async with asyncio.timeout(30):
        while town.world.chats[PERSON].keyboard is None:  # noqa: ASYNC110 - plain state without events
            await asyncio.sleep(0.02)
    request = (town.world.chats[PERSON].keyboard or [])[0][0]["request_chat"]
    await town.after(lambda: acts.pick(town.world, PERSON, request, CHANNEL), PERSON)
    async with asyncio.timeout(30):
        while (await _active(town, Address(CHANNEL))).subscribed_by != PERSON:  # noqa: ASYNC110 - a database tells nobody
            await asyncio.sleep(0.02)


async def _active(town: Town, address: Address) -> Subscription:
    async with asyncio.timeout(30):
        while True:
            found = await town.instance.store.subscriptions.get(address)
            if found and found.state is SubscriptionState.ACTIVE:
                return found
            await asyncio.sleep(0.02)
