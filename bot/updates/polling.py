"""Asks Telegram for updates; the offset moves only past what was handled."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramConflictError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import TelegramMethod

from bot.updates.state import IntakeState
from bot.updates.update_queue import RawUpdate, UpdateQueue
from digests.waiting import finish_unless, wait_for_any

log = logging.getLogger(__name__)

#: How many updates may be in work; a call brings no more than that beyond the oldest of them.
IN_WORK = 100

#: How long Telegram holds an empty answer back, and how long we wait for it (seconds).
_LONG_POLL = 50
_LONG_POLL_LIMIT = 65

#: How long to wait for slow handlers before asking for more (seconds).
_PATIENCE = 0.2

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0

_REVOKED = "Telegram refuses the token: BOT_TOKEN is wrong or was revoked"
_TAKEN = "another instance is polling with this token: stop one of the two"


class RawGetUpdates(TelegramMethod[list[dict[str, Any]]]):
    """getUpdates without a look inside: one malformed update must not spoil the others."""

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getUpdates"

    offset: int | None = None
    limit: int | None = None
    timeout: int | None = None
    allowed_updates: list[str] | None = None


class Poller:
    """The loop that takes updates in by polling."""

    def __init__(
        self,
        bot: Bot,
        update_queue: UpdateQueue,
        state: IntakeState,
        allowed_updates: list[str],
        *,
        long_poll: int = _LONG_POLL,
        stop_limit: float = 5.0,
    ) -> None:
        self._bot = bot
        self._update_queue = update_queue
        self._state = state
        self._allowed_updates = allowed_updates
        self._long_poll = long_poll
        self._stop_limit = stop_limit
        self._offset: int | None = None
        self._in_work: dict[int, asyncio.Task[bool]] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until *stop* is set; then end what runs and confirm it."""
        pause = _FIRST_PAUSE
        while not stop.is_set():
            try:
                await self._round(stop)
                pause = _FIRST_PAUSE
            except TelegramAPIError as error:
                wait = self._explain(error, pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
                await wait_for_any(stop, seconds=wait)
        await self._update_queue.drain(self._stop_limit)
        await self._confirm()

    async def _round(self, stop: asyncio.Event) -> None:
        self._advance()
        hold = 0 if self._in_work else self._long_poll
        call = self._bot(self._request(IN_WORK, hold), request_timeout=_LONG_POLL_LIMIT)
        updates = await finish_unless(stop, call)
        if updates is None:
            return
        self._state.heard()
        for update in updates:
            self._take(update)
        if self._in_work:
            # half of them: more come in while the others are in work, and one slow chat holds up nobody
            earlier = list(self._in_work.values())[: len(self._in_work) // 2 + 1]
            await finish_unless(stop, asyncio.wait(earlier, timeout=_PATIENCE))

    def _request(self, limit: int, hold: int) -> RawGetUpdates:
        oldest = min(self._in_work, default=self._offset)
        return RawGetUpdates(offset=oldest, limit=limit, timeout=hold, allowed_updates=self._allowed_updates)

    def _take(self, update: RawUpdate) -> None:
        number = update.get("update_id")
        if not isinstance(number, int):
            log.error("an update without an id was dropped")
            return
        self._offset = number + 1
        task = self._update_queue.submit(update)
        if task is not None:
            self._in_work[number] = task

    def _advance(self) -> None:
        ended = [number for number, task in self._in_work.items() if task.done() and not task.cancelled()]
        for number in ended:
            del self._in_work[number]

    async def _confirm(self) -> None:
        """Tell Telegram what was handled, so that the next start does not get it again."""
        self._advance()
        if self._offset is None:
            return
        try:
            await self._bot(self._request(1, 0), request_timeout=2)
        except TelegramAPIError as error:
            log.warning("the last updates were not confirmed and may come again: %s", error)

    def _explain(self, error: TelegramAPIError, pause: float) -> float:
        """Say what is wrong, once; how long to wait (seconds)."""
        self._state.is_conflict = isinstance(error, TelegramConflictError)
        if isinstance(error, TelegramUnauthorizedError | TelegramNotFound):
            problem, wait = _REVOKED, _LONGEST_PAUSE
        elif isinstance(error, TelegramConflictError):
            problem, wait = f"{_TAKEN} ({error.message})", max(pause, 3.0)
        elif isinstance(error, TelegramRetryAfter):
            problem, wait = "Telegram asks the intake to wait", float(error.retry_after)
        else:
            problem, wait = f"no updates come in: {error}", pause
        if problem != self._state.problem:
            log.error(problem)
        self._state.problem = problem
        return wait
