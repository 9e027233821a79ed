"""No secret leaves but by the calls of the Bot API: not in log, traceback, health, metrics or /stats."""

from __future__ import annotations

import asyncio
import json
import signal
from pathlib import Path

from aiohttp import ClientSession, web

from bot.playground import PERSON, PlaygroundServer, demo_world
from tests.e2e.test_running_bot import running, running_without_line, until

SECRETS = {"BOT_TOKEN": "1:hush-token", "WEBHOOK_SECRET": "hush-webhook"}


async def everything_shown(health: str) -> str:
    """What the process tells over HTTP."""
    shown = ""
    async with ClientSession() as client:
        for path in ("livez", "readyz", "metrics", "telegram", "nowhere"):
            async with client.get(health.replace("readyz", path)) as response:
                shown += await response.text() + str(response.headers)
    return shown


async def test_no_secret_is_shown_while_it_runs_or_when_telegram_goes_away(tmp_path: Path):
    world = demo_world()
    server = PlaygroundServer(world)
    url = await server.start("127.0.0.1", 0)
    settings = {"BOT_API_URL": url, "LOG_FORMAT": "json", "ADMIN_IDS": str(PERSON)} | SECRETS
    async with running(tmp_path, **settings) as (process, line):
        world.says(PERSON, PERSON, "/stats")
        await until(lambda: any(call.method == "sendMessage" for call in world.calls))
        health = json.loads(line)["message"].rsplit(maxsplit=1)[-1]
        shown = await everything_shown(health)
        assert "silkline_lease_held 1.0" in shown
        assert "silkline_ready 1.0" in shown
        assert 'silkline_calls_total{method="sendMessage",outcome="ok"} 1.0' in shown
        await server.close()
        await until(lambda: "no updates come in" in (tmp_path / "log").read_text())
        shown += await everything_shown(health)
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 20) == 0
    told = [str(call.parameters) for call in world.calls if call.method == "sendMessage"]
    log = (tmp_path / "log").read_text()
    assert "hush" not in shown + "".join(told) + line + log
    for entry in map(json.loads, log.splitlines()):
        assert {"time", "level", "logger", "message"} <= entry.keys()


async def test_an_address_in_an_error_of_the_http_library_does_not_tell_the_token(tmp_path: Path):
    async def broken(request: web.Request) -> web.StreamResponse:
        # neither a status nor a header that anybody could read: the library quotes what it asked
        assert request.transport is not None
        request.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: x" + request.path.encode() + b"\r\n\r\n")
        request.transport.close()
        return web.Response()

    site = web.Application()
    site.router.add_route("*", "/{anything:.*}", broken)
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        async with running_without_line(tmp_path, BOT_API_URL=address, **SECRETS) as process:
            await until(lambda: "Telegram cannot be reached" in (tmp_path / "log").read_text())
            process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(process.wait(), 20)
    finally:
        await runner.cleanup()
    assert "hush" not in (tmp_path / "log").read_text()
