"""A Bot API over real HTTP whose answers a test writes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiogram.client.default import DefaultBotProperties
from aiohttp import web

from bot.telegram.client import LaneBot, TelegramSession
from bot.telegram.middlewares import Count, CountCalls, RateLimit, RetryAnswers
from bot.telegram.rate_limiter import Lane, RateLimiter

TOKEN = "42:TEST"

Answer = dict[str, Any] | web.Response
Script = Callable[[str, dict[str, Any]], Answer | Awaitable[Answer]]


def result(value: Any) -> Answer:
    return {"ok": True, "result": value}


def refusal(code: int, description: str, **parameters: int) -> Answer:
    answer = {"ok": False, "error_code": code, "description": description}
    return {**answer, "parameters": parameters} if parameters else answer


def message(chat_id: int, message_id: int = 1) -> Answer:
    return result(
        {"message_id": message_id, "date": 1, "chat": {"id": chat_id, "type": "private"}, "text": "x"}
    )


@dataclass
class ScriptedApi:
    script: Script
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    url: str = ""

    def named(self, method: str) -> list[dict[str, Any]]:
        return [fields for name, fields in self.calls if name == method]

    async def answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        fields = await self._fields(request)
        self.calls.append((method, fields))
        scripted_answer = self.script(method, fields)
        answer = await scripted_answer if isinstance(scripted_answer, Awaitable) else scripted_answer
        if isinstance(answer, web.Response):
            return answer
        return web.json_response(answer, status=answer.get("error_code", 200))

    async def _fields(self, request: web.Request) -> dict[str, Any]:
        if request.content_type == "application/json":
            fields: dict[str, Any] = await request.json()
            return fields
        form = dict(await request.post())
        for name, value in list(form.items()):
            if isinstance(value, web.FileField):
                self.files[name] = value.file.read()
                del form[name]
        return form


@asynccontextmanager
async def scripted(script: Script) -> AsyncIterator[ScriptedApi]:
    api = ScriptedApi(script)
    app = web.Application()
    app.router.add_post("/bot{token}/{method}", api.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    api.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield api
    finally:
        await runner.cleanup()


@asynccontextmanager
async def speaking(
    url: str,
    limiter: RateLimiter | None = None,
    lane: Lane = Lane.ANSWER,
    count: Count = lambda _method, _outcome, _seconds: None,
    proxy: str | None = None,
    **defaults: Any,
) -> AsyncIterator[LaneBot]:
    """A bot that speaks to *url* through our session, as the composition root sets it up."""
    session = TelegramSession(url, proxy)
    for middleware in (CountCalls(count), RetryAnswers(), RateLimit(limiter or RateLimiter(0))):
        session.middleware(middleware)
    try:
        bot = LaneBot(TOKEN, session=session, default=DefaultBotProperties(**defaults))
        bot.lane = lane
        yield bot
    finally:
        await session.close()
