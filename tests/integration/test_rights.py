"""The rights table: every road into the bot, by every kind of sender, in both modes, on every state."""

from __future__ import annotations

import ast
import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest

from bot.handlers.dispatcher import feed
from bot.playground import GROUP, PERSON
from bot.telegram.callback_data import CALLBACKS
from bot.updates.lenient import read_update
from digests.schedules import Cadence, Schedule
from digests.store import Store
from digests.store.connections import sqlite
from digests.subscriptions import Address, Subscription, SubscriptionState
from digests.text import Language
from tests.integration.bot_world import Town, living_town
from tests.integration.rights_table import DIRECT, SENDERS, Road, Sender, people, roads, update

EVE = datetime(2026, 5, 9, 4, tzinfo=UTC)
STATES = (None, SubscriptionState.ACTIVE, SubscriptionState.UNSUBSCRIBED)


async def prepare(town: Town, state: SubscriptionState | None, home: int = GROUP) -> None:
    await town.instance.store.chats.forget(home)
    town.instance.dispatcher["languages"].forget(home)
    if state is not None:
        schedule = Schedule(Cadence.MONTHLY, time(9), "Asia/Shanghai")
        made = Subscription(Address(home), schedule, Language.ZH, state=state, subscribed_by=PERSON)
        await town.instance.store.subscriptions.put_all((made,), EVE)


async def stored(town: Town, home: int = GROUP) -> tuple[Any, ...]:
    """What is stored of a chat's settings."""
    store = town.instance.store
    chat = await store.chats.get(home)
    choices = (chat.language, chat.layout) if chat else (None, None)
    return await store.subscriptions.get(Address(home)), choices


async def take(town: Town, road: Road, sender: Sender) -> None:
    """Have a sender take a road."""
    dispatcher, bot = town.instance.dispatcher, town.instance.bot
    await feed(dispatcher, bot, read_update(update(dispatcher["signer"], road, sender), bot))


@pytest.mark.parametrize("mode", ["open", "allowlist"])
async def test_nobody_changes_what_they_may_not_on_any_road(
    sqlite_url: str, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.handlers.subscription.membership._OTHER_ROAD", 0)
    monkeypatch.setattr(sqlite, "_PRAGMAS", (*sqlite._PRAGMAS, "PRAGMA synchronous=OFF"))
    cells, begun = Counter[str](), Counter[str]()
    async with living_town(sqlite_url, subscribe=mode) as town:
        people(town.world)
        for road in roads(town.instance.dispatcher):
            for sender in (each for each in SENDERS if road.kind in each.kinds):
                for state in (SubscriptionState.ACTIVE,) if road.reads else STATES:
                    cells[road.kind] += 1
                    begun[road.service or road.kind] += await cell(town, road, sender, state, mode)
        town.world.calls.clear()
    assert cells.total() > 1000
    assert {name for name, times in begun.items() if times} == {
        "message", "channel_post", "callback_query", "chat_shared", "my_chat_member"
    } - ({"channel_post"} if mode == "allowlist" else set())  # fmt: skip


async def cell(town: Town, road: Road, sender: Sender, state: SubscriptionState | None, mode: str) -> bool:
    """Hold one cell of the table to what is right; whether digests began."""
    await prepare(town, state, sender.home)
    before = await stored(town, sender.home)
    await take(town, road, sender)
    after = await stored(town, sender.home)
    where = (road, sender.name, mode, state)
    if not (sender.may and sender.concerns_home(road)):
        assert after == before, where
    may_start = (mode == "open" or sender.is_operator) and sender.home != DIRECT
    if state is not SubscriptionState.ACTIVE and not (road.starts and may_start):
        assert not is_active(after[0]), where
    return is_active(after[0]) and not is_active(before[0])


def is_active(subscription: Subscription | None) -> bool:
    return subscription is not None and subscription.state is SubscriptionState.ACTIVE


async def test_the_table_knows_each_kind_of_button(sqlite_url: str) -> None:
    async with living_town(sqlite_url) as town:
        pressed = [road for road in roads(town.instance.dispatcher) if road.kind == "callback_query"]
    known = {road.text.partition("|")[0] for road in pressed if road.text}
    assert known | {"~"} == {kind.__prefix__ for kind in CALLBACKS}


#: What changes what is stored of chats and subscriptions, or queues posts.
CHANGES = {
    "put", "put_all", "save", "begin", "unsubscribe", "suspend", "suspend_topic", "wake", "exchange_pinned",
    "record",
    "remember", "set_language", "set_layout", "move", "forget", "choose", "choose_layout", "publish",
}  # fmt: skip

#: Who calls them: the service that asks for rights, what Telegram itself says, and operators in private.
CALLERS = {
    "bot/handlers/subscription/service.py",
    "bot/handlers/subscription/membership.py",
    "bot/handlers/chat_languages.py",
    "bot/handlers/operators.py",
}


def test_no_handler_changes_a_subscription_but_through_the_service() -> None:
    root = Path(__file__).parents[2]
    found = {
        str(path.relative_to(root))
        for path in (root / "bot" / "handlers").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and changes(call.func)
    }
    assert found == CALLERS


def changes(function: ast.expr) -> bool:
    """Whether a call changes something by another way than the service, which handlers call so."""
    if not (isinstance(function, ast.Attribute) and function.attr in CHANGES):
        return False
    return ast.unparse(function.value) not in ("subscriptions", "self._subscriptions")


async def test_a_setting_changes_while_the_digests_stay_ended(sqlite_url: str) -> None:
    async with living_town(sqlite_url) as town:
        await prepare(town, SubscriptionState.UNSUBSCRIBED)
        await town.ask("/settings daily 10:00", GROUP)
        kept, _ = await stored(town)
        assert kept.schedule.cadence is Cadence.DAILY
        assert kept.state is SubscriptionState.UNSUBSCRIBED


async def test_reading_in_a_group_stores_nothing(sqlite_url: str) -> None:
    member = next(sender for sender in SENDERS if sender.name == "a member")
    read = ("/preview", "/preview 2026-05-10", "/zones", "/help", "/privacy", "/language", "/settings")
    async with living_town(sqlite_url) as town:
        for text in read:
            await take(town, Road("message", text), member)
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
