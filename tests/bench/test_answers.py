"""Answers in a flood, beside a bare aiogram bot in the same run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of a backlog: answers a second, seconds to an answer, peak memory in MB."""

    rate: float
    p50: float
    p99: float
    memory: float


def measure(
    tmp_path: Path, command: tuple[str, ...], updates: int = UPDATES, per_second: float = 0, rate: str = "0"
) -> Measured:
    """Have a bot answer a backlog, all at once or at a pace; *rate* is its BROADCAST_RATE."""
    with running("-m", "tests.bench.bot_api", str(updates), str(per_second)) as server:
        assert server.stdout is not None
        url = f"http://127.0.0.1:{server.stdout.readline().strip()}"
        database = f"sqlite+aiosqlite:///{tmp_path / 'bench.db'}"
        environment = {
            "BOT_TOKEN": "1:bench",
            "BOT_API_URL": url,
            "DATABASE_URL": database,
            "BROADCAST_RATE": rate,
            "HTTP_PORT": "0",
        }
        with running(*(part.replace("URL", url) for part in command), **environment) as bot:
            told = json.loads(server.stdout.readline())
            memory = peak_megabytes(bot)
            return Measured(updates / told["seconds"], told["p50"], told["p99"], memory)


OURS = ("-m", "bot", "run")
BARE = ("-m", "tests.bench.bare_aiogram", "URL")


def test_a_flood_is_answered_faster_than_by_a_bare_bot(tmp_path: Path) -> None:
    ours, bare = measure(tmp_path, OURS), measure(tmp_path, BARE)
    times = ours.rate / bare.rate
    print(f"\na flood of {UPDATES}: {ours.rate:.0f}/s, bare aiogram {bare.rate:.0f}/s: {times:.2f} times")
    share = ours.memory / bare.memory
    print(f"peak memory: {ours.memory:.0f} MB, bare aiogram {bare.memory:.0f} MB: {share:.2f} times")


def test_at_a_steady_pace_answers_come_as_soon_as_from_a_bare_bot(tmp_path: Path) -> None:
    ours, bare = (measure(tmp_path, command, 4000, 200) for command in (OURS, BARE))
    for name, mine, theirs in (("p50", ours.p50, bare.p50), ("p99", ours.p99, bare.p99)):
        print(f"\n{name} at 200/s: {mine * 1e3:.1f} ms, bare aiogram {theirs * 1e3:.1f}: {mine / theirs:.2f}")


def test_a_broadcast_holds_up_no_answer(tmp_path: Path) -> None:
    idle = measure(tmp_path, OURS, 2000, 100, "25")
    queue_posts(tmp_path, 2000)
    busy = measure(tmp_path, OURS, 2000, 100, "25")
    mine, before = busy.p99 * 1000, idle.p99 * 1000
    print(f"\np99 in a broadcast: {mine:.1f} ms, before it {before:.1f} ms: {mine / before:.2f}")


def queue_posts(tmp_path: Path, count: int) -> None:
    """Subscribe chats and queue a digest for them, as an operator would."""
    environment = os.environ | {"DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path / 'bench.db'}"}
    lines = (json.dumps({"chat_id": 10**6 + n, "cadence": "daily", "picture": False}) for n in range(count))
    (tmp_path / "subscriptions.jsonl").write_text("\n".join(lines), encoding="utf-8")
    importing = ("subscriptions", "import", str(tmp_path / "subscriptions.jsonl"))
    publishing = ("publish", "--date", "2026-05-10", "--cadence", "daily")
    for command in (importing, publishing):
        subprocess.run([sys.executable, "-m", "bot", *command], cwd=ROOT, env=environment, check=True)
