"""The rights table: every road into the bot, by every kind of sender, in both modes, on every state.

The roads are read from the routers themselves, so that a new handler cannot be forgotten.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from itertools import count
from typing import Any

import pytest
from aiogram import Dispatcher
from aiogram.filters.callback_data import CallbackQueryFilter

from bot.commands import BY_NAME, Scope
from bot.handlers.dispatcher import feed
from bot.handlers.filters import (
    CommandFilter,
    ServiceMessageFilter,
    SettingsReplyFilter,
    SignedActionFilter,
    ViewFilter,
)
from bot.handlers.general.fallback import answer_unknown_call, answer_without_text, outdated_button
from bot.handlers.subscription.onboarding import put_keyboard_away
from bot.playground import GROUP, GUEST, HELPER, PERSON
from bot.telegram.callback_data import SubscriptionAction
from bot.telegram.signed_callbacks import SignedAction
from bot.updates.lenient import read_update
from digests.schedules import Cadence, Schedule
from digests.store import Store
from digests.subscriptions import Address, Subscription, SubscriptionState
from digests.text import Language
from tests.integration.bot_world import Town, living_town

EVE = datetime(2026, 5, 9, 4, tzinfo=UTC)
NUMBERS = count(10_000)
WORDS = ("", "daily 10:00 silent en")
SIGNED_VALUES = {
    SubscriptionAction.CHANGE: ("daily", "silent"),
    SubscriptionAction.LANGUAGE: ("", "en"),
    SubscriptionAction.OPEN_SECTION: ("main",),
    SubscriptionAction.SEND_NOW: ("daily:2026-05-10",),
}

#: A button of each kind that carries no signature.
UNSIGNED = {
    "v": "v|zones||0",
    "add": "add|group",
    "picture": "picture|zones",
    "stop": "stop",
    "language": "language",
    "data": "data|csv",
    "quiz": "quiz|1|",
}

#: Handlers behind filters of their own that only say something.
NEVER_CHANGING = (answer_unknown_call, answer_without_text, outdated_button, put_keyboard_away)

#: What Telegram itself says of a chat: nobody can write it.
TELEGRAMS = {"chat_shared", "migrate_to_chat_id", "forum_topic_closed", "forum_topic_reopened"}


@dataclass(frozen=True)
class Road:
    """One thing that somebody may write or press; ``starts`` may begin digests."""

    kind: str  # of the update
    text: str = ""
    action: SubscriptionAction | None = None
    value: str = ""
    is_reply: bool = False

    @property
    def starts(self) -> bool:
        is_command = self.text.startswith(("/subscribe", "/start subscribe"))
        return is_command or self.action is SubscriptionAction.SUBSCRIBE


@dataclass(frozen=True)
class Sender:
    """Somebody at the group's settings; ``may`` is the answer that the table is held to."""

    name: str
    person: int
    may: bool
    is_operator: bool = False
    in_private: bool = False
    extra: tuple[tuple[str, Any], ...] = ()


GROUP_CHAT = {"id": GROUP, "type": "supergroup", "title": "G"}
OTHER_CHAT = {"id": -1009, "type": "channel", "title": "Other"}
SENDERS = (
    Sender("the creator, who is an operator", PERSON, may=True, is_operator=True),
    Sender("an administrator", HELPER, may=True),
    Sender("a member", GUEST, may=False),
    Sender("an anonymous administrator", 1087968824, may=True, extra=(("sender_chat", GROUP_CHAT),)),
    Sender("a channel", 136817688, may=False, extra=(("sender_chat", OTHER_CHAT),)),
    Sender(
        "a post of the linked channel",
        777000,
        may=False,
        extra=(("sender_chat", OTHER_CHAT), ("is_automatic_forward", True)),
    ),
    Sender("an administrator in private", HELPER, may=True, in_private=True),
    Sender("a member in private", GUEST, may=False, in_private=True),
)


def roads(dispatcher: Dispatcher) -> Iterator[Road]:
    """Every road of every handler."""
    for router in dispatcher.sub_routers:
        for kind in ("message", "channel_post", "callback_query"):
            for handler in router.observers[kind].handlers:
                filters = [each.callback for each in handler.filters or []]
                if handler.callback not in NEVER_CHANGING:
                    yield from _roads(kind, filters)


def _roads(kind: str, filters: list[Any]) -> Iterator[Road]:
    """The roads that lead to a handler with these filters."""
    (only,) = filters
    match only:
        case CommandFilter():
            for name in sorted(only.names):
                if BY_NAME[name].scope is not Scope.OPERATORS:
                    yield from (Road(kind, f"/{name} {words}") for words in WORDS)
        case ViewFilter():
            yield from (Road(kind, text) for text in ("/start subscribe", "/timeline", "/privacy"))
        case SettingsReplyFilter():
            yield Road(kind, "daily 10:00", is_reply=True)
        case SignedActionFilter():
            yield from (
                Road(kind, action=only.action, value=value) for value in SIGNED_VALUES.get(only.action, ("",))
            )
        case CallbackQueryFilter():
            samples = {
                "v": "v|zones||0",
                "add": "add|group",
                "picture": "picture|zones",
                "stop": "stop",
                "language": "language",
            }
            yield Road(kind, text=samples[only.callback_data.__prefix__])
        case ServiceMessageFilter():
            assert only.field in TELEGRAMS
        case _:
            raise AssertionError(f"no road is known to {only!r}: add it to this table")


def update(town: Town, road: Road, sender: Sender) -> dict[str, Any]:
    """What Telegram would say when the sender takes the road."""
    number = next(NUMBERS)
    user = {"id": sender.person, "is_bot": False, "first_name": "A", "language_code": "en"}
    private = {"id": sender.person, "type": "private", "first_name": "A"}
    chat = private if sender.in_private else GROUP_CHAT
    message = {"message_id": number, "date": 1, "chat": chat, "from": user}
    if road.kind == "callback_query":
        query = {"id": str(number), "from": user, "chat_instance": "1", "message": message | {"text": "x"}}
        return {"update_id": number, road.kind: query | {"data": data_of(town, road, int(str(chat["id"])))}}
    message |= {"text": road.text} | dict(sender.extra)
    if road.is_reply:
        seen = data_of(town, Road("", action=SubscriptionAction.OPEN_SECTION), int(str(chat["id"])))
        markup = {"inline_keyboard": [[{"text": "x", "callback_data": seen}]]}
        message["reply_to_message"] = {"message_id": 1, "date": 1, "chat": chat, "reply_markup": markup}
    return {"update_id": number, road.kind: message}


def data_of(town: Town, road: Road, shown_in: int) -> str:
    """The data of a button, signed if the road is one that acts."""
    if road.action is None:
        return road.text
    signer = town.instance.dispatcher["signer"]
    return str(signer.sign(shown_in, SignedAction(road.action, Address(GROUP), road.value)))


def concerns_the_group(road: Road, sender: Sender) -> bool:
    """Whether the road leads to the group's settings at all: a command in private is about that chat."""
    return not sender.in_private or road.action is not None or road.is_reply


STATES = (None, SubscriptionState.ACTIVE, SubscriptionState.UNSUBSCRIBED)


async def prepare(town: Town, state: SubscriptionState | None) -> None:
    await town.instance.store.chats.forget(GROUP)
    town.instance.dispatcher["languages"].forget(GROUP)
    if state is not None:
        schedule = Schedule(Cadence.MONTHLY, time(9), "Asia/Shanghai")
        made = Subscription(Address(GROUP), schedule, Language.ZH, state=state, subscribed_by=PERSON)
        await town.instance.store.subscriptions.put_all((made,), EVE)


async def stored(town: Town) -> tuple[Any, ...]:
    """What is stored of the group's settings."""
    store = town.instance.store
    chat = await store.chats.get(GROUP)
    choices = (chat.language, chat.layout) if chat else (None, None)
    return await store.subscriptions.get(Address(GROUP)), choices


@pytest.mark.parametrize("mode", ["open", "allowlist"])
async def test_nobody_changes_what_they_may_not_on_any_road(sqlite_url: str, mode: str) -> None:
    cells = refused = begun = 0
    async with living_town(sqlite_url, subscribe=mode) as town:
        dispatcher, bot = town.instance.dispatcher, town.instance.bot
        for road in roads(dispatcher):
            for sender in SENDERS:
                if road.kind == "channel_post" or (road.kind == "callback_query" and sender.extra):
                    continue  # a post belongs to channels, and only persons press buttons
                for state in STATES:
                    await prepare(town, state)
                    before = await stored(town)
                    await feed(dispatcher, bot, read_update(update(town, road, sender), bot))
                    after = await stored(town)
                    cell = (road, sender.name, mode, state)
                    cells += 1
                    if not (sender.may and concerns_the_group(road, sender)):
                        refused += 1
                        assert after == before, cell
                    may_start = mode == "open" or sender.is_operator
                    if state is not SubscriptionState.ACTIVE and not (road.starts and may_start):
                        assert not is_active(after[0]), cell
                    begun += is_active(after[0]) and not is_active(before[0])
        town.world.calls.clear()
    assert cells > 500
    assert cells > refused > cells / 3
    assert begun > 0


def is_active(subscription: Subscription | None) -> bool:
    return subscription is not None and subscription.state is SubscriptionState.ACTIVE


async def test_a_setting_changes_while_the_digests_stay_ended(sqlite_url: str) -> None:
    async with living_town(sqlite_url) as town:
        await prepare(town, SubscriptionState.UNSUBSCRIBED)
        await town.ask("/settings daily 10:00", GROUP)
        kept, _ = await stored(town)
        assert kept.schedule.cadence is Cadence.DAILY
        assert kept.state is SubscriptionState.UNSUBSCRIBED


async def test_reading_in_a_group_stores_nothing(sqlite_url: str) -> None:
    member = SENDERS[2]
    read = ("/preview", "/preview 2026-05-10", "/zones", "/help", "/privacy", "/language", "/settings")
    async with living_town(sqlite_url) as town:
        for text in read:
            raw, bot = update(town, Road("message", text), member), town.instance.bot
            await feed(town.instance.dispatcher, bot, read_update(raw, bot))
        assert await town.instance.store.chats.count() == 0


async def test_operators_are_answered_in_private_only(sqlite_url: str) -> None:
    async with living_town(sqlite_url) as town:
        assert await town.silence(lambda: town.world.says(PERSON, GROUP, "/stats"), GROUP)
        assert await town.silence(lambda: town.world.says(PERSON, GROUP, "/publish 2026-05-10"), GROUP)
        assert "订阅" in await town.ask("/stats")


async def test_two_instances_that_take_in_one_chat_begin_it_once(database_url: str) -> None:
    fresh = Subscription(Address(-5), Schedule(Cadence.DAILY, time(9), "UTC"), Language.EN, subscribed_by=7)
    one, other = await Store.open(database_url), await Store.open(database_url)
    try:
        for round_ in range(5):
            wanted = replace(fresh, address=Address(-5 - round_))
            made = await asyncio.gather(
                *(store.subscriptions.begin(wanted, "channel", "C", EVE) for store in (one, other, one))
            )
            assert sum(before is None for before, _, _ in made) == 1
    finally:
        await one.close()
        await other.close()


async def test_an_active_subscription_of_nobody_becomes_that_of_who_takes_it_in(database_url: str) -> None:
    own = Subscription(Address(-5), Schedule(Cadence.DAILY, time(9), "UTC"), Language.EN)
    store = await Store.open(database_url)
    await store.subscriptions.put(own, EVE)
    before, after, _ = await store.subscriptions.begin(replace(own, subscribed_by=7), "channel", "C", EVE)
    assert (before, after) == (own, replace(own, subscribed_by=7))
    assert [each.address for each in await store.subscriptions.made_by(7)] == [Address(-5)]
    await store.close()
