"""The shipped Caddyfile with Caddy in front of two replicas, one of which goes away."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path

import pytest
from aiohttp import ClientError, ClientSession

CADDYFILE = Path(__file__).parents[2] / "deploy" / "Caddyfile"

#: Posts of the test, and how many begin each second.
POSTS, RATE = 200, 25

_REPLICA = """
import asyncio, sys
from aiohttp import web

async def handle(request):
    await request.read()
    await asyncio.sleep(0.02)
    return web.Response()

app = web.Application()
app.router.add_post("/telegram", handle)
app.router.add_get("/metrics", handle)
web.run_app(app, host=sys.argv[1], port=int(sys.argv[2]), print=None, access_log=None)
"""


def missing() -> str | None:
    """Why no proxy can be run here."""
    if not shutil.which("caddy"):
        return "the proxy is not run: caddy is not installed (Debian's package)"
    names = subprocess.run(["unshare", "--mount", "true"], check=False, capture_output=True)
    return "the proxy is not run: this needs root, and the right to mount" if names.returncode else None


pytestmark = [pytest.mark.skipif(bool(missing()), reason=missing() or ""), pytest.mark.timeout(120)]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@asynccontextmanager
async def replica(host: str, port: int) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", _REPLICA, host, str(port))
    try:
        await listening(host, port)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


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
    """Posts as Telegram does: again after a pause until somebody takes it."""

    def __init__(self, client: ClientSession, url: str) -> None:
        self._client = client
        self._url = f"{url}/telegram"
        self.refused = 0
        self.seconds: list[float] = []

    async def post_all(self) -> None:
        async with asyncio.TaskGroup() as posts:
            for number in range(POSTS):
                posts.create_task(self._post(number))
                await asyncio.sleep(1 / RATE)

    async def _post(self, number: int) -> None:
        started = time.monotonic()
        while not await self._is_taken({"update_id": number, "text": "x" * 2000}):
            self.refused += 1
            await asyncio.sleep(0.5)
        self.seconds.append(time.monotonic() - started)

    async def _is_taken(self, update: dict[str, object]) -> bool:
        try:
            async with self._client.post(self._url, json=update) as response:
                return response.status == 200
        except ClientError:
            return False


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM], ids=["killed", "stopped"])
async def test_when_one_of_two_replicas_goes_away_every_post_is_taken_within_a_second(
    tmp_path: Path, how: signal.Signals
) -> None:
    at = free_port()
    async with (
        replica("127.0.0.1", at) as first,
        replica("127.0.0.2", at),
        proxy(tmp_path, at) as url,
        ClientSession() as client,
    ):
        telegram = Telegram(client, url)
        posting = asyncio.create_task(telegram.post_all())
        await asyncio.sleep(2)
        first.send_signal(how)
        await asyncio.wait_for(posting, 60)
    took = sorted(telegram.seconds)
    print(
        f"\n{how.name}: {telegram.refused} refused, p95 {took[int(POSTS * 0.95)]:.2f} s, max {took[-1]:.2f} s"
    )
    assert len(took) == POSTS
    assert took[int(POSTS * 0.95)] < 1
    assert telegram.refused < POSTS * 0.05


async def test_only_telegrams_posts_come_in(tmp_path: Path) -> None:
    at = free_port()
    async with (
        replica("127.0.0.1", at),
        replica("127.0.0.2", at),
        proxy(tmp_path, at) as url,
        ClientSession() as client,
    ):
        statuses = []
        for path in ("/metrics", "/readyz", "/livez", "/"):
            async with client.get(url + path) as response:
                statuses.append(response.status)
        async with client.post(f"{url}/telegram", data=BytesIO(b"x" * 3_000_000)) as response:
            statuses.append(response.status)
    assert statuses[:4] == [404] * 4
    assert statuses[4] >= 400
