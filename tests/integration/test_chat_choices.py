"""What a chat chooses of its digests beside the time: typed and pressed, told, and held to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.playground import CHANNEL, GROUP, PERSON
from digests.schedules import Cadence
from digests.subscriptions import Address, Layout, Subscription, SubscriptionState, Theme
from tests.integration.bot_world import Town, living_town, tell_failures, until

TENTH_OF_MAY = datetime(2026, 5, 10, 9, 0, 5, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
async def town(sqlite_url: str) -> AsyncIterator[Town]:
    async with living_town(sqlite_url) as opened:
        yield opened


async def subscription(town: Town, chat_id: int = PERSON) -> Subscription:
    found = await town.instance.store.subscriptions.get(Address(chat_id))
    assert found is not None
    return found


def buttons(town: Town, chat_id: int = PERSON) -> list[str]:
    return [b["text"] for row in town.newest(chat_id)["reply_markup"]["inline_keyboard"] for b in row]


async def drawn(town: Town, count: int) -> list[tuple[str, str]]:
    """So many pictures that were uploaded: which, and on what ground."""
    uploaded = town.instance.responders.outlets.pictures._ids
    await until(lambda: len(uploaded) >= count)
    return sorted((key.split(":")[0], key.split(":")[-3]) for _, key in uploaded)


def photos(town: Town, chat_id: int) -> list[dict[str, Any]]:
    return [m for m in town.world.chats[chat_id].messages.values() if "photo" in m]


@pytest.mark.parametrize(
    ("words", "theme"),
    [("dark", Theme.DARK), ("深色", Theme.DARK), ("Light theme", Theme.LIGHT), ("浅色图片", Theme.LIGHT)],
)
async def test_the_theme_is_typed_in_words(town: Town, words: str, theme: Theme) -> None:
    await town.ask("/subscribe daily 09:00")
    assert (await subscription(town)).theme is None
    told = await town.ask(f"/settings {words}")
    assert "图片底色：" + {"dark": "深色", "light": "浅色"}[theme] in told
    assert (await subscription(town)).theme is theme


async def test_the_theme_is_ticked_and_holds_for_answers_and_posts_of_that_chat_only(town: Town) -> None:
    await town.ask("/subscribe daily 09:00")
    await town.ask("/subscribe daily 09:00", GROUP)
    await town.ask("/settings", GROUP)
    await town.follow("设置", GROUP)
    await town.press("更多")
    assert "☐ 深色图片" in buttons(town)
    await town.press("深色图片")
    assert "☑ 深色图片" in buttons(town)
    for chat_id in (PERSON, GROUP):
        await town.ask("/growth", chat_id)
    assert await drawn(town, 2) == [("growth", "dark"), ("growth", "light")]
    await town.move_to(TENTH_OF_MAY)
    assert await drawn(town, 4) == [
        ("digest", "dark"), ("digest", "light"), ("growth", "dark"), ("growth", "light"),
    ]  # fmt: skip


async def test_a_rich_page_has_its_picture_in_the_theme_of_its_chat(town: Town) -> None:
    await town.ask("/subscribe daily 09:00 rich dark", CHANNEL)
    assert (await subscription(town, CHANNEL)).layout is Layout.RICH
    await town.ask("/growth", CHANNEL, seconds=40)  # its picture is drawn first
    assert await drawn(town, 1) == [("growth", "dark")]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("only Luoyang policy", "推送内容：只看 政策、洛阳"),
        ("只看洛阳和政策", "推送内容：只看 政策、洛阳"),
        ("daily only kind:policy place:luoyang", "推送：每日"),
        ("only Luoyang policy quiz daily dark", "推送：每日"),
        ("只看洛阳和政策，每天，测验", "推送附测验：是"),
    ],
)
async def test_what_is_told_is_narrowed_in_words_and_widened_again(town: Town, words: str, told: str) -> None:
    await town.ask("/subscribe monthly 09:00")
    assert told in await town.ask(f"/settings {words}")
    assert (await subscription(town)).only == ("kind:policy", "place:luoyang")
    assert "推送内容：只看 政策、洛阳" in await town.ask("/settings")
    assert "✓ 推送内容：全部" in await town.ask("/settings only all")
    assert (await subscription(town)).only == ()


async def test_a_preview_says_what_is_chosen_and_shows_the_next_of_it(town: Town) -> None:
    await town.ask("/subscribe monthly 09:00 only Luoyang")
    told = await town.ask("/preview")
    assert "只看 洛阳" in told
    assert "2026年12月1日" in told


async def test_a_misspelt_choice_is_offered_as_a_button_that_keeps_the_other_words(town: Town) -> None:
    await town.ask("/subscribe monthly 09:00")
    told = await town.ask("/settings daily only policy Luoyng")
    assert "没有叫这个名字的地区、主题、论点或大事类型" in told
    await town.press("only Luoyang")
    changed = await subscription(town)
    assert changed.only == ("kind:policy", "place:luoyang")
    assert changed.schedule.cadence is Cadence.DAILY
    assert "推送里没有与它有关的内容" in await town.ask("/settings only Zhoukou")
    assert (await subscription(town)).only == changed.only


async def test_choices_are_ticked_page_by_page_and_at_most_eight_of_them(town: Town) -> None:
    await town.ask("/subscribe monthly 09:00")
    await town.ask("/settings")
    await town.press("推送内容")
    await town.press("☐ 政策")
    assert "☑ 政策" in buttons(town)
    await town.press("地区")
    await town.press("☐ 洛阳")
    assert (await subscription(town)).only == ("kind:policy", "place:luoyang")
    await town.press("主题")
    seen = set(buttons(town))
    while "›" in buttons(town):
        await town.press("›")
        seen |= set(buttons(town))
    assert len([label for label in seen if label.startswith("☐")]) > 20
    await town.press("类型")
    for _ in range(6):
        await town.press("☐")
    assert len((await subscription(town)).only) == 8
    message = town.newest()
    shown = [b for row in message["reply_markup"]["inline_keyboard"] for b in row]
    data = next(button["callback_data"] for button in shown if "☐" in button["text"])
    assert await town.forge(data, message["message_id"]) == "最多选 8 项。"
    await town.press("恢复推送全部")
    assert (await subscription(town)).only == ()


async def test_a_reply_to_the_page_of_choices_is_read_as_words(town: Town) -> None:
    await town.ask("/subscribe monthly 09:00")
    await town.ask("/settings only")
    page = town.newest()
    await town.after(partial(town.world.says, PERSON, PERSON, "only Nanyang", 0, page["message_id"]), PERSON)
    assert (await subscription(town)).only == ("place:nanyang",)


async def test_a_choice_that_a_revision_dropped_is_told_and_can_be_taken_out(town: Town) -> None:
    await town.ask("/subscribe monthly 09:00")
    gone = replace(await subscription(town), only=("place:atlantis",))
    await town.instance.store.subscriptions.put(gone, town.instance.clock.now())
    told = await town.ask("/settings")
    assert "“atlantis”：关注的报告里已没有与它有关的内容" in told
    assert "目前看不到符合所选内容的推送" in told
    await town.press("推送内容")
    await town.press("☑ ⚠️ atlantis")
    assert (await subscription(town)).only == ()


async def test_a_post_holds_to_what_is_chosen_and_a_day_without_it_is_silent(town: Town) -> None:
    await town.ask("/subscribe daily 09:00 only policy", GROUP)
    await town.ask("/subscribe daily 09:00 only visit", CHANNEL)
    await town.move_to(TENTH_OF_MAY)
    assert len(photos(town, CHANNEL)) == 1
    assert photos(town, GROUP) == []


async def test_every_button_of_the_choices_has_room_for_the_longest_address(town: Town) -> None:
    await town.ask("/subscribe monthly 09:00", GROUP)
    await town.ask("/settings", GROUP)
    await town.follow("设置", GROUP)
    await town.press("推送内容")
    shown = [b for row in town.newest()["reply_markup"]["inline_keyboard"] for b in row]
    assert max(len(button["callback_data"].encode()) for button in shown) < 54


def polls(town: Town, chat_id: int) -> list[dict[str, Any]]:
    return [m for m in town.world.chats[chat_id].messages.values() if "poll" in m]


async def test_a_quiz_follows_the_digest_in_a_channel_and_in_private(town: Town) -> None:
    await town.ask("/subscribe daily 09:00 quiz pin", CHANNEL)
    await town.ask("/subscribe daily 09:00")
    await town.ask("/settings")
    await town.press("更多")
    await town.press("☐ 测验")
    assert "☑ 测验" in buttons(town)
    assert "推送附测验：是" in await town.ask("/settings")
    await town.move_to(TENTH_OF_MAY)
    for chat_id in (CHANNEL, PERSON):
        (quiz,) = polls(town, chat_id)
        assert quiz["poll"]["type"] == "quiz"
        assert quiz["message_id"] > photos(town, chat_id)[0]["message_id"]
    await until(lambda: town.world.chats[CHANNEL].pins)
    assert town.world.chats[CHANNEL].pins == {photos(town, CHANNEL)[0]["message_id"]}


async def test_a_group_that_forbids_polls_gets_its_digest_and_its_subscriber_is_told_why(town: Town) -> None:
    await town.ask("/subscribe daily 09:00 quiz", GROUP)
    town.world.chats[GROUP].withheld.add("send_polls")
    await town.move_to(TENTH_OF_MAY)
    assert len(photos(town, GROUP)) == 1
    assert polls(town, GROUP) == []
    assert (await subscription(town, GROUP)).state is SubscriptionState.ACTIVE
    assert await tell_failures(town) == 1
    told = town.world.chats[PERSON].last()["text"]
    assert "推送已发出，但附带的测验没能发出" in told
    assert "not enough rights to send polls" in told
    town.world.calls.clear()
    await town.ask("/settings", GROUP)
    page = await town.follow("设置", GROUP)
    assert "上一次测验没能发出" in page
    assert "上一次推送：2026年5月10日" in page


async def test_a_preview_brings_its_quiz(town: Town) -> None:
    await town.ask("/subscribe daily 09:00 quiz nopicture")
    await town.ask("/settings")
    await town.press("👀")
    await until(lambda: polls(town, PERSON))
