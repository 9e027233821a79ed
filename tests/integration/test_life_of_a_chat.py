"""What happens to chats, and who is told: over real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.lifecycle import tell_subscribers
from bot.playground import CHANNEL, GROUP, GUEST, PERSON
from bot.playground import user_actions as acts
from bot.telegram.introduction.profile import set_profile
from digests.delivery.clock import LeapDetector
from digests.subscriptions import Address, SubscriptionState
from tests.integration.bot_world import Town, living_town, tell_failures, until

TENTH_OF_MAY = datetime(2026, 5, 10, 9, 0, 5, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
async def town(sqlite_url: str) -> AsyncIterator[Town]:
    async with living_town(sqlite_url) as opened:
        yield opened


async def state(town: Town, chat_id: int, thread_id: int = 0) -> SubscriptionState | None:
    found = await town.instance.store.subscriptions.get(Address(chat_id, thread_id))
    return found.state if found else None


def said(town: Town, chat_id: int) -> list[str]:
    return [str(message.get("text", "")) for message in town.world.chats[chat_id].messages.values()]


async def test_the_person_who_subscribed_is_told_once_when_the_bot_is_removed(town: Town) -> None:
    await town.ask("/subscribe daily", GROUP)
    town.world.admit(PERSON, GROUP, "kicked")
    async with asyncio.timeout(30):
        while not await tell_failures(town):  # noqa: ASYNC110 - a table has no event
            await asyncio.sleep(0.05)
    assert next(text for text in said(town, PERSON) if "已停发" in text).startswith("⚠️ \u2068示范群组")
    assert await tell_failures(town) == 0
    town.world.admit(PERSON, GROUP, "administrator")


async def test_no_pause_ends_by_a_clock_that_leaps(town: Town) -> None:
    steady = 0.0
    detector = LeapDetector(town.instance.clock.now, lambda: steady)
    await town.ask("/subscribe daily 09:00", GROUP)
    await town.ask("/settings 2026-05-20", GROUP)
    await tell_subscribers(town.instance, detector)
    for day in (20, 10):  # ten days ahead, and right again
        await town.move_to(TENTH_OF_MAY.replace(day=day))
        await tell_subscribers(town.instance, detector)
    paused = await town.instance.store.subscriptions.get(Address(GROUP))
    assert paused is not None
    assert paused.paused_until == date(2026, 5, 20)
    await town.move_to(TENTH_OF_MAY.replace(day=20))
    steady = timedelta(days=10).total_seconds()
    await tell_subscribers(town.instance, detector)
    assert any("恢复推送" in text for text in said(town, PERSON))


async def test_a_pause_that_ended_by_a_clock_that_stayed_ahead_is_paused_again(town: Town) -> None:
    await town.ask("/subscribe daily 09:00", GROUP)
    await town.ask("/settings 2026-05-20", GROUP)
    await town.move_to(TENTH_OF_MAY.replace(day=25))
    await tell_subscribers(town.instance)
    assert any("恢复推送" in text for text in said(town, PERSON))
    await town.move_to(TENTH_OF_MAY)
    for _ in range(2):
        await tell_subscribers(town.instance)
    paused = await town.instance.store.subscriptions.get(Address(GROUP))
    assert paused is not None
    assert paused.paused_until == date(2026, 5, 20)


async def test_the_end_of_a_pause_is_told_once_in_private_with_the_next_post(town: Town) -> None:
    await town.ask("/subscribe daily 09:00", GROUP)
    await town.ask("/settings 2026-05-20", GROUP)
    await tell_subscribers(town.instance)
    assert not any("恢复推送" in text for text in said(town, PERSON))
    await town.move_to(TENTH_OF_MAY.replace(day=20))
    for _ in range(2):
        await tell_subscribers(town.instance)
    told = [text for text in said(town, PERSON) if "恢复推送" in text]
    assert len(told) == 1
    assert told[0].startswith("▶️ \u2068示范群组\u2069：恢复推送。 下一次推送：2026年6月1日（周一）09:00，")
    assert len(told[0].splitlines()) == 1
    assert "暂停" not in await town.follow("设置", GROUP)


async def test_that_posts_go_on_when_the_bot_is_let_in_again_is_told_too(town: Town) -> None:
    await town.ask("/subscribe daily", GROUP)
    town.world.admit(PERSON, GROUP, "kicked")
    told = await town.after(lambda: town.world.admit(PERSON, GROUP, "administrator"), PERSON)
    assert "恢复推送" in told["text"]
    assert await state(town, GROUP) is SubscriptionState.ACTIVE


async def test_a_deleted_topic_is_suspended_at_its_next_post_and_its_subscriber_told(town: Town) -> None:
    await town.ask("/subscribe daily 09:00", GROUP, PERSON, 2)
    acts.set_topic(town.world, GROUP, 2, "deleted", PERSON)
    await town.move_to(TENTH_OF_MAY)
    await town.move_to(TENTH_OF_MAY + timedelta(minutes=2))  # one refusal suspends nobody
    assert await state(town, GROUP, 2) is SubscriptionState.SUSPENDED
    assert await tell_failures(town) == 1
    assert "message thread not found" in town.world.chats[PERSON].last()["text"]
    town.world.calls.clear()


async def test_a_deleted_topic_falls_back_to_the_group_where_that_was_chosen(town: Town) -> None:
    await town.ask("/subscribe daily 09:00 fallback", GROUP, PERSON, 2)
    acts.set_topic(town.world, GROUP, 2, "deleted", PERSON)
    await town.move_to(TENTH_OF_MAY)
    post = town.world.chats[GROUP].last()
    assert "message_thread_id" not in post
    assert "历史上的今天" in (post.get("text") or post["caption"])
    assert await state(town, GROUP, 2) is SubscriptionState.ACTIVE
    town.world.calls.clear()


async def test_a_private_digest_is_unsubscribed_with_one_tap_and_stays_readable(town: Town) -> None:
    await town.ask("/subscribe daily 09:00")
    await town.move_to(TENTH_OF_MAY)
    post = town.world.chats[PERSON].last()
    data = post["reply_markup"]["inline_keyboard"][-1][0]["callback_data"]
    query = town.world.presses(PERSON, PERSON, post["message_id"], data)
    await until(lambda: town.world.callbacks[query] is not None)
    assert "已退订" in (town.world.callbacks[query] or {})["text"]
    assert await state(town, PERSON) is SubscriptionState.UNSUBSCRIBED
    assert town.world.chats[PERSON].last() == post


async def test_under_a_digest_in_a_channel_stand_links_only(town: Town) -> None:
    await town.ask("/subscribe daily 09:00", CHANNEL)
    await town.move_to(TENTH_OF_MAY)
    rows = town.world.chats[CHANNEL].last()["reply_markup"]["inline_keyboard"]
    assert [[button["text"] for button in row] for row in rows] == [["详情", "分享"], ["指出错误"]]
    assert not any("callback_data" in button for row in rows for button in row)
    assert "2014年5月10日" in await town.follow("详情", CHANNEL)


async def test_a_digest_of_several_events_opens_all_of_them(town: Town) -> None:
    await town.ask("/subscribe monthly", CHANNEL)
    await town.move_to(TENTH_OF_MAY.replace(month=11, day=1))
    told = await town.follow("详情", CHANNEL, GUEST)
    assert "2015年11月" in told
    assert "2021年11月" in told
    assert "药品" in (await town.press("药品", GUEST, GUEST))["text"]
    assert "2015年11月" in (await town.press("返回", GUEST, GUEST))["text"]


async def test_a_sample_in_private_cannot_be_unsubscribed(town: Town) -> None:
    await town.ask("/subscribe daily 09:00", CHANNEL)
    town.world.says(PERSON, PERSON, "/preview 2026-05-10")
    await until(lambda: "reply_markup" in town.world.chats[PERSON].last())
    rows = town.newest()["reply_markup"]["inline_keyboard"]
    assert [button["text"] for row in rows for button in row] == ["详情", "分享", "指出错误"]


async def test_a_pinned_digest_replaces_the_one_before(town: Town) -> None:
    await town.ask("/subscribe daily 09:00 figures pin", CHANNEL)
    await town.move_to(TENTH_OF_MAY)
    await until(lambda: town.world.chats[CHANNEL].pinned is not None)
    first = town.world.chats[CHANNEL].pinned
    await town.move_to(TENTH_OF_MAY.replace(day=11))
    await until(lambda: town.world.chats[CHANNEL].pinned not in (None, first))
    await until(lambda: any(call.method == "unpinChatMessage" for call in town.world.calls))


async def test_what_is_stored_of_a_chat_is_shown_and_deleted_on_request(town: Town) -> None:
    await town.ask("/subscribe daily 09:00", GROUP)
    await town.ask("/subscribe daily 09:00")
    assert "管理员" in await town.ask("/forget", GROUP, GUEST)
    assert "全部删除" in await town.ask("/forget")
    deleted = (await town.press("全部删除"))["text"]
    assert "已删除" in deleted
    assert await state(town, PERSON) is None
    kept = await town.instance.store.subscriptions.get(Address(GROUP))
    assert kept is not None
    assert kept.subscribed_by is None
    assert "保存了什么" in await town.ask("/privacy")


async def test_a_description_is_set_in_each_language_and_only_when_it_changed(town: Town) -> None:
    instance = town.instance
    assert await set_profile(instance.bot, instance.pages) == 6
    assert await set_profile(instance.bot, instance.pages) == 0
    english = town.world.descriptions["shortdescription", "en"]
    assert english.startswith("A research report")
    assert town.world.descriptions["shortdescription", ""] == english


@pytest.mark.parametrize("count", [1, 3])
async def test_the_next_digests_are_previewed_in_full(town: Town, count: int) -> None:
    await town.ask("/subscribe daily 09:00")
    before = len(town.world.chats[PERSON].messages)
    await town.ask(f"/preview {count}")
    await until(lambda: len(town.world.chats[PERSON].messages) >= before + 2 + count)


async def test_a_changed_time_that_skips_todays_post_offers_to_send_it_now(town: Town) -> None:
    await town.ask("/subscribe daily 09:00")
    await town.move_to(TENTH_OF_MAY.replace(hour=8, minute=30))
    assert "07:00" in await town.ask("/settings 07:00")
    await town.instance.planner.plan(town.instance.clock.now())
    message = town.world.chats[PERSON].last()
    data = message["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    query = town.world.presses(PERSON, PERSON, message["message_id"], data)
    await until(lambda: town.world.callbacks[query] is not None)
    assert "马上" in (town.world.callbacks[query] or {})["text"]
    await town.instance.sender.drain(town.instance.clock.now())
    post = town.world.chats[PERSON].last()
    assert "2026年5月10日" in (post.get("text") or post["caption"])
