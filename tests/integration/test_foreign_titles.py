"""Titles, names and words of others, hostile ones, over every road: shown as text, wherever they appear."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.commands import BY_NAME
from bot.handlers.dispatcher import feed
from bot.playground import CHANNEL, GROUP, PERSON
from bot.telegram.callback_data import SubscriptionAction
from bot.updates.lenient import read_update
from digests.subscriptions import Address, SubscriptionState
from tests.integration.bot_world import Town, living_town, tell_failures
from tests.integration.rights_table import DIRECT, SENDERS, Road, Sender, people, roads, update
from tests.integration.small_world import EVE, daily

EVIL = "https://evil.example"
HOSTILE = f'</b><a href="{EVIL}">I <3 \u202e{{x}} %(y)s %s</a>\u2067\u05d0 & co'

#: Who takes the roads: in a group, in private, in a channel and its direct messages.
WHO = (
    "the creator, who is an operator",
    "the channel's creator in private",
    "the channel itself",
    "the channel's creator in the direct messages",
)


def hostile(town: Town) -> Iterator[Road]:
    """Every road with a hostile word where something may be written."""
    for kind in ("message", "channel_post"):
        yield from (Road(kind, f"/{name} {HOSTILE}") for name in BY_NAME)
        yield from (Road(kind, text) for text in (HOSTILE, f"/{HOSTILE}", f"/start m-{HOSTILE}"))
        yield Road(kind, HOSTILE, is_reply=True)
    for data in ("v|zones|", "v|search|", "picture|", "quiz|1|", ""):
        yield Road("callback_query", f"{data}{HOSTILE}"[:60])
    yield from (road for road in roads(town.instance.dispatcher) if road.names_its_chat or road.action)


@pytest.mark.parametrize("layout", ["classic", "rich"])
async def test_foreign_text_is_text_on_every_road(
    sqlite_url: str, layout: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setattr("bot.handlers.subscription.membership._OTHER_ROAD", 0)
    async with living_town(sqlite_url, default_layout=layout) as town:
        people(town.world)
        for chat in (GROUP, CHANNEL, DIRECT):
            town.world.chats[chat].title = HOSTILE
        for road in hostile(town):
            for sender in SENDERS:
                if sender.name in WHO and road.kind in sender.kinds:
                    await take(town, road, named(sender))
        await tell_of_a_loss(town)
        shown = list(everything_shown(town))
        assert any("I <3" in words for _, words in shown)
        assert [each for each in shown if is_wrong(*each)] == []
        refused = [call.refusal.description for call in town.world.calls if call.refusal]
        assert [why for why in refused if "parse" in why or "entit" in why] == []
        town.world.calls.clear()  # messages that the roads pretend are not there
    assert "evil.example" not in "".join(record.getMessage() for record in caplog.records)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


async def take(town: Town, road: Road, sender: Sender) -> None:
    """Take a road in a group that is subscribed."""
    dispatcher, bot = town.instance.dispatcher, town.instance.bot
    if road.action in (SubscriptionAction.FORGET, SubscriptionAction.UNSUBSCRIBE):
        return
    for chat in (GROUP, CHANNEL):
        made = daily(chat, subscribed_by=PERSON)
        await town.instance.store.subscriptions.put_all((made,), EVE)
        await town.instance.store.chats.remember(chat, "channel", HOSTILE)
    await feed(dispatcher, bot, read_update(update(dispatcher["signer"], road, sender), bot))


def named(sender: Sender) -> Sender:
    """The sender, in a chat with a hostile title."""
    return replace(sender, chat=sender.chat | {"title": HOSTILE})


async def tell_of_a_loss(town: Town) -> None:
    """The digests of the group do not arrive any more."""
    store = town.instance.store
    await store.subscriptions.suspend(GROUP, HOSTILE, EVE)
    await tell_failures(town)
    known = await store.subscriptions.get(Address(GROUP))
    assert known is not None
    assert known.state is SubscriptionState.SUSPENDED
    await asyncio.sleep(0.2)


def everything_shown(town: Town) -> Iterator[tuple[str, str]]:
    """What people see of the bot's messages: texts, captions, labels and links."""
    for chat in town.world.chats.values():
        for number in chat.own:
            if number in chat.messages:
                yield from texts_of(chat.messages[number])
    for alert in town.world.callbacks.values():
        yield from texts_of(alert)


def texts_of(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in ("chat", "from", "reply_to_message", "callback_data", "sender_chat"):
                yield from texts_of(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_of(inner, name)
    elif isinstance(value, str):
        yield name, value


def is_wrong(name: str, words: str) -> bool:
    """Whether something is a link, reorders what follows it, or is escaped twice."""
    is_link = name == "url" and words.startswith(EVIL)
    is_open = words.count("\u2067") + words.count("\u2068") != words.count("\u2069")
    return is_link or is_open or "\u202e" in words or "&lt;" in words or "&amp;" in words
