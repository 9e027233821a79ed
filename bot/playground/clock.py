"""Moving the playground's clock, so that everything due on the way is planned and sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.playground.agenda import NextPosts, busiest_day
from bot.playground.clock_routes import BusiestDay
from digests.delivery.clock import ShiftedClock
from digests.delivery.planner import Planner
from digests.delivery.sender import Sender
from digests.library_holder import LibraryHolder
from digests.store import Store


class TimeTravel:
    """A clock that a person sets; whatever follows from its time is done before it goes on."""

    def __init__(self, clock: ShiftedClock, timezone: str = "UTC") -> None:
        self.timezone = timezone
        self._clock = clock
        self._library: LibraryHolder | None = None
        self._next_posts = NextPosts()
        self._busiest: tuple[tuple[str, date], BusiestDay | None] | None = None
        self._parts: tuple[Store, Planner, Sender] | None = None
        self._one_at_a_time = asyncio.Lock()

    def take_along(
        self, store: Store, planner: Planner, sender: Sender, library: LibraryHolder | None = None
    ) -> None:
        """From now on these live by this clock; without a library nothing of what is to come is known."""
        self._parts = store, planner, sender
        self._library = library

    def now(self) -> datetime:
        """The instant that the clock shows."""
        return self._clock.now()

    async def next_due(self) -> datetime | None:
        """The next instant at which a digest is due; None without subscriptions."""
        return await self._parts[0].outbox.next_due() if self._parts else None

    async def next_post(self) -> datetime | None:
        """When the next post comes that has something to tell; days without are passed over."""
        if self._parts is None or self._library is None:
            return None
        return await self._next_posts.first(self._parts[0], self._library.current, self.now())

    def busiest_day(self) -> BusiestDay | None:
        """The coming day with most anniversaries; looked for once a day."""
        if self._library is None:
            return None
        library, today = self._library.current, self.now().astimezone(ZoneInfo(self.timezone)).date()
        if self._busiest is None or self._busiest[0] != (library.version, today):
            self._busiest = (library.version, today), busiest_day(library, today)
        return self._busiest[1]

    async def move(self, to: datetime, progress: Callable[[datetime, int], object]) -> None:
        """Set the clock; forward through every due instant.

        *progress* is told each instant and how many posts were sent so far. Backward, what was
        planned for later is undone, and the schedules wait for their next time.
        """
        async with self._one_at_a_time:
            if to < self.now():
                self._clock.set(to)
                if self._parts:
                    await self._parts[1].rebuild(to)
                return
            sent = 0
            while (due := await self.next_due()) is not None and due <= to:
                self._clock.set(due)
                sent += await self._do_what_is_due(due)
                progress(due, sent)
            self._clock.set(to)
            progress(to, sent + await self._do_what_is_due(to))

    async def catch_up(self) -> None:
        """Do what is due by now, as the clock went on by itself."""
        async with self._one_at_a_time:
            await self._do_what_is_due(self.now())

    async def _do_what_is_due(self, now: datetime) -> int:
        """How many posts were sent."""
        if self._parts is None:
            return 0
        _, planner, sender = self._parts
        await planner.plan(now)
        return await sender.drain(now)
