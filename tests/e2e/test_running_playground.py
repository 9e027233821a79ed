"""The real command in its own process, spoken to as the page does."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.playground import CHANNEL, PERSON


class Playground:
    """A running ``silkline playground``."""

    def __init__(self, process: asyncio.subprocess.Process, client: ClientSession, url: str) -> None:
        self.process = process
        self._client = client
        self._url = url

    async def state(self) -> dict[str, Any]:
        async with self._client.get(f"{self._url}/playground/state") as response:
            found: dict[str, Any] = await response.json()
            return found

    async def post(self, path: str, **fields: Any) -> None:
        async with self._client.post(f"{self._url}/playground/{path}", json=fields) as response:
            assert response.status == 200, await response.text()

    async def texts(self, chat_id: int) -> list[str]:
        chats = {chat["id"]: chat for chat in (await self.state())["chats"]}
        return [message.get("text") or message["caption"] for message in chats[chat_id]["messages"]]

    async def until(self, holds: Callable[[dict[str, Any]], bool], seconds: float = 30) -> dict[str, Any]:
        async with asyncio.timeout(seconds):
            while not holds(state := await self.state()):  # noqa: ASYNC110 - polled from outside
                await asyncio.sleep(0.1)
            return state

    async def move_clock(self, to: datetime) -> None:
        await self.post("clock", to=to.isoformat())
        await self.until(lambda state: not state["clock"]["moving"], 60)


@pytest.fixture
async def playground(tmp_path: Path) -> AsyncIterator[Playground]:
    environment = {
        name: value for name, value in os.environ.items() if name not in {"BOT_TOKEN", "DATABASE_URL"}
    }
    with (tmp_path / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "playground", "--port", "0",
            cwd=tmp_path, env=environment, stdout=asyncio.subprocess.PIPE, stderr=log,
        )  # fmt: skip
    assert process.stdout is not None
    line = (await asyncio.wait_for(process.stdout.readline(), 60)).decode()
    assert line.startswith("The playground is at http://127.0.0.1:"), (tmp_path / "log").read_text()
    async with ClientSession() as client:
        yield Playground(process, client, line.split()[4])
    if process.returncode is None:
        process.kill()
        await process.wait()


def chat_of(state: dict[str, Any], chat_id: int) -> dict[str, Any]:
    return next(chat for chat in state["chats"] if chat["id"] == chat_id)


async def test_the_whole_bot_lives_in_the_playground(playground: Playground, tmp_path: Path):
    # it answers, and its menu is set
    await playground.post("say", chat_id=PERSON, text="/timeline")
    state = await playground.until(lambda state: len(chat_of(state, PERSON)["messages"]) > 2)
    _, answer, picture = chat_of(state, PERSON)["messages"]
    assert picture["caption"]
    assert "时间线" in answer["text"]
    await playground.until(lambda state: len(state["commands"]) >= 9)

    # a pressed button edits the message in place
    data = answer["reply_markup"]["inline_keyboard"][0][1]["callback_data"]
    await playground.post("press", chat_id=PERSON, message_id=answer["message_id"], data=data)
    await playground.until(lambda state: chat_of(state, PERSON)["messages"][1]["text"] != answer["text"])
    assert len(await playground.texts(PERSON)) == 3

    # the clock walks to the 10th of May, and the channel gets what happened on that day in 2014
    start = datetime.fromisoformat(state["clock"]["now"])
    may = start.replace(year=start.year + 1, month=5, day=10, hour=1, minute=0, second=1, microsecond=0)
    await playground.move_clock(may)
    posts = await playground.texts(CHANNEL)
    assert "2014" in posts[-1]
    assert len(posts) > 3

    # moved back, the same days come again
    await playground.move_clock(may - timedelta(hours=12))
    assert await playground.texts(CHANNEL) == posts
    await playground.move_clock(may)
    again = await playground.texts(CHANNEL)
    assert again == [*posts, posts[-1]]

    # nothing was refused, only its state is left in the folder, and it ends when it is told to
    assert (await playground.state())["refused"] == []
    begun = time.monotonic()
    playground.process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(playground.process.wait(), 15) == 0
    assert time.monotonic() - begun < 10
    log = (tmp_path / "log").read_text()
    assert "ERROR" not in log
    assert "Traceback" not in log
    assert sorted(path.name for path in tmp_path.iterdir()) == ["log", "var"]
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["playground"]
