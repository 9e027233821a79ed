"""What a person does in the chat page: writes, presses, chooses a language, changes chats."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.playground import user_actions as acts
from bot.playground.bot_api.world import World
from bot.playground.demo import PERSON, speak
from digests.text import Language


class ActionRoutes:
    """The routes of a person's actions."""

    def __init__(self, world: World, speak: Callable[[Language], Awaitable[None]] | None) -> None:
        self._world = world
        self._speak = speak or self._speak_here

    def add_to(self, app: web.Application) -> None:
        """Register the routes."""
        app.router.add_post("/playground/say", self._say)
        app.router.add_post("/playground/press", self._press)
        app.router.add_post("/playground/language", self._language)
        app.router.add_post("/playground/membership", self._membership)
        app.router.add_post("/playground/act/{act}", self._act)

    async def _speak_here(self, language: Language) -> None:
        speak(self._world, language)

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
        try:
            query = self._world.presses(
                _person(asked), int(asked["chat_id"]), int(asked["message_id"]), str(asked["data"])
            )
        except KeyError as error:
            raise web.HTTPBadRequest(text="this message is no longer kept") from error
        return web.json_response({"query": query})

    async def _language(self, request: web.Request) -> web.Response:
        """Everybody in the page speaks one language, and so does the bot where it was not told otherwise."""
        asked = await request.json()
        language = Language.from_code(str(asked["language"]))
        if language is None:
            raise web.HTTPBadRequest(text="language must be zh or en")
        if language is not self._world.language:
            await self._speak(language)
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


def _person(asked: dict[str, Any]) -> int:
    """Who acts in the page; at first the owner of everything."""
    return int(asked.get("person") or PERSON)
