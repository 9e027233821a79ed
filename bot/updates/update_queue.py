"""Handles raw updates: each once, in order within a chat, chats in parallel, none fatal."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import Bot
from aiogram.types import Update
from cachetools import TTLCache
from pydantic import ValidationError

from bot.updates.flood_guard import FloodGuard
from bot.updates.lenient import is_empty, read_update
from digests.store.connections.database import is_database_trouble, reason_of

log = logging.getLogger(__name__)

#: An update as Telegram sends it.
RawUpdate = dict[str, Any]

#: Whoever handles an update.
Handler = Callable[[Update], Awaitable[None]]

#: A handler that takes longer is given up (seconds).
HANDLER_LIMIT = 30.0

#: How long a handled update is remembered (seconds), and how many are at most.
_MEMORY = 3600.0
_REMEMBERED = 20_000


class UpdateQueue:
    """Feeds a handler; an update that fails is logged and counts as handled.

    *turn_away* is given the first question of a chat that asks faster than it may be answered, and
    every pressed button beyond that; other questions are left. Without it, all are taken.
    """

    def __init__(
        self,
        handler: Handler,
        bot: Bot,
        turn_away: Handler | None = None,
        *,
        handler_limit: float = HANDLER_LIMIT,
    ) -> None:
        self._handler = handler
        self._turn_away = turn_away
        self._guard = FloodGuard()
        self._bot = bot
        self._handler_limit = handler_limit
        self._running: dict[int, asyncio.Task[bool]] = {}
        self._last_of: dict[object, asyncio.Task[bool]] = {}
        self._handled: TTLCache[int, None] = TTLCache(_REMEMBERED, _MEMORY)

    def submit(self, update: RawUpdate) -> asyncio.Task[bool] | None:
        """Begin to handle an update behind those of its chat; None when it was handled before.

        The task never fails. It is False when the database was away, so that the update may come
        again; one that is cancelled did not handle its update.
        """
        number = update["update_id"]
        if number in self._running:
            return self._running[number]
        if number in self._handled:
            return None
        chat, handler = chat_of(update), self._handler
        before = self._last_of.get(chat)
        if self._turn_away is not None and self._guard.is_full(chat, update):
            is_first = self._guard.turn_away(chat)
            if not is_first and "callback_query" not in update:
                self._handled[number] = None
                return None
            handler, before = self._turn_away, None  # a button is always acknowledged, and at once
        self._guard.join(chat, update)
        task = asyncio.create_task(self._handle(handler, update, before), name=f"update {number}")
        self._running[number] = task
        if handler is self._handler:
            self._last_of[chat] = task
        task.add_done_callback(lambda done: self._forget(update, chat, done))
        return task

    def _forget(self, update: RawUpdate, chat: object, task: asyncio.Task[bool]) -> None:
        number = update["update_id"]
        del self._running[number]
        self._guard.leave(chat, update)
        if self._last_of.get(chat) is task:
            del self._last_of[chat]
        if not task.cancelled() and task.result():
            self._handled[number] = None

    async def _handle(self, handler: Handler, update: RawUpdate, before: asyncio.Task[bool] | None) -> bool:
        if before is not None:
            await asyncio.wait([before])
        try:
            async with asyncio.timeout(self._handler_limit):
                known = read_update(update, self._bot)
                if not is_empty(known):
                    await handler(known)
        except TimeoutError:
            log.error("update %s was given up after %g s", update["update_id"], self._handler_limit)  # noqa: TRY400 - no place of ours to show
        except ValidationError as error:
            log.warning("update %s has no known shape: %s", update["update_id"], _shape(error))
        except Exception as error:
            if is_database_trouble(error):
                log.error("update %s was not handled: %s", update["update_id"], reason_of(error))  # noqa: TRY400 - one plain line
                return False
            log.exception("update %s was not handled", update["update_id"])
        return True

    async def drain(self, seconds: float) -> None:
        """Wait until what runs has ended; what takes longer than *seconds* is cut off, unhandled."""
        running = list(self._running.values())
        if not running:
            return
        _, late = await asyncio.wait(running, timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


def _shape(error: ValidationError) -> str:
    """Where an update differs from what is known, without its content."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"


def chat_of(update: RawUpdate) -> object:
    """What keeps updates in order: the chat, else the person, else nothing but the update itself."""
    for content in update.values():
        if isinstance(content, dict):
            inner = content.get("message") if isinstance(content.get("message"), dict) else content
            for holder in (inner, content):
                for name in ("chat", "from", "user"):
                    found = holder.get(name) if isinstance(holder, dict) else None
                    if isinstance(found, dict) and isinstance(found.get("id"), int):
                        return found["id"]
    return ("update", update.get("update_id"))
