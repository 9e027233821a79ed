"""The shipped Caddyfile with Caddy in front of two replicas, and a sender that posts as Telegram does."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import socket
import subprocess
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import ClientError, ClientSession

CADDYFILE = Path(__file__).parents[2] / "deploy" / "Caddyfile"


def missing() -> str | None:
    """Why no proxy can be run here."""
    if not shutil.which("caddy"):
        return "the proxy is not run: caddy is not installed (Debian's package)"
    names = subprocess.run(["unshare", "--mount", "true"], check=False, capture_output=True)
    return "the proxy is not run: this needs root, and the right to mount" if names.returncode else None


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


async def listening(host: str, port: int) -> None:
    async with asyncio.timeout(20):
        while True:
            try:
                _reader, writer = await asyncio.open_connection(host, port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return


@asynccontextmanager
async def proxy(folder: Path, replicas_at: int) -> AsyncIterator[str]:
    """Caddy with the shipped file, for which `silkline` is 127.0.0.1 and 127.0.0.2; its address."""
    version = subprocess.run(["caddy", "version"], check=True, capture_output=True, text=True).stdout
    text = CADDYFILE.read_text().replace("8080", str(replicas_at))
    if [int(part) for part in re.findall(r"\d+", version)[:3]] < [2, 6, 4]:
        text = text.replace("request_buffers 2MB", "buffer_requests")  # the same, by its first name
    (folder / "Caddyfile").write_text(f"{{\n\tadmin off\n}}\n{text}")
    (folder / "hosts").write_text("127.0.0.1 localhost silkline\n127.0.0.2 silkline\n")
    port = free_port()
    environment = os.environ | {"DOMAIN": f"http://127.0.0.1:{port}", "HOME": str(folder)}
    run = f"mount --bind {folder}/hosts /etc/hosts && exec caddy run --config {folder}/Caddyfile"
    with (folder / "caddy.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            "unshare", "--mount", "sh", "-c", run, env=environment, stdout=log, stderr=log
        )
    try:
        await listening("127.0.0.1", port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        await process.wait()


class Telegram:
    """Posts as Telegram does: again after a pause until somebody takes it.

    ``statuses`` counts the answers (0 for none), ``seconds`` holds how long each update took.
    """

    def __init__(self, client: ClientSession, url: str, secret: str = "") -> None:
        self._client = client
        self._url = url
        self._headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
        self.statuses: Counter[int] = Counter()
        self.seconds: list[float] = []

    @property
    def refused(self) -> int:
        """How many posts were not taken."""
        return sum(self.statuses.values()) - self.statuses[200]

    @property
    def p95(self) -> float:
        """Within how many seconds nineteen of twenty updates were taken."""
        return sorted(self.seconds)[int(len(self.seconds) * 0.95)]

    def __str__(self) -> str:
        return f"{dict(self.statuses)}, p95 {self.p95:.2f} s, max {max(self.seconds):.2f} s"

    async def post_all(self, updates: Sequence[dict[str, object]], rate: float) -> None:
        """Post all of them, so many a second, whatever becomes of those before."""
        async with asyncio.TaskGroup() as posts:
            for update in updates:
                posts.create_task(self._post(update))
                await asyncio.sleep(1 / rate)

    async def _post(self, update: dict[str, object]) -> None:
        started = time.monotonic()
        while (status := await self._status(update)) != 200:
            self.statuses[status] += 1
            await asyncio.sleep(0.5)
        self.statuses[status] += 1
        self.seconds.append(time.monotonic() - started)

    async def _status(self, update: dict[str, object]) -> int:
        try:
            async with self._client.post(self._url, json=update, headers=self._headers) as response:
                return response.status
        except ClientError:
            return 0
