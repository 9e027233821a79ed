"""Start and memory at rest, beside a bare aiogram process, and how much of both is the framework's import."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.integration.scripted_api import Answer, result, scripted

pytestmark = pytest.mark.bench

ROOT = Path(__file__).parents[2]
ROUNDS = 3
SETTLED = 3.0

_ME = {"id": 1, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}
_WEBHOOK = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}


@dataclass(frozen=True)
class Footprint:
    seconds: float  # from the start of the process to its first request for updates
    megabytes: float


def script(asked: asyncio.Event) -> Callable[[str, dict[str, Any]], Awaitable[Answer]]:
    async def answer(method: str, _fields: dict[str, Any]) -> Answer:
        if method.lower() == "getupdates":
            asked.set()
            await asyncio.sleep(1)
            return result([])
        if method.lower() == "getmycommands":
            return result([])
        return result({"getme": _ME, "getwebhookinfo": _WEBHOOK}.get(method.lower(), True))

    return answer


async def bot(folder: Path, *command: str) -> Footprint:
    """A bot until it asks for updates, and its memory a little later."""
    asked = asyncio.Event()
    async with scripted(script(asked)) as api:
        environment = os.environ | {
            "BOT_TOKEN": "1:bench",
            "BOT_API_URL": api.url,
            "DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'bench.db'}",
            "HTTP_PORT": "0",
        }
        arguments = [part.replace("URL", api.url) for part in command]
        started = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, cwd=ROOT, env=environment,
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        async with asyncio.timeout(60):
            await asked.wait()
        seconds = time.perf_counter() - started
        await asyncio.sleep(SETTLED)
        megabytes = resident(process.pid)
        process.terminate()
        await process.wait()
        return Footprint(seconds, megabytes)


def resident(pid: int) -> float:
    """The memory that a process holds, in MB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


async def best(measure: Callable[[], Awaitable[Footprint]]) -> Footprint:
    """The least disturbed of a few rounds."""
    rounds = [await measure() for _ in range(ROUNDS)]
    return Footprint(min(each.seconds for each in rounds), min(each.megabytes for each in rounds))


async def test_start_and_memory_beside_a_bare_bot(tmp_path: Path) -> None:
    await bot(tmp_path, "-m", "bot", "run")
    ours = await best(lambda: bot(tmp_path, "-m", "bot", "run"))
    bare = await best(lambda: bot(tmp_path, "-m", "tests.bench.bare_aiogram", "URL"))
    for name, footprint in (("ours", ours), ("bare aiogram", bare)):
        print(f"\n{name}: {footprint.seconds:.2f} s, {footprint.megabytes:.0f} MB", end="")
    print(
        f"\nbeside a bare bot: {ours.seconds / bare.seconds:.2f} times the start, "
        f"{ours.megabytes / bare.megabytes:.2f} times the memory at rest"
    )
