"""Answers that a group's twenty messages a minute leave no room for: who asked is told so when there is."""

from __future__ import annotations

import asyncio

import pytest

from bot.playground import GROUP, PERSON
from bot.telegram import rate_limiter
from bot.telegram.rate_limiter import RateLimiter
from tests.integration.bot_world import Town, living_town, until

_WORD = "每秒大约"


def words(town: Town) -> int:
    messages = town.world.chats[GROUP].messages.values()
    return sum(_WORD in str(each.get("text")) for each in messages if each["from"]["is_bot"])


def answers(town: Town) -> int:
    messages = town.world.chats[GROUP].messages.values()
    return sum("问题与短板" in str(each.get("text")) for each in messages if each["from"]["is_bot"])


async def test_who_is_not_answered_is_told_so_once_as_soon_as_there_is_room(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limiter, "_GROUP_MESSAGES", 3)
    monkeypatch.setattr(rate_limiter, "_GROUP_WINDOW", 4.0)
    monkeypatch.setattr(rate_limiter, "_ANSWER_PATIENCE", 1.0)
    async with living_town(sqlite_url, rate_limiter=RateLimiter(30)) as town:
        for _ in range(5):
            town.world.says(PERSON, GROUP, "/problems")
        await until(lambda: words(town) == 1)
        assert answers(town) == 3
        await asyncio.sleep(1.0)
        assert words(town) == 1
