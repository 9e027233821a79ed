"""Answers in a flood, beside a bare aiogram bot in the same run."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from select import select

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


def resident_megabytes(process: subprocess.Popen[str]) -> float:
    pages = int(Path(f"/proc/{process.pid}/statm").read_text(encoding="utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def cpu_seconds(process: subprocess.Popen[str]) -> float:
    fields = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of a backlog: answers a second, seconds to an answer, peak memory in MB.

    ``cpu`` and ``resident`` are read once a second: seconds of CPU so far, and MB.
    """

    rate: float
    p50: float
    p99: float
    memory: float
    cpu: list[float]
    resident: list[float]


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
            cpu: list[float] = []
            resident: list[float] = []
            while not select([server.stdout], [], [], 1.0)[0]:
                cpu.append(cpu_seconds(bot))
                resident.append(resident_megabytes(bot))
            told = json.loads(server.stdout.readline())
            answered = updates / told["seconds"]
            return Measured(answered, told["p50"], told["p99"], peak_megabytes(bot), cpu, resident)


OURS = ("-m", "bot", "run")
BARE = ("-m", "tests.bench.bare_aiogram", "URL")


def test_a_flood_is_answered_faster_than_by_a_bare_bot(tmp_path: Path) -> None:
    ours, bare = measure(tmp_path, OURS), measure(tmp_path, BARE)
    times = ours.rate / bare.rate
    print(f"\na flood of {UPDATES}: {ours.rate:.0f}/s, bare aiogram {bare.rate:.0f}/s: {times:.2f} times")
    share = ours.memory / bare.memory
    print(f"peak memory: {ours.memory:.0f} MB, bare aiogram {bare.memory:.0f} MB: {share:.2f} times")


def test_at_a_steady_pace_answers_come_as_soon_as_from_a_bare_bot(tmp_path: Path) -> None:
    rounds = []
    for number in range(3):  # in turn, since the machine is never equally busy
        (folder := tmp_path / str(number)).mkdir()
        rounds.append([measure(folder, command, 4000, 200) for command in (OURS, BARE)])
    for name in ("p50", "p99"):
        mine, theirs = (min(getattr(each, name) for each in side) for side in zip(*rounds, strict=True))
        each = ", ".join(f"{getattr(ours, name) / getattr(bare, name):.2f}" for ours, bare in rounds)
        print(
            f"\n{name} at 200/s: {mine * 1e3:.1f} ms, bare aiogram {theirs * 1e3:.1f}: {mine / theirs:.2f} "
            f"(round by round {each})"
        )


def test_a_broadcast_holds_up_no_answer(tmp_path: Path) -> None:
    idle = measure(tmp_path, OURS, 2000, 100, "25")
    queue_posts(tmp_path, 2000)
    busy = measure(tmp_path, OURS, 2000, 100, "25")
    mine, before = busy.p99 * 1000, idle.p99 * 1000
    print(f"\np99 in a broadcast: {mine:.1f} ms, before it {before:.1f} ms: {mine / before:.2f}")


def test_the_paid_rate_leaves_answers_their_time(tmp_path: Path) -> None:
    queue_posts(tmp_path, 25_000)
    busy = measure(tmp_path, OURS, 2000, 100, "1000")
    with closing(sqlite3.connect(tmp_path / "bench.db")) as database:
        first, last, count = database.execute(
            "SELECT min(settled_at), max(settled_at), count(*) FROM deliveries WHERE state = 'sent'"
        ).fetchone()
    seconds = (datetime.fromisoformat(last) - datetime.fromisoformat(first)).total_seconds()
    used = (busy.cpu[-2] - busy.cpu[-12]) / 10
    print(
        f"\n1000/s configured: {count / seconds:.0f}/s for {seconds:.0f} s beside 100 answers a second "
        f"(p50 {busy.p50 * 1e3:.1f} ms, p99 {busy.p99 * 1e3:.1f} ms); {used:.0%} of a core"
    )


def test_memory_stays_flat_however_long_the_traffic_lasts(tmp_path: Path) -> None:
    hour = int(os.environ.get("BENCH_HOUR", "120000"))  # an hour at 33 a second, each from its own chat
    seen = measure(tmp_path, OURS, hour).resident
    quarter = len(seen) // 4
    shown = " ".join(f"{megabytes:.0f}" for megabytes in seen[:: max(1, len(seen) // 12)])
    growth = seen[-1] - seen[quarter]
    print(f"\nMB during {hour} updates: {shown}; {growth:+.1f} MB since a quarter of them")


def queue_posts(tmp_path: Path, count: int) -> None:
    """Subscribe chats and queue a digest for them, as an operator would."""
    environment = os.environ | {"DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path / 'bench.db'}"}
    lines = (json.dumps({"chat_id": 10**6 + n, "cadence": "daily", "picture": False}) for n in range(count))
    (tmp_path / "subscriptions.jsonl").write_text("\n".join(lines), encoding="utf-8")
    importing = ("subscriptions", "import", str(tmp_path / "subscriptions.jsonl"))
    publishing = ("publish", "--date", "2026-05-10", "--cadence", "daily")
    for command in (("db", "upgrade"), importing, publishing):
        subprocess.run([sys.executable, "-m", "bot", *command], cwd=ROOT, env=environment, check=True)
