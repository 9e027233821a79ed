"""The shipped Caddyfile with Caddy in front of two replicas, one of which goes away."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.deploy.caddy import Telegram, free_port, listening, missing, proxy

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

pytestmark = [pytest.mark.skipif(bool(missing()), reason=missing() or ""), pytest.mark.timeout(120)]


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
        telegram = Telegram(client, f"{url}/telegram")
        updates = [{"update_id": number, "text": "x" * 2000} for number in range(POSTS)]
        posting = asyncio.create_task(telegram.post_all(updates, RATE))
        await asyncio.sleep(2)
        first.send_signal(how)
        await asyncio.wait_for(posting, 60)
    print(f"\n{how.name}: {telegram}")
    assert len(telegram.seconds) == POSTS
    assert telegram.p95 < 1
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
