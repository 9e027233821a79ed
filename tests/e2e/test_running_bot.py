"""``silkline run`` in its own process, against the local Bot API server."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from aiohttp import ClientSession

from bot.playground import CHANNEL, PERSON, PlaygroundServer, World, demo_world
from tests.integration.replicas import Wire
from tests.integration.scripted_api import refusal, scripted

TOKEN = "1:hush-hush"


@pytest.fixture
async def telegram() -> AsyncIterator[tuple[World, str]]:
    world = demo_world()
    server = PlaygroundServer(world)
    url = await server.start("127.0.0.1", 0)
    yield world, url
    await server.close()


@asynccontextmanager
async def running(folder: Path, **settings: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """The process and the first line it says; killed at the end if it still runs."""
    environment = os.environ | {"HTTP_PORT": "0", **settings}
    with (folder / "log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run",
            cwd=folder, env=environment, stdout=asyncio.subprocess.PIPE, stderr=log,
        )  # fmt: skip
    assert process.stdout is not None
    try:
        line = await asyncio.wait_for(process.stdout.readline(), 60)
        yield process, line.decode()
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def until(holds: Callable[[], bool], seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - polled from outside
            await asyncio.sleep(0.05)


async def ready(line: str) -> tuple[int, str]:
    async with ClientSession() as client, client.get(line.rsplit(maxsplit=1)[-1]) as response:
        return response.status, await response.text()


def answers(world: World) -> int:
    return sum(1 for call in world.calls if call.method == "sendMessage")


async def test_by_polling_it_answers_is_ready_and_ends_cleanly(telegram, tmp_path: Path):
    world, url = telegram
    async with running(tmp_path, BOT_TOKEN=TOKEN, BOT_API_URL=url) as (process, line):
        assert line.startswith("Silkline answers as @silkline_bot; health: http://127.0.0.1:")
        world.says(PERSON, PERSON, "/zones 洛阳")
        await until(lambda: answers(world) == 1)
        assert await ready(line) == (
            200,
            '{"ready": true, "checks": '  # noqa: ISC004 - one text
            '{"intake": "ok", "database": "ok", "ticks": "ok", "leader": "ok", "outbox": "ok"}}',
        )
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 10) == 0
    assert world.updates == [] or world.updates[0]["update_id"] > 1000
    log = (tmp_path / "log").read_text()
    assert "hush" not in log
    assert "Traceback" not in log
    assert (tmp_path / "var" / "silkline.db").exists()


async def test_on_postgresql_it_answers_and_delivers(telegram, postgresql_url: str, tmp_path: Path):
    world, url = telegram
    settings = {"BOT_TOKEN": TOKEN, "BOT_API_URL": url, "DATABASE_URL": postgresql_url}
    async with running(tmp_path, **settings) as (_process, _line):
        world.says(PERSON, PERSON, "/zones 洛阳")
        await until(lambda: answers(world) == 1)
        (tmp_path / "channel.jsonl").write_text(f'{{"chat_id": {CHANNEL}, "cadence": "daily"}}\n')
        for command in ("subscriptions import channel.jsonl", "publish --date 2026-05-10 --cadence daily"):
            environment = os.environ | settings
            program = sys.executable, "-m", "bot", *command.split()
            process = await asyncio.create_subprocess_exec(*program, cwd=tmp_path, env=environment)
            assert await process.wait() == 0
        await until(lambda: any(str(call.parameters.get("chat_id")) == str(CHANNEL) for call in world.calls))


async def test_what_was_answered_is_not_answered_again_after_a_restart(telegram, tmp_path: Path):
    world, url = telegram
    for _ in range(2):
        async with running(tmp_path, BOT_TOKEN=TOKEN, BOT_API_URL=url) as (process, _line):
            if not answers(world):
                world.says(PERSON, PERSON, "/growth")
            await until(lambda: answers(world) >= 1)
            await asyncio.sleep(0.5)
            process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(process.wait(), 10)
    assert answers(world) == 1


async def test_by_webhook_it_answers_too(telegram, tmp_path: Path):
    world, url = telegram
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    hook = {"WEBHOOK_URL": f"http://127.0.0.1:{port}", "WEBHOOK_SECRET": "hush-hush", "HTTP_PORT": str(port)}
    async with running(tmp_path, BOT_TOKEN=TOKEN, BOT_API_URL=url, **hook) as (process, line):
        await until(lambda: bool(world.webhook["url"]))
        world.says(PERSON, PERSON, "/audit")
        await until(lambda: answers(world) == 1)
        assert (await ready(line))[0] == 200
        process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(process.wait(), 10) == 0
    assert "hush" not in (tmp_path / "log").read_text()


async def test_a_token_that_telegram_refuses_ends_the_start_with_one_line(tmp_path: Path):
    async with (
        scripted(lambda *_: refusal(401, "Unauthorized")) as api,
        running(tmp_path, BOT_TOKEN=TOKEN, BOT_API_URL=api.url) as (process, line),
    ):
        assert line == ""
        assert await asyncio.wait_for(process.wait(), 10) == 2
    log = (tmp_path / "log").read_text()
    assert log == "silkline: BOT_TOKEN: Telegram refuses it; it is wrong or was revoked\n"


@pytest.mark.parametrize(
    "wrong", [{}, {"BOT_TOKEN": TOKEN, "HTTP_PORT": "eighty"}, {"BOT_TOKEN_FILE": "/none"}]
)
async def test_a_log_of_json_is_one_from_its_first_line_on_though_a_setting_is_wrong(
    tmp_path: Path, wrong: dict[str, str]
):
    async with running(tmp_path, LOG_FORMAT="json", **wrong) as (process, line):
        assert line == ""
        assert await asyncio.wait_for(process.wait(), 10) == 2
    (said,) = map(json.loads, (tmp_path / "log").read_text().splitlines())
    assert (said["level"], said["message"].startswith("the start failed: ")) == ("error", True)


async def test_it_waits_for_a_network_that_is_away_and_still_stops_at_once(tmp_path: Path):
    async with running_without_line(tmp_path, BOT_TOKEN=TOKEN, BOT_API_URL="http://127.0.0.1:9") as process:
        await until(lambda: "Telegram cannot be reached" in (tmp_path / "log").read_text())
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 10) == 0
    assert "Traceback" not in (tmp_path / "log").read_text()


@asynccontextmanager
async def running_without_line(folder: Path, **settings: str) -> AsyncIterator[asyncio.subprocess.Process]:
    with (folder / "log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run",
            cwd=folder, env=os.environ | {"HTTP_PORT": "0", **settings}, stderr=log,
        )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_a_stop_ends_in_time_though_the_database_hangs(telegram, postgresql, postgresql_url, tmp_path):
    _world, url = telegram
    with TemporaryDirectory(prefix="wire-") as folder:
        wire = Wire(postgresql.folder, Path(folder) / "a")
        await wire.start()
        there = postgresql_url.replace(str(postgresql.folder), str(Path(folder) / "a"))
        settings = {"BOT_TOKEN": TOKEN, "BOT_API_URL": url, "DATABASE_URL": there}
        async with running(tmp_path, **settings) as (process, line):
            async with asyncio.timeout(30):
                while (await ready(line))[0] != 200:  # noqa: ASYNC110 - polled from outside
                    await asyncio.sleep(0.1)
            wire.cut()
            status, text = await ready(line)
            assert (status, "the database took no write within" in text) == (503, True)
            process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(process.wait(), 10)
        await wire.close()
