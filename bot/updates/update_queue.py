"""Handles raw updates: each once, in order within a chat, chats in parallel, none fatal."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any
from weakref import WeakValueDictionary

from aiogram import Bot
from aiogram.types import Update
from cachetools import TTLCache
from pydantic import ValidationError

from bot.updates.flood_guard import Change, FloodGuard, Line, command_of, line_of, name_of
from bot.updates.lenient import is_empty, read_update
from bot.updates.raw_update import RawUpdate, chat_of, has_large_ids
from bot.updates.update_record import UpdateRecord
from digests.logs.fields import log_fields
from digests.store.connections.database import is_database_trouble, reason_of

__all__ = ["HANDLER_LIMIT", "Handler", "UpdateQueue"]

log = logging.getLogger(__name__)

#: Whoever handles an update.
Handler = Callable[[Update], Awaitable[None]]

#: Whether a person administers a chat.
Administers = Callable[[int | None, int | None], Awaitable[bool]]

#: A handler that takes longer is given up (seconds).
HANDLER_LIMIT = 30.0

#: Pauses before an update is tried again that the database was away for (seconds).
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 5.0

#: An update that the database was away for so long is given up (seconds).
_PATIENCE = 3600.0

#: How long a handled update is remembered (seconds), and how many are at most.
_MEMORY = 3600.0
_REMEMBERED = 20_000


async def _nobody(_chat_id: int | None, _person: int | None) -> bool:
    return False


class UpdateQueue:
    """Feeds a handler; an update that fails is logged and counts as handled.

    *turn_away* is given what a chat asks faster than it may be answered; without it, all is handled.
    *record* keeps what is in work over the death of the process; without it, nothing is.
    *comes_again*: whoever submits an update that the database was away for does so again; without it,
    the update waits here for the database, and those of its chat behind it.
    *administers* says of a chat and a person whether their changes are taken while its members want many.
    """

    def __init__(
        self,
        handler: Handler,
        bot: Bot,
        turn_away: Handler | None = None,
        *,
        record: UpdateRecord | None = None,
        handler_limit: float = HANDLER_LIMIT,
        comes_again: bool = True,
        administers: Administers = _nobody,
    ) -> None:
        self._handler = handler
        self._turn_away = turn_away
        self._flood_guard = FloodGuard()
        self._record = record
        self._bot = bot
        self._handler_limit = handler_limit
        self._comes_again = comes_again
        self._administers = administers
        self._sifting: WeakValueDictionary[Line, asyncio.Lock] = WeakValueDictionary()
        self._waiting: set[int] = set()
        self._running: dict[int, asyncio.Task[bool]] = {}
        self._last_of: dict[object, asyncio.Task[bool]] = {}
        self._handled: TTLCache[int, None] = TTLCache(_REMEMBERED, _MEMORY)

    async def resume(self) -> None:
        """Take up what an earlier process confirmed and did not end; before anything is submitted."""
        if self._record is not None:
            for update in await self._record.load():
                self.submit(update)

    async def hold(self, updates: list[RawUpdate]) -> bool:
        """Put updates in work on record; whether they may be confirmed now, though they are not done."""
        if self._record is None or not await self._record.hold(updates):
            return False
        numbers = {update["update_id"] for update in updates}
        self._record.release(numbers - self._running.keys())  # done meanwhile
        return True

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
        task = self._task_for(update, line_of(update))
        if task is None:
            self._handled[number] = None
            return None
        self._running[number] = task
        task.add_done_callback(lambda done: self._end(number, done))
        return task

    def _task_for(self, update: RawUpdate, line: Line) -> asyncio.Task[bool] | None:
        """What is done with an update; None for nothing."""
        if self._turn_away is None:
            return self._begin(update, line)
        if not self._flood_guard.admits(line):
            telling = self._refusal(self._turn_away, update, line)
            return asyncio.create_task(telling, name=name_of(update)) if telling else None
        sifting = self._sifting.get(line)
        if isinstance(line, tuple) and (sifting or self._flood_guard.is_crowded(line)):
            lock = self._sifting[line] = sifting or asyncio.Lock()
            sift = self._sift(self._turn_away, update, line, lock)
            return asyncio.create_task(sift, name=name_of(update))
        return self._begin(update, line)

    def _begin(self, update: RawUpdate, line: Line) -> asyncio.Task[bool]:
        """Handle an update behind those of its chat."""
        self._flood_guard.enter(line)
        chat = chat_of(update)
        handle = self._handle(self._handler, update, self._last_of.get(chat))
        task = asyncio.create_task(handle, name=name_of(update))
        self._last_of[chat] = task
        task.add_done_callback(lambda done: self._leave(line, chat, done))
        return task

    async def _sift(self, turn_away: Handler, update: RawUpdate, line: Change, lock: asyncio.Lock) -> bool:
        """Handle a change in a crowded chat if an administrator wants it; else turn it away.

        The changes of one person keep their order by the *lock*.
        """
        async with lock:
            is_first = await self._administers(*line) or not self._flood_guard.is_crowded(line)
            task = self._begin(update, line) if is_first and self._flood_guard.admits(line) else None
        if task is not None:
            return await task
        telling = self._refusal(turn_away, update, line)
        return telling is None or await telling

    def _refusal(self, turn_away: Handler, update: RawUpdate, line: Line) -> Coroutine[Any, Any, bool] | None:
        """Tells who has to be told: each button, since it waits for an end; of messages the first."""
        if self._flood_guard.turn_away(line) or "callback_query" in update:
            return self._handle(turn_away, update, None)
        return None

    def _end(self, number: int, task: asyncio.Task[bool]) -> None:
        del self._running[number]
        if not task.cancelled() and task.result():
            self._handled[number] = None

    def _leave(self, line: Line, chat: object, task: asyncio.Task[bool]) -> None:
        self._flood_guard.leave(line)
        if self._last_of.get(chat) is task:
            del self._last_of[chat]

    async def _handle(self, handler: Handler, update: RawUpdate, before: asyncio.Task[bool] | None) -> bool:
        if before is not None:
            await asyncio.wait([before])
        began = time.perf_counter()
        with log_fields(
            update_id=update["update_id"],
            chat_id=lambda: chat if isinstance(chat := chat_of(update), int) else None,
            command=lambda: command_of(update),
            duration=lambda: round(time.perf_counter() - began, 3),
        ):
            if self._record is None:
                return await self._try(handler, update)
            async with self._record.handling(update["update_id"]) as is_allowed:
                return not is_allowed or await self._try(handler, update)

    async def _try(self, handler: Handler, update: RawUpdate) -> bool:
        """Run a handler; while the database is away and there is patience, again and again."""
        is_done = await self._run(handler, update)
        if is_done or handler is not self._handler or self._comes_again:
            return is_done
        number, until, pause = update["update_id"], time.monotonic() + _PATIENCE, _FIRST_PAUSE
        self._waiting.add(number)
        try:
            while not is_done and time.monotonic() < until:
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
                is_done = await self._run(handler, update)
        finally:
            self._waiting.discard(number)
            if not self._waiting:
                log.info("no update waits for the database any more")
        return is_done

    async def _run(self, handler: Handler, update: RawUpdate) -> bool:
        try:
            async with asyncio.timeout(self._handler_limit):
                if has_large_ids(update):
                    log.warning("update %s has an id that is none", update["update_id"])
                    return True
                known = read_update(update, self._bot)
                if not is_empty(known):
                    await handler(known)
        except TimeoutError:
            log.error("update %s was given up after %g s", update["update_id"], self._handler_limit)  # noqa: TRY400 - no place of ours to show
        except ValidationError as error:
            log.warning("update %s has no known shape: %s", update["update_id"], _shape(error))
        except Exception as error:
            if is_database_trouble(error):
                if not self._waiting:  # of an outage the first one is told
                    log.error("update %s was not handled: %s", update["update_id"], reason_of(error))  # noqa: TRY400 - one plain line
                return False
            log.exception("update %s was not handled", update["update_id"])
        return True

    async def drain(self, seconds: float) -> None:
        """Wait until what runs has ended; what takes longer than *seconds* is cut off, unhandled."""
        running = dict(self._running)
        if running:
            _, late = await asyncio.wait(running.values(), timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        if self._record is not None:
            await self._record.close(number for number, task in running.items() if task.cancelled())


def _shape(error: ValidationError) -> str:
    """Where an update differs from what is known, without its content."""
    first = error.errors()[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
