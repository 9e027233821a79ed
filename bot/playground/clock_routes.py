"""How the page sees and moves the bot's clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.playground.bot_api.world import World

_FARTHEST = timedelta(days=366 * 30)


@dataclass(frozen=True, slots=True)
class BusiestDay:
    """The next day with the most anniversaries of a year, and how many it has."""

    day: date
    milestones: int


class ClockControl(Protocol):
    """The bot's clock, as the page moves it."""

    @property
    def timezone(self) -> str:
        """The zone in which the page tells the time."""

    def now(self) -> datetime:
        """The bot's time, aware."""

    async def move(self, to: datetime, progress: Callable[[datetime, int], None]) -> None:
        """Walk to another time; *progress* is told the time reached and the posts sent so far."""

    async def next_post(self) -> datetime | None:
        """When the next post comes that has something to tell; None when none is in sight."""

    def busiest_day(self) -> BusiestDay | None:
        """The coming day that is worth a walk; None without anniversaries."""


class ClockRoutes:
    """The clock's side of the page."""

    def __init__(self, world: World, clock: ClockControl | None) -> None:
        self._world = world
        self._clock = clock
        self._moving: asyncio.Task[None] | None = None

    def add_to(self, app: web.Application) -> None:
        """Register the route."""
        app.router.add_post("/playground/clock", self._start_moving)

    def close(self) -> None:
        """End a walk that is under way."""
        if self._moving:
            self._moving.cancel()

    async def state(self) -> dict[str, Any] | None:
        """The clock as the page shows it; None without a clock."""
        if self._clock is None:
            return None
        due, busiest = await self._clock.next_post(), self._clock.busiest_day()
        return {
            "now": self._clock.now().isoformat(),
            "zone": self._clock.timezone,
            "next_post": due.isoformat() if due else None,
            "busiest": {"day": busiest.day.isoformat(), "milestones": busiest.milestones}
            if busiest
            else None,
            "moving": self._moving is not None and not self._moving.done(),
        }

    async def _start_moving(self, request: web.Request) -> web.Response:
        """Begin a walk to a time; one without an offset is in the page's zone."""
        if self._clock is None:
            raise web.HTTPNotFound
        if self._moving and not self._moving.done():
            raise web.HTTPConflict(text="the clock is on its way already")
        asked = await request.json()
        try:
            to = datetime.fromisoformat(str(asked["to"]))
        except ValueError:
            raise web.HTTPBadRequest(text="write a time such as 2026-05-10T09:00:00+08:00") from None
        to = to if to.tzinfo else to.replace(tzinfo=ZoneInfo(self._clock.timezone))
        if abs(to - self._clock.now()) > _FARTHEST:
            raise web.HTTPBadRequest(text="at most 30 years from now")
        self._moving = asyncio.create_task(self._move(self._clock, to))
        return web.json_response({"ok": True})

    async def _move(self, clock: ClockControl, to: datetime) -> None:
        try:
            await clock.move(to, self._progress)
        finally:
            self._world.tell({"type": "clock", "clock": {**(await self.state() or {}), "moving": False}})

    def _progress(self, reached: datetime, sent: int) -> None:
        self._world.tell({"type": "moving", "now": reached.isoformat(), "sent": sent})
