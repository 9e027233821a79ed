"""A running instance: started again when it ends, as a supervisor does; killed, frozen and looked into."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ClientError, ClientSession, ClientTimeout

from tests.chaos.clock import SharedClock

_ROOT = Path(__file__).resolve().parents[2]

#: How long a supervisor waits before it starts again what ended (seconds).
_PAUSE = 1.0
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a process has: open descriptors, and memory in MB."""

    pid: int
    descriptors: int
    megabytes: float


class Process:
    """``silkline run`` under a supervisor, with a clock of its own."""

    def __init__(self, number: int, folder: Path, environment: Mapping[str, str], port: int) -> None:
        self.port = port
        self.log = folder / f"log-{number}"
        self.clock = SharedClock(folder / f"clock-{number}")
        self.starts = 0
        self.exit_codes: list[int] = []
        self._command = [sys.executable, "-m", "tests.chaos.instance", str(folder / f"clock-{number}")]
        self._environment = os.environ | environment | {"HTTP_PORT": str(port), "PYTHONPATH": str(_ROOT)}
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._supervisor: asyncio.Task[None] | None = None
        self._down_for = 0.0

    def start(self) -> None:
        """Run it, and again whenever it ends."""
        self._supervisor = asyncio.create_task(self._supervise())

    async def _supervise(self) -> None:
        while True:
            self.starts += 1
            with self.log.open("ab") as log:
                self._process = subprocess.Popen(
                    self._command, cwd=self._folder, env=self._environment, stdout=log, stderr=log
                )
            while self._process.poll() is None:  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0.05)
            self.exit_codes.append(self._process.returncode)
            await asyncio.sleep(self._down_for or _PAUSE)
            self._down_for = 0.0

    def signal(self, number: int, down_for: float = 0.0) -> None:
        """Send a signal; when it ends by that, it stays away for so long (seconds)."""
        self._down_for = down_for
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)

    def is_running(self) -> bool:
        """Whether there is a process."""
        return self._process is not None and self._process.poll() is None

    async def end(self) -> int:
        """Stop it for good, as an operator does; its exit code, or -9 when it had to be killed."""
        if self._supervisor is not None:
            self._supervisor.cancel()
        if self._process is None:
            return 0
        self._process.send_signal(signal.SIGCONT)
        self._process.send_signal(signal.SIGTERM)
        with suppress(TimeoutError):
            async with asyncio.timeout(20):
                while self._process.poll() is None:  # noqa: ASYNC110 - it tells nobody
                    await asyncio.sleep(0.05)
        self._process.kill()
        return self._process.wait()

    async def is_ready(self, client: ClientSession) -> bool:
        """Whether it says that it is."""
        try:
            async with client.get(
                f"http://127.0.0.1:{self.port}/readyz", timeout=ClientTimeout(total=3)
            ) as answer:
                return answer.status == 200
        except (ClientError, TimeoutError, OSError):
            return False

    def read(self) -> Reading | None:
        """What it has now; None when it does not run."""
        if self._process is None or self._process.poll() is not None:
            return None
        pid = self._process.pid
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        return Reading(pid, len(list(Path(f"/proc/{pid}/fd").iterdir())), pages * _PAGE / 2**20)
