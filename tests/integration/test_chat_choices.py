"""What a chat chooses of its digests beside the time: the ground of its pictures; typed and pressed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.playground import CHANNEL, GROUP, PERSON
from digests.subscriptions import Address, Layout, Subscription, Theme
from tests.integration.bot_world import Town, living_town, until

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


async def drawn(town: Town) -> list[tuple[str, str]]:
    """The pictures that were uploaded: which, and on what ground."""
    pictures = town.instance.responders.outlets.pictures
    return [(key.split(":")[0], key.split(":")[-3]) for _, key in pictures._ids]


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
    await town.press("更多", GROUP)
    assert "☐ 深色图片" in buttons(town, GROUP)
    await town.press("深色图片", GROUP)
    assert "☑ 深色图片" in buttons(town, GROUP)
    for chat_id in (PERSON, GROUP):
        await town.ask("/growth", chat_id)
        await until(partial(photos, town, chat_id))
    assert sorted(await drawn(town)) == [("growth", "dark"), ("growth", "light")]
    await town.move_to(TENTH_OF_MAY)
    assert sorted(await drawn(town)) == [
        ("digest", "dark"), ("digest", "light"), ("growth", "dark"), ("growth", "light"),
    ]  # fmt: skip


async def test_a_rich_page_has_its_picture_in_the_theme_of_its_chat(town: Town) -> None:
    await town.ask("/subscribe daily 09:00 rich dark", CHANNEL)
    assert (await subscription(town, CHANNEL)).layout is Layout.RICH
    await town.ask("/growth", CHANNEL)
    await until(lambda: bool(town.instance.responders.outlets.pictures._ids))
    assert await drawn(town) == [("growth", "dark")]
