"""What the chat page asks of the server: its files, the state, and events."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.playground.action_routes import ActionRoutes
from bot.playground.bot_api.world import Call, World
from bot.playground.clock_routes import ClockControl, ClockRoutes
from digests.text import Language

_FILES = Path(__file__).parent / "page"
_REFUSED_SHOWN = 50
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:",
    "X-Content-Type-Options": "nosniff",
}


class PageRoutes:
    """The page's side of the server."""

    def __init__(
        self,
        world: World,
        clock: ClockControl | None,
        is_listening: Callable[[], bool],
        speak: Callable[[Language], Awaitable[None]] | None,
    ) -> None:
        self._world = world
        self._clock = ClockRoutes(world, clock)
        self._actions = ActionRoutes(world, speak)
        self._is_listening = is_listening
        self._closing = asyncio.Event()

    def add_to(self, app: web.Application) -> None:
        """Register the routes."""
        app.router.add_get("/", self._index)
        app.router.add_get("/page/{name}", self._asset)
        app.router.add_get("/playground/state", self._state)
        app.router.add_get("/playground/events", self._events)
        app.router.add_get("/playground/photo/{file_id}", self._photo)
        self._actions.add_to(app)
        self._clock.add_to(app)

    def close(self) -> None:
        """End what is under way."""
        self._closing.set()
        self._clock.close()

    def refused(self, call: Call) -> dict[str, Any]:
        """A refused call, or one with a warning, as the page lists it."""
        reason = call.refusal.description if call.refusal else call.warning
        return {
            "method": call.method,
            "reason": reason,
            "code": call.refusal.code if call.refusal else 200,
            "chat_id": call.parameters.get("chat_id"),
        }

    async def _index(self, _request: web.Request) -> web.StreamResponse:
        return web.FileResponse(_FILES / "index.html", headers=_HEADERS)

    async def _asset(self, request: web.Request) -> web.StreamResponse:
        path = _FILES / request.match_info["name"]
        if path.parent != _FILES or not path.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(path, headers=_HEADERS)

    async def _photo(self, request: web.Request) -> web.StreamResponse:
        content = self._world.files.get(request.match_info["file_id"])
        if content is None:
            raise web.HTTPNotFound
        return web.Response(body=content, content_type="image/png")

    async def _state(self, _request: web.Request) -> web.Response:
        world = self._world
        refused = [self.refused(call) for call in world.calls if call.refusal or call.warning][
            -_REFUSED_SHOWN:
        ]
        return web.json_response(
            {
                "bot": world.bot,
                "people": list(world.people.values()),
                "chats": [
                    chat.shown() | {"messages": list(chat.messages.values())} for chat in world.chats.values()
                ],
                "commands": world.menus(),
                "refused": refused,
                "clock": await self._clock.state(),
                "listens": self._is_listening(),
                "language": world.language,
                "operators": sorted(world.operators),
            }
        )

    async def _events(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        queue = self._world.listen()
        try:
            while not self._closing.is_set():
                try:
                    event = await asyncio.wait_for(queue.get(), 1)
                except TimeoutError:
                    event = {
                        "type": "clock",
                        "clock": await self._clock.state(),
                        "listens": self._is_listening(),
                    }
                await response.write(f"data: {json.dumps(event)}\n\n".encode())
        except ConnectionError:
            pass
        finally:
            self._world.unlisten(queue)
        return response
