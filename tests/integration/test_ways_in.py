"""Every way in, and everybody who has no business there, over real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.playground import CHANNEL, GROUP, GUEST, HELPER, OWN_CHANNEL, PERSON, SMALL_GROUP
from bot.playground import user_actions as acts
from bot.telegram.callback_data import SubscriptionAction
from bot.telegram.signed_callbacks import CallbackSigner, SignedAction
from digests.subscriptions import Address, Subscription, SubscriptionState
from tests.integration.bot_world import Town, living_town, until


@pytest.fixture
async def town(sqlite_url: str) -> AsyncIterator[Town]:
    async with living_town(sqlite_url) as opened:
        yield opened


async def subscription(town: Town, chat_id: int, thread_id: int = 0) -> Subscription | None:
    return await town.instance.store.subscriptions.get(Address(chat_id, thread_id))


async def eventually(town: Town, chat_id: int, state: SubscriptionState, thread_id: int = 0) -> None:
    async with asyncio.timeout(30):
        while True:
            found = await subscription(town, chat_id, thread_id)
            if found and found.state is state:
                return
            await asyncio.sleep(0.02)


async def picker(town: Town, label: str) -> dict[str, Any]:
    """Press the button that adds to a channel or group; the request that its keyboard makes."""
    await town.ask("/start")
    await town.press(label)
    await until(lambda: town.world.chats[PERSON].keyboard is not None)
    request: dict[str, Any] = (town.world.chats[PERSON].keyboard or [])[0][0]["request_chat"]
    return request


def said(town: Town, chat_id: int) -> list[str]:
    return [str(message.get("text", "")) for message in town.world.chats[chat_id].messages.values()]


async def test_a_channel_that_is_picked_in_private_is_subscribed_and_confirmed_once(town: Town) -> None:
    request = await picker(town, "添加到频道")
    acts.pick(town.world, PERSON, request, OWN_CHANNEL)
    await eventually(town, OWN_CHANNEL, SubscriptionState.ACTIVE)
    await until(lambda: any("新频道" in text and "已订阅" in text for text in said(town, PERSON)))
    await asyncio.sleep(0.3)
    confirmed = [text for text in said(town, PERSON) if "已订阅" in text]
    assert len(confirmed) == 1
    assert confirmed[0].count("🗓") == 3
    assert town.world.chats[OWN_CHANNEL].messages == {}
    made = await subscription(town, OWN_CHANNEL)
    assert made is not None
    assert made.subscribed_by == PERSON


async def test_a_group_that_is_picked_in_private_is_subscribed(town: Town) -> None:
    acts.pick(town.world, PERSON, await picker(town, "添加到群组"), SMALL_GROUP)
    await eventually(town, SMALL_GROUP, SubscriptionState.ACTIVE)


async def test_an_administrator_who_adds_the_bot_to_a_channel_by_the_link_has_subscribed_it(
    town: Town,
) -> None:
    message = await town.after(
        lambda: town.world.admit(PERSON, OWN_CHANNEL, "administrator"), PERSON, seconds=10
    )
    assert "已订阅 · \u2068新频道" in message["text"]
    await eventually(town, OWN_CHANNEL, SubscriptionState.ACTIVE)


async def test_the_link_for_a_group_subscribes_it(town: Town) -> None:
    town.world.chats[SMALL_GROUP].bot_status = "member"
    assert "已订阅" in await town.ask("/start@silkline_bot subscribe", SMALL_GROUP)
    await eventually(town, SMALL_GROUP, SubscriptionState.ACTIVE)


async def test_a_member_who_adds_the_bot_to_a_group_has_subscribed_nothing(town: Town) -> None:
    await town.after(lambda: town.world.admit(GUEST, SMALL_GROUP, "member"), GUEST, seconds=10)
    assert await subscription(town, SMALL_GROUP) is None
    message = town.world.chats[GUEST].last()
    data = message["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    assert "管理员" in await alert(town, GUEST, GUEST, message["message_id"], data)
    assert await subscription(town, SMALL_GROUP) is None


async def test_somebody_who_is_no_administrator_cannot_add_a_channel(town: Town) -> None:
    town.world.chats[OWN_CHANNEL].members[GUEST] = "member"
    town.world.admit(GUEST, OWN_CHANNEL, "administrator")
    await asyncio.sleep(0.5)
    assert await subscription(town, OWN_CHANNEL) is None


async def test_a_picked_chat_whose_number_was_made_for_somebody_else_is_refused(town: Town) -> None:
    request = await picker(town, "添加到频道")
    town.world.chats[CHANNEL].members[GUEST] = "administrator"
    answer = await town.after(lambda: acts.pick(town.world, GUEST, request, CHANNEL), GUEST)
    assert "旧版本" in answer["text"] or "older" in answer["text"]
    assert await subscription(town, CHANNEL) is None


async def test_a_picked_channel_where_the_bot_may_not_post_is_told_so(town: Town) -> None:
    request = await picker(town, "添加到频道")
    town.world.chats[CHANNEL].bot_status = "member"
    acts.pick(town.world, PERSON, {**request, "bot_administrator_rights": None}, CHANNEL)
    await until(lambda: any("不能在那里发消息" in text for text in said(town, PERSON)))
    assert await subscription(town, CHANNEL) is None
    town.world.calls.clear()


async def alert(town: Town, chat_id: int, person: int, message_id: int, data: str) -> str:
    query = town.world.presses(person, chat_id, message_id, data)
    await until(lambda: town.world.callbacks[query] is not None)
    return str((town.world.callbacks[query] or {})["text"])


def button(town: Town, chat_id: int, label: str) -> tuple[int, str]:
    message = town.world.chats[chat_id].last()
    rows = message["reply_markup"]["inline_keyboard"]
    return message["message_id"], next(b["callback_data"] for row in rows for b in row if label in b["text"])


async def test_the_settings_of_a_group_are_one_line_there_and_a_page_in_private(town: Town) -> None:
    line = await town.ask("/subscribe weekly fri", GROUP, PERSON, 2)
    assert line.splitlines()[0] == "✓ 已订阅：推送：每周，周五；时间：09:00（上海 · UTC+8）"
    assert len(line.splitlines()) == 2
    page = await town.follow("设置", GROUP)
    assert page.startswith("设置 · \u2068示范群组\u2069 · 话题 2")
    await town.press("每日")
    changed = await subscription(town, GROUP, 2)
    assert changed is not None
    assert changed.schedule.cadence == "daily"
    assert await town.ask("/settings 10:00", GROUP, PERSON, 2) == (
        "✓ 已更改：时间：10:00（上海 · UTC+8）\n下一次推送：2026年5月10日（周日）10:00"
    )


async def test_a_chat_that_is_not_subscribed_is_subscribed_by_the_link_to_its_settings(town: Town) -> None:
    assert "还没有订阅" in await town.ask("/settings weekly fri", CHANNEL)
    assert await subscription(town, CHANNEL) is None
    assert "还没有订阅" in await town.follow("设置", CHANNEL)
    assert "已订阅" in (await town.press("订阅"))["text"]
    await eventually(town, CHANNEL, SubscriptionState.ACTIVE)


@pytest.mark.parametrize("may_delete", [True, False])
async def test_a_command_about_digests_leaves_a_channel_where_the_bot_may_delete(
    town: Town, may_delete: bool
) -> None:
    town.world.chats[CHANNEL].withheld = set() if may_delete else {"delete_messages"}
    town.world.chats[GROUP].withheld = set()
    await town.ask("/settings", CHANNEL)
    await town.ask("/settings", GROUP)
    await town.ask("/zones", CHANNEL)
    await until(lambda: ("/settings" not in said(town, CHANNEL)) is may_delete)
    assert "/zones" in said(town, CHANNEL)
    assert "/settings" in said(town, GROUP)


async def test_a_channel_that_subscribed_itself_becomes_that_of_who_looks_after_it(town: Town) -> None:
    await town.ask("/subscribe monthly", CHANNEL)
    await town.follow("设置", CHANNEL)
    await town.press("每日")
    assert "示范频道" in str((await town.press("我的聊天"))["reply_markup"])
    changed = await subscription(town, CHANNEL)
    assert changed is not None
    assert changed.subscribed_by == PERSON


async def test_a_forged_link_to_settings_opens_nothing(town: Town) -> None:
    await town.ask("/subscribe daily", CHANNEL)
    forged = CallbackSigner("another token").seal(Address(CHANNEL))
    assert "无效" in await town.ask(f"/start s-{forged}")


async def test_a_preview_in_a_group_is_for_its_administrators_and_names_titles_only(town: Town) -> None:
    assert "管理员" in await town.ask("/preview", GROUP, GUEST)
    before = len(town.world.chats[GROUP].messages)
    assert "预览" in await town.ask("/preview", GROUP)
    await asyncio.sleep(0.3)
    assert len(town.world.chats[GROUP].messages) == before + 2


async def test_a_member_who_opens_the_settings_of_the_group_sees_and_changes_nothing(town: Town) -> None:
    await town.ask("/subscribe daily", GROUP, PERSON)
    told = await town.follow("设置", GROUP, GUEST)
    assert "管理员" in told
    assert "09:00" not in told
    assert "管理员" in await town.ask("/settings", GROUP, GUEST)
    kept = await subscription(town, GROUP)
    assert kept is not None
    assert kept.schedule.cadence == "daily"


async def test_a_helper_who_is_an_administrator_may_and_no_longer_when_demoted(town: Town) -> None:
    await town.ask("/subscribe daily", GROUP, PERSON)
    await town.follow("设置", GROUP, HELPER)
    await town.press("Monthly", HELPER, HELPER)
    acts.set_member(town.world, GROUP, HELPER, "member")
    message_id, data = button(town, HELPER, "Daily")
    assert "administrators" in await alert(town, HELPER, HELPER, message_id, data)
    changed = await subscription(town, GROUP)
    assert changed is not None
    assert changed.schedule.cadence == "monthly"


async def test_a_button_of_another_chat_is_refused_and_tells_nothing(town: Town) -> None:
    await town.ask("/subscribe daily", CHANNEL)
    await town.follow("设置", CHANNEL)
    _, stolen = button(town, PERSON, "每月")
    await town.ask("/start", GUEST, GUEST)
    own = town.world.chats[GUEST].last()["message_id"]
    assert "/settings" in await alert(town, GUEST, GUEST, own, stolen)


@pytest.mark.parametrize(
    "action", [each for each in SubscriptionAction if each != SubscriptionAction.MY_CHATS]
)
async def test_a_forged_button_is_refused_and_even_a_sealed_one_needs_the_right(
    town: Town, action: SubscriptionAction
) -> None:
    await town.ask("/subscribe daily", CHANNEL)
    await town.ask("/start", GUEST, GUEST)
    own = town.world.chats[GUEST].last()["message_id"]
    forged = CallbackSigner("another token").sign(GUEST, SignedAction(action, Address(CHANNEL), "en"))
    assert "/settings" in await alert(town, GUEST, GUEST, own, forged)
    sealed = CallbackSigner("1:test").sign(GUEST, SignedAction(action, Address(CHANNEL), "en"))
    assert await alert(town, GUEST, GUEST, own, sealed)
    kept = await subscription(town, CHANNEL)
    assert kept is not None
    assert kept.state is SubscriptionState.ACTIVE
    assert "示范频道" not in "".join(said(town, GUEST))


async def test_somebody_who_writes_as_a_channel_is_nobody_and_an_anonymous_administrator_is_one(
    town: Town,
) -> None:
    world = town.world
    refused = await town.after(
        lambda: acts.say_as_channel(world, GROUP, world.chats[CHANNEL], "/subscribe"), GROUP
    )
    assert "administrators" in refused["text"] or "管理员" in refused["text"]
    assert await subscription(town, GROUP) is None
    world.calls.clear()


async def test_an_anonymous_administrator_subscribes_by_command(town: Town) -> None:
    queue = town.world.listen()
    acts.say_anonymously(town.world, GROUP, "/subscribe daily")
    await eventually(town, GROUP, SubscriptionState.ACTIVE)
    town.world.unlisten(queue)
    made = await subscription(town, GROUP)
    assert made is not None
    assert made.subscribed_by is None


async def test_an_instance_with_an_allowlist_refuses_others_on_every_road(sqlite_url: str) -> None:
    async with living_town(sqlite_url, subscribe="allowlist") as town:
        town.world.chats[OWN_CHANNEL].members[HELPER] = "administrator"
        town.world.admit(HELPER, OWN_CHANNEL, "administrator")
        assert "特定订阅者" in await town.ask("/subscribe", GROUP, HELPER)
        assert "Only the operator" in await town.ask("/subscribe", HELPER, HELPER)
        await asyncio.sleep(0.3)
        assert await subscription(town, OWN_CHANNEL) is None
        assert await subscription(town, GROUP) is None


async def test_a_channel_is_looked_after_from_the_private_chat(town: Town) -> None:
    await town.after(lambda: town.world.admit(PERSON, OWN_CHANNEL, "administrator"), PERSON, seconds=10)
    await town.press("我的聊天")
    assert "新频道" in (await town.press("新频道"))["text"]
    changed = (await town.press("每日"))["text"]
    assert "已更改" in changed
    assert "下一次推送" in changed
    town.world.presses(PERSON, PERSON, *button(town, PERSON, "示例"))
    await until(lambda: bool(town.world.chats[OWN_CHANNEL].messages))
    sent = town.world.chats[OWN_CHANNEL].last()
    assert "历史上的今天" in (sent.get("text") or sent["caption"])


async def test_a_city_is_found_by_replying_to_the_settings(town: Town) -> None:
    await town.ask("/subscribe daily", PERSON)
    await town.press("时区")
    menu = town.world.chats[PERSON].last()["message_id"]
    near = await town.after(lambda: town.world.says(PERSON, PERSON, "Berln", reply_to=menu), PERSON)
    assert "Europe/Berlin" in near["text"]
    await town.press("Europe/Berlin")
    changed = await subscription(town, PERSON)
    assert changed is not None
    assert changed.schedule.timezone == "Europe/Berlin"
    menu = town.world.chats[PERSON].last()["message_id"]
    answer = await town.after(lambda: town.world.says(PERSON, PERSON, "07:45", reply_to=menu), PERSON)
    assert "07:45" in answer["text"]


@pytest.mark.parametrize(
    ("label", "field", "value"),
    [
        ("图片", "picture", False),
        ("置顶", "pin", True),
        ("提示音", "silent", True),
        ("富文本版式", "layout", "rich"),
    ],
)
async def test_a_switch_is_turned_by_its_button(town: Town, label: str, field: str, value: object) -> None:
    await town.ask("/subscribe monthly", CHANNEL)
    await town.follow("设置", CHANNEL)
    await town.press("更多")
    await town.press(label)
    changed = await subscription(town, CHANNEL)
    assert getattr(changed, field) == value


async def test_a_pause_moves_the_next_posts_behind_it(town: Town) -> None:
    await town.ask("/subscribe daily", PERSON)
    await town.press("暂停")
    paused = (await town.press("30天"))["text"]
    assert "暂停至：2026年6月8日" in paused
    assert "2026年5月10日" not in paused


async def test_a_topic_is_suspended_when_it_is_closed_and_resumed_when_opened(town: Town) -> None:
    await town.ask("/subscribe daily", GROUP, PERSON, 2)
    acts.set_topic(town.world, GROUP, 2, "closed", PERSON)
    await eventually(town, GROUP, SubscriptionState.SUSPENDED, 2)
    acts.set_topic(town.world, GROUP, 2, "open", PERSON)
    await eventually(town, GROUP, SubscriptionState.ACTIVE, 2)


async def test_a_bot_that_is_muted_or_demoted_is_suspended_until_it_may_post_again(town: Town) -> None:
    await town.ask("/subscribe daily", GROUP)
    town.world.admit(PERSON, GROUP, "restricted")
    await eventually(town, GROUP, SubscriptionState.SUSPENDED)
    town.world.admit(PERSON, GROUP, "member")
    await eventually(town, GROUP, SubscriptionState.ACTIVE)
