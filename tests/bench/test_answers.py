"""Answers in a flood, beside a bare aiogram bot in the same run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UPDATES = int(os.environ.get("BENCH_UPDATES", "20000"))

pytestmark = pytest.mark.bench


@contextmanager
def running(*command: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | environment,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def peak_megabytes(process: subprocess.Popen[str]) -> float:
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def measure(tmp_path: Path, command: tuple[str, ...]) -> tuple[float, float]:
    """Answers a second, and the peak memory in MB, of a bot that answers the backlog."""
    with running("-m", "tests.bench.bot_api", str(UPDATES)) as server:
        assert server.stdout is not None
        url = f"http://127.0.0.1:{server.stdout.readline().strip()}"
        database = f"sqlite+aiosqlite:///{tmp_path / 'bench.db'}"
        environment = {
            "BOT_TOKEN": "1:bench",
            "BOT_API_URL": url,
            "DATABASE_URL": database,
            "BROADCAST_RATE": "0",
            "HTTP_PORT": "0",
        }
        with running(*(part.replace("URL", url) for part in command), **environment) as bot:
            told = json.loads(server.stdout.readline())
            return UPDATES / told["seconds"], peak_megabytes(bot)


def test_a_flood_is_answered_faster_than_by_a_bare_bot(tmp_path: Path) -> None:
    ours, our_memory = measure(tmp_path, ("-m", "bot", "run"))
    bare, bare_memory = measure(tmp_path, ("-m", "tests.bench.bare_aiogram", "URL"))
    print(
        f"\nanswers to a flood of {UPDATES}: {ours:.0f}/s, bare aiogram {bare:.0f}/s: {ours / bare:.2f} times"
    )
    ratio = our_memory / bare_memory
    print(f"peak memory: {our_memory:.0f} MB, bare aiogram {bare_memory:.0f} MB: {ratio:.2f} times")
