"""Asks Telegram for updates; the offset moves only past what was handled or is on record."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from typing import Any, NamedTuple

from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramConflictError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import TelegramMethod

from bot.telegram.calls.transport_errors import UnreadableAnswerError
from bot.updates.pacing import Pacing
from bot.updates.raw_update import RawUpdate, number_of
from bot.updates.state import IntakeState
from bot.updates.update_queue import UpdateQueue
from digests.waiting import finish_unless, wait_for_any

log = logging.getLogger(__name__)

#: How many updates a call brings at most, counted from the oldest that is not confirmed.
IN_WORK = 100

#: How many updates may be in work, with those on record; with more, the next call waits.
MOST_IN_WORK = 1000

#: How long Telegram holds an empty answer back, and how long we wait for it (seconds).
_LONG_POLL = 50
_LONG_POLL_LIMIT = 65

#: How long to wait for slow handlers before asking for more, and when more certainly waits (seconds).
_PATIENCE, _SHORT_PATIENCE = 0.2, 0.05

#: How long at most when nothing new comes either: a database may be away for minutes (seconds).
_LONGEST_PATIENCE = 1.0

#: A handler that takes longer than this may be slow: its update is put on record when more wait (seconds).
_SLOW = 0.04

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0

_REVOKED = "Telegram refuses the token: BOT_TOKEN is wrong or was revoked"
_TAKEN = "another instance is polling with this token: stop one of the two"


class RawGetUpdates(TelegramMethod[list[Any]]):
    """getUpdates without a look inside: one malformed update must not spoil the others."""

    __returning__ = list[Any]
    __api_method__ = "getUpdates"

    offset: int | None = None
    limit: int | None = None
    timeout: int | None = None
    allowed_updates: list[str] | None = None


#: However long the server asks to wait, it is asked again after so long (seconds).
_LONGEST_ASKED = 600.0


class _InWork(NamedTuple):
    update: RawUpdate
    task: asyncio.Task[bool]
    began_at: float


class Poller:
    """The loop that takes updates in by polling.

    A call brings at most a hundred updates from the offset on. When it brings that many, those that
    are still in work are put on record and confirmed, so that no chat holds up what lies behind.
    """

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
        self._in_work: dict[int, _InWork] = {}
        self._held: set[asyncio.Task[bool]] = set()
        self._waits_in_vain = 0
        self._pacing = Pacing()
        self._quiet_rounds = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until *stop* is set; then end what runs and confirm it."""
        await self._update_queue.resume()
        pause = _FIRST_PAUSE
        while not stop.is_set():
            try:
                wait = await self._round(stop)
                pause = _FIRST_PAUSE
            except TelegramAPIError as error:
                wait = self._explain(error, pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
            except Exception:  # whatever it is that nobody foresaw, the intake goes on
                log.exception("a round of the intake failed")
                wait, pause = pause, min(pause * 2, _LONGEST_PAUSE)
            if wait:
                await wait_for_any(stop, seconds=wait)
        await self._update_queue.drain(self._stop_limit)
        await self._confirm()

    async def _round(self, stop: asyncio.Event) -> float:
        """Ask once and take in what comes; how long to wait before the next time (seconds)."""
        self._advance()
        hold, began = 0 if self._in_work else self._long_poll, time.monotonic()
        request = self._request(IN_WORK, hold)
        updates = await finish_unless(stop, self._bot(request, request_timeout=_LONG_POLL_LIMIT))
        if updates is None:
            if stop.is_set():
                return 0
            raise UnreadableAnswerError(request, "the answer has no result")
        seconds = time.monotonic() - began
        self._state.heard()
        taken = [self._take(update) for update in updates]
        numbers = [number for number in map(number_of, updates) if number is not None]
        if numbers:  # Telegram begins anew after a week without updates: it may go back
            self._offset = max(numbers) + 1
        self._pacing.saw(malformed=sum(number_of(update) is None for update in updates))
        self._quiet_rounds = 0 if any(taken) else self._quiet_rounds + 1
        if self._in_work:
            await self._wait_for_handlers(stop, more_wait=len(updates) >= IN_WORK)
        return self._pacing.pause(seconds, is_idle=not (any(taken) or self._in_work), hold=hold)

    async def _wait_for_handlers(self, stop: asyncio.Event, *, more_wait: bool) -> None:
        """Wait for half of what is in work, so that updates go on coming in; put the rest on record."""
        earlier = [each.task for each in self._in_work.values()][: len(self._in_work) // 2 + 1]
        is_room = more_wait and len(self._held) < MOST_IN_WORK - IN_WORK
        longer = min(_PATIENCE * max(1, self._quiet_rounds / 10), _LONGEST_PATIENCE)
        patience = _SHORT_PATIENCE if is_room else longer
        await finish_unless(stop, asyncio.wait(earlier, timeout=patience))
        last_ended = self._advance()
        self._waits_in_vain = 0 if last_ended else self._waits_in_vain + 1
        if is_room:
            await self._hold(last_ended)

    async def _hold(self, last_ended: int | None) -> None:
        """Put what is slow on record, so that nothing behind it has to wait for it.

        Slow is what was overtaken by a later update, and everything when nothing ended twice: in a flood that
        is worked off in its order, nobody waits for anybody.
        """
        before = time.monotonic() - _SLOW
        overtaken_by = math.inf if self._waits_in_vain > 1 else last_ended or 0
        slow = {
            number: each
            for number, each in self._in_work.items()
            if each.began_at < before and number < overtaken_by
        }
        if slow and await self._update_queue.hold([each.update for each in slow.values()]):
            for number, each in slow.items():
                del self._in_work[number]
                self._held.add(each.task)
                each.task.add_done_callback(self._held.discard)

    def _request(self, limit: int, hold: int) -> RawGetUpdates:
        oldest = min(self._in_work, default=self._offset)
        return RawGetUpdates(offset=oldest, limit=limit, timeout=hold, allowed_updates=self._allowed_updates)

    def _take(self, update: Any) -> bool:
        """Have an update handled; whether it is one that was not seen before."""
        number = number_of(update)
        if number is None:
            return False
        is_new = self._offset is None or number >= self._offset
        task = self._update_queue.submit(update)
        if task is not None and task not in self._held:
            known = self._in_work.get(number)
            self._in_work[number] = _InWork(update, task, known.began_at if known else time.monotonic())
        return is_new

    def _advance(self) -> int | None:
        """Forget what has ended; the last of it, None when nothing has."""
        ended = [
            number for number, each in self._in_work.items() if each.task.done() and not each.task.cancelled()
        ]
        for number in ended:
            del self._in_work[number]
        return max(ended, default=None)

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
            problem, wait = "Telegram asks the intake to wait", min(float(error.retry_after), _LONGEST_ASKED)
        else:
            problem, wait = f"no updates come in: {error}", pause
        if problem != self._state.problem:
            log.error(problem)
        self._state.problem = problem
        return wait
