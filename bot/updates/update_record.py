"""What of the updates in work is on record, so that a dying process loses none and repeats none for ever."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, nullcontext
from datetime import datetime, timedelta

import orjson

from bot.updates.raw_update import RawUpdate
from digests.logs.repeated_errors import RepeatedErrors
from digests.store.connections.database import is_database_trouble
from digests.store.held_updates import HeldUpdates

log = logging.getLogger(__name__)

#: An update whose handling began so often and never ended is set aside.
_MOST_BEGINNINGS = 3

#: So many updates after a start are put on record before they are handled: among them are all those that
#: were in work when the process died, since the server repeats what was not confirmed, the oldest first.
_WATCHED = 100

#: The server forgets an update after a day; so does the record.
_KEEP = timedelta(days=1)


class UpdateRecord:
    """The record of one bot's updates; a database that is away is told once, and holds nothing up."""

    def __init__(self, held: HeldUpdates, bot_id: int, now: Callable[[], datetime]) -> None:
        self._held = held
        self._bot_id = bot_id
        self._now = now
        self._to_watch = _WATCHED
        self._suspects: set[int] = set()
        self._one_at_a_time = asyncio.Lock()
        self._on_record: set[int] = set()
        self._done: set[int] = set()
        self._beginning: dict[int, asyncio.Future[int]] = {}
        self._counting: asyncio.Task[None] | None = None
        self._releasing: asyncio.Task[None] | None = None
        self._errors = RepeatedErrors(log, is_database_trouble)

    async def load(self) -> list[RawUpdate]:
        """The updates that an earlier process confirmed and did not end, the oldest first."""
        try:
            await self._held.prune(self._now() - _KEEP)
            rows = await self._held.all(self._bot_id)
        except Exception as error:  # noqa: BLE001 - whatever the database says
            self._errors.failed("reading the updates on record", error)
            return []
        self._on_record |= {row.update_id for row in rows}
        # begun and not ended: one of them may have ended the process
        self._suspects = {row.update_id for row in rows if row.begun}
        found = [orjson.loads(row.content) for row in rows if row.content is not None]
        if found:
            log.info("%s updates that were in work when the bot stopped are taken up", len(found))
        return found

    @asynccontextmanager
    async def handling(self, update_id: int) -> AsyncIterator[bool]:
        """Surrounds the handling of an update; gives whether it may be handled.

        Those that were in work when the process died are handled one after the other, so that the one
        that is to blame is found.
        """
        async with self._one_at_a_time if update_id in self._suspects else nullcontext():
            is_allowed = await self._begin(update_id)
            yield is_allowed
        if is_allowed:
            self.release([update_id])

    async def hold(self, updates: Iterable[RawUpdate]) -> bool:
        """Put updates in work on record, so that they may be confirmed; whether that was done.

        One that cannot be written down is confirmed as well: it would hold up all others.
        """
        contents = {update["update_id"]: text for update in updates if (text := _written(update))}
        if not contents:
            return True
        try:
            await self._held.hold(self._bot_id, contents, self._now())
        except Exception as error:  # noqa: BLE001 - whatever the database says
            self._errors.failed("putting updates on record", error)
            return False
        self._errors.worked("putting updates on record")
        self._on_record |= contents.keys()
        return True

    def release(self, update_ids: Iterable[int]) -> None:
        """Take updates that are done from the record, soon and several at once."""
        self._done |= self._on_record.intersection(update_ids)
        if self._done and (self._releasing is None or self._releasing.done()):
            self._releasing = asyncio.create_task(self._release(), name="release of updates")

    async def close(self, cut_off: Iterable[int]) -> None:
        """End what is being written; updates that a stop cut off are not to blame for it."""
        if self._releasing is not None:
            await asyncio.wait([self._releasing], timeout=1)
        numbers = self._on_record.intersection(cut_off)
        if numbers:
            try:
                await asyncio.wait_for(self._held.excuse(self._bot_id, numbers), 1)
            except Exception as error:  # noqa: BLE001 - whatever the database says
                log.warning("updates that were cut off may be taken one at a time: %s", error)

    async def _begin(self, update_id: int) -> bool:
        if self._to_watch <= 0 and update_id not in self._suspects:
            return True
        self._to_watch -= 1
        begun = await self._count(update_id)
        if begun <= _MOST_BEGINNINGS:
            return True
        log.error(
            "update %s is set aside: the process ended %s times while it was handled", update_id, begun - 1
        )
        return False

    async def _count(self, update_id: int) -> int:
        """How often the handling of an update has begun by now; what begins together is written together."""
        counted: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._beginning[update_id] = counted
        if self._counting is None or self._counting.done():
            self._counting = asyncio.create_task(self._count_all(), name="count of updates")
        return await counted

    async def _count_all(self) -> None:
        while self._beginning:
            beginning, self._beginning = self._beginning, {}
            begun = dict.fromkeys(beginning, 0)
            try:
                begun = await self._held.begin(self._bot_id, beginning, self._now())
                for number in (number for number, count in begun.items() if count > _MOST_BEGINNINGS):
                    await self._held.set_aside(self._bot_id, number)
            except Exception as error:  # noqa: BLE001 - whatever the database says
                self._errors.failed("counting updates", error)
            self._on_record |= {number for number, count in begun.items() if count}
            for number, counted in beginning.items():
                if not counted.done():
                    counted.set_result(begun[number])

    async def _release(self) -> None:
        while self._done:
            numbers, self._done = self._done, set()
            try:
                await self._held.release(self._bot_id, numbers)
            except Exception as error:  # noqa: BLE001 - whatever the database says
                self._errors.failed("taking updates from the record", error)
                self._done |= numbers
                return
            self._on_record -= numbers


def _written(update: RawUpdate) -> str | None:
    try:
        return orjson.dumps(update).decode()
    except orjson.JSONEncodeError as error:  # nested more deeply than is written, though it was read
        log.warning("update %s cannot be put on record: %s", update["update_id"], error)
        return None
