"""What the chat page asks of the server: its files, the state, events, and what the person does."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.playground import user_actions as acts
from bot.playground.bot_api.world import Call, World
from bot.playground.clock_routes import ClockControl
from bot.playground.demo import PERSON

_FILES = Path(__file__).parent / "page"
_REFUSED_SHOWN = 50
_FARTHEST = timedelta(days=366 * 30)
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:",
    "X-Content-Type-Options": "nosniff",
}


class PageRoutes:
    """The page's side of the server."""

    def __init__(self, world: World, clock: ClockControl | None) -> None:
        self._world = world
        self._clock = clock
        self._moving: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()

    def add_to(self, app: web.Application) -> None:
        """Register the routes."""
        app.router.add_get("/", self._index)
        app.router.add_get("/page/{name}", self._asset)
        app.router.add_get("/playground/state", self._state)
        app.router.add_get("/playground/events", self._events)
        app.router.add_get("/playground/photo/{file_id}", self._photo)
        app.router.add_post("/playground/say", self._say)
        app.router.add_post("/playground/press", self._press)
        app.router.add_post("/playground/language", self._language)
        app.router.add_post("/playground/membership", self._membership)
        app.router.add_post("/playground/act/{act}", self._act)
        app.router.add_post("/playground/clock", self._move_clock)

    def close(self) -> None:
        """End what is under way."""
        self._closing.set()
        if self._moving:
            self._moving.cancel()

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
                "commands": self._commands(),
                "refused": refused,
                "clock": await self._clock_state(),
            }
        )

    def _commands(self) -> list[dict[str, Any]]:
        return [
            {"scope": json.loads(scope), "language": language, "commands": commands}
            for (scope, language), commands in self._world.commands.items()
        ]

    async def _clock_state(self) -> dict[str, Any] | None:
        if self._clock is None:
            return None
        due = await self._clock.next_due()
        moving = self._moving is not None and not self._moving.done()
        return {
            "now": self._clock.now().isoformat(),
            "next_due": due.isoformat() if due else None,
            "moving": moving,
        }

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
                    event = {"type": "clock", "clock": await self._clock_state()}
                await response.write(f"data: {json.dumps(event)}\n\n".encode())
        except ConnectionError:
            pass
        finally:
            self._world.unlisten(queue)
        return response

    async def _say(self, request: web.Request) -> web.Response:
        asked = await request.json()
        text = str(asked["text"]).strip()
        if not text:
            raise web.HTTPBadRequest(text="the text is empty")
        thread, reply_to = int(asked.get("thread_id") or 0), int(asked.get("reply_to") or 0)
        self._world.says(_person(asked), int(asked["chat_id"]), text, thread, reply_to)
        return web.json_response({"ok": True})

    async def _press(self, request: web.Request) -> web.Response:
        asked = await request.json()
        query = self._world.presses(
            _person(asked), int(asked["chat_id"]), int(asked["message_id"]), str(asked["data"])
        )
        return web.json_response({"query": query})

    async def _language(self, request: web.Request) -> web.Response:
        asked = await request.json()
        self._world.people[_person(asked)]["language_code"] = "en" if asked["language"] == "en" else "zh-hans"
        return web.json_response({"ok": True})

    async def _membership(self, request: web.Request) -> web.Response:
        asked = await request.json()
        statuses = {"member", "administrator", "restricted", "left", "kicked"}
        if asked["status"] not in statuses:
            raise web.HTTPBadRequest(text=f"status must be one of {sorted(statuses)}")
        self._world.admit(_person(asked), int(asked["chat_id"]), asked["status"])
        return web.json_response({"ok": True})

    async def _act(self, request: web.Request) -> web.Response:
        """What people do to chats, by its name."""
        asked = await request.json()
        world, chat_id, person = self._world, int(asked["chat_id"]), _person(asked)
        try:
            match request.match_info["act"]:
                case "pick":
                    acts.pick(world, person, asked["request"], chat_id)
                case "member":
                    acts.set_member(world, chat_id, int(asked["member"]), str(asked["status"]))
                case "topic":
                    acts.set_topic(world, chat_id, int(asked["thread_id"]), str(asked["state"]), person)
                case "upgrade":
                    acts.upgrade(world, chat_id)
                case _:
                    raise web.HTTPNotFound
        except (acts.ImpossibleError, KeyError) as error:
            raise web.HTTPBadRequest(text=f"that cannot be done: {error}") from error
        return web.json_response({"ok": True})

    async def _move_clock(self, request: web.Request) -> web.Response:
        if self._clock is None:
            raise web.HTTPNotFound
        if self._moving and not self._moving.done():
            raise web.HTTPConflict(text="the clock is on its way already")
        asked = await request.json()
        try:
            to = datetime.fromisoformat(str(asked["to"]))
        except ValueError:
            raise web.HTTPBadRequest(text="write a time such as 2026-05-10T09:00:00+08:00") from None
        to = to if to.tzinfo else to.replace(tzinfo=UTC)
        if abs(to - self._clock.now()) > _FARTHEST:
            raise web.HTTPBadRequest(text="at most 30 years from now")
        self._moving = asyncio.create_task(self._move(to))
        return web.json_response({"ok": True})

    async def _move(self, to: datetime) -> None:
        assert self._clock is not None  # noqa: S101 - checked by the only caller
        try:
            await self._clock.move(to, self._progress)
        finally:
            self._world.tell(
                {"type": "clock", "clock": {**(await self._clock_state() or {}), "moving": False}}
            )

    def _progress(self, reached: datetime, sent: int) -> None:
        self._world.tell({"type": "moving", "now": reached.isoformat(), "sent": sent})


def _person(asked: dict[str, Any]) -> int:
    """Who acts in the page; at first the owner of everything."""
    return int(asked.get("person") or PERSON)
