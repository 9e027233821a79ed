"""The playground: the same bot before a local Bot API server, with a chat page and a clock of its own."""

from __future__ import annotations

import os
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import SecretStr

from bot.app import build
from bot.errors import SettingsError
from bot.handlers.subscription.failure_notices import send_failure_notices
from bot.lifecycle import MENU_EVERY, REFRESH_EVERY, Say, introduce, take_in
from bot.ops.gc_tuning import freeze_startup_objects
from bot.ops.shutdown import stop_on_signals, until_stopped
from bot.playground import PlaygroundServer, demo_world
from bot.playground.clock import TimeTravel
from bot.playground.settings import rehearsed, subscribe_demo_channel
from bot.settings import Settings
from bot.telegram.rate_limiter import UnlimitedRateLimiter
from digests.delivery.clock import ShiftedClock, Ticks
from digests.inputs import zone_index

_CATCH_UP_EVERY = 1.0
_PLAY_TOKEN = SecretStr("1:playground")


async def run_playground(settings: Settings, port: int, say: Say) -> None:
    """Run the same bot against a local Bot API server with a chat page, until SIGTERM or SIGINT.

    Raises:
        OperatorError: the port cannot be had, or no report can be used.
    """
    stop, clock = stop_on_signals(), ShiftedClock()
    travel = TimeTravel(clock)
    async with AsyncExitStack() as closing:
        server = PlaygroundServer(demo_world(clock.now), travel)
        url = await _start(server, settings.http_host, port)
        closing.push_async_callback(server.close)
        folder = closing.enter_context(TemporaryDirectory(prefix="silkline-playground-"))
        instance = await build(
            rehearsed(settings, url, Path(folder)), _PLAY_TOKEN, clock, UnlimitedRateLimiter(), closing
        )
        await subscribe_demo_channel(instance.store, settings.default_language, clock.now())
        travel.take_along(instance.store, instance.planner, instance.sender)
        ticks = Ticks()
        ticks.every(_CATCH_UP_EVERY, "catch up", travel.catch_up)
        ticks.every(REFRESH_EVERY, "reports", instance.library_holder.refresh)
        ticks.every(MENU_EVERY, "menu", lambda: introduce(instance))
        ticks.every(
            _CATCH_UP_EVERY, "tell", lambda: send_failure_notices(instance.store, instance.responders)
        )
        ticks.start()
        closing.push_async_callback(ticks.stop)
        zone_index.load_in_background()
        freeze_startup_objects()
        say(f"The playground is at {url} (Ctrl+C ends it)")
        await until_stopped(stop, take_in(instance, stop))


async def _start(server: PlaygroundServer, host: str, port: int) -> str:
    try:
        return await server.start(host, port)
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        message = f"port {port} on {host} cannot be had ({reason}): try silkline playground --port 0"
        raise SettingsError(message) from error
