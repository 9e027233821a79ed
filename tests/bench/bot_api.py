"""A Bot API server that costs next to nothing: a backlog of updates in, messages out, counted.

``python -m tests.bench.bot_api UPDATES [PER_SECOND]`` prints its port, and at the end one line of
JSON: seconds from the first update given out to the last message taken in, and to an answer at p50 and p99.
"""

from __future__ import annotations

import asyncio
import sys
import time
from typing import Any
from urllib.parse import parse_qsl

import orjson
from aiohttp import web

_ME = {"id": 1, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}
_WEBHOOK = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}

_SIZES = [{"file_id": "f", "file_unique_id": "f", "width": 1, "height": 1}]

#: What a message holds; of a picture that was uploaded the bot reads the file_id.
_SENDING: dict[str, Any] = {
    "sendmessage": {"text": "x"},
    "sendphoto": {"photo": _SIZES},
    "sendrichmessage": {"rich_message": {"blocks": [{"type": "photo", "photo": _SIZES}]}},
}

#: What other methods give; the rest give true.
_OTHERS: dict[str, Any] = {"getme": _ME, "getmycommands": [], "getwebhookinfo": _WEBHOOK}


class Backlog:
    """So many updates, each ``/timeline`` from a chat of its own."""

    def __init__(self, updates: int, per_second: float = 0) -> None:
        self.count = updates
        self.per_second = per_second
        self.given: dict[int, float] = {}
        self.waits: list[float] = []
        self.started = 0.0
        self.ended = asyncio.Event()

    def give(self, offset: int, limit: int) -> bytes:
        """The updates from an offset on, as JSON."""
        now = time.perf_counter()
        self.started = self.started or now
        numbers = range(max(offset, 1), min(max(offset, 1) + limit, self.come(now) + 1))
        for number in numbers:
            self.given.setdefault(number, self.started + number / self.per_second if self.per_second else now)
        return orjson.dumps({"ok": True, "result": [self._update(number) for number in numbers]})

    def come(self, now: float) -> int:
        """How many updates there are by now: all at once, or at their pace."""
        return min(self.count, int((now - self.started) * self.per_second)) if self.per_second else self.count

    async def wait_for(self, offset: int) -> None:
        """Hold an empty answer back, as Telegram does."""
        for _ in range(200):
            if not self.started or self.come(time.perf_counter()) >= offset:
                return
            await asyncio.sleep(0.001)

    def _update(self, number: int) -> dict[str, Any]:
        user = {"id": number, "is_bot": False, "first_name": "P", "language_code": "zh"}
        chat = {"id": number, "type": "private", "first_name": "P"}
        entity = {"type": "bot_command", "offset": 0, "length": 9}
        message = {
            "message_id": number,
            "date": 1,
            "chat": chat,
            "from": user,
            "text": "/timeline",
            "entities": [entity],
        }
        return {"update_id": number, "message": message}

    def take(self, chat_id: int) -> None:
        """A message arrived."""
        if chat_id in self.given:
            self.waits.append(time.perf_counter() - self.given[chat_id])
        if self.count and len(self.waits) == self.count:
            self.ended.set()


def application(backlog: Backlog) -> web.Application:
    """The server as an aiohttp application."""

    async def serve(request: web.Request) -> web.Response:
        name = request.match_info["method"].lower()
        raw = await request.read()
        if name in _SENDING:  # in a form when it uploads a picture
            is_upload = request.content_type == "multipart/form-data"
            chat_id = 1 if is_upload else int(_parameters(raw, request)["chat_id"])
            if name == "sendmessage":
                backlog.take(chat_id)
            content = _SENDING[name] if is_upload else {}
            chat = {"id": chat_id, "type": "private"}
            result: Any = {"message_id": 1, "date": 1, "chat": chat, **content}
        elif name == "getupdates":
            asked = _parameters(raw, request)
            await backlog.wait_for(max(int(asked.get("offset") or 0), 1))
            body = backlog.give(int(asked.get("offset") or 0), int(asked.get("limit") or 100))
            return web.Response(body=body, content_type="application/json")
        else:
            result = _OTHERS.get(name, True)
        return web.Response(
            body=orjson.dumps({"ok": True, "result": result}), content_type="application/json"
        )

    app = web.Application(client_max_size=10**8)
    app.router.add_route("*", "/bot{token}/{method}", serve)
    return app


def _parameters(raw: bytes, request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        return dict(orjson.loads(raw or b"{}"))
    return dict(parse_qsl(raw.decode()))


async def serve_backlog(updates: int, per_second: float) -> None:
    """Serve until every update was answered."""
    backlog = Backlog(updates, per_second)
    runner = web.AppRunner(application(backlog), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await backlog.ended.wait()
    waits = sorted(backlog.waits)
    seconds = time.perf_counter() - backlog.started
    told = {"seconds": seconds, "p50": waits[len(waits) // 2], "p99": waits[len(waits) * 99 // 100]}
    print(orjson.dumps(told).decode(), flush=True)
    await asyncio.sleep(0.5)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(serve_backlog(int(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 0))
