"""The playground: the same bot before a local Bot API server, with a chat page and a clock of its own."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AsyncExitStack

from pydantic import SecretStr

from bot.app import build
from bot.errors import SettingsError
from bot.instance import Instance
from bot.lifecycle import MENU_EVERY, REFRESH_EVERY, Say, introduce, take_in, tell_subscribers
from bot.ops.gc_tuning import freeze_startup_objects
from bot.ops.shutdown import stop_on_signals, until_stopped
from bot.playground import PlaygroundServer, demo_world
from bot.playground.clock import TimeTravel
from bot.playground.demo import settle_operators
from bot.playground.saving import SavedWorld, state_folder
from bot.playground.settings import DemoLanguage, rehearsed, subscribe_demo_channel
from bot.settings import Settings
from bot.telegram.rate_limiter import UnlimitedRateLimiter
from digests.delivery.clock import ShiftedClock, Ticks
from digests.inputs import zone_index

_CATCH_UP_EVERY = 1.0
_SAVE_EVERY = 2.0
_PLAY_TOKEN = SecretStr("1:playground")


async def run_playground(settings: Settings, port: int, say: Say, *, fresh: bool = False) -> None:
    """Run the same bot against a local Bot API server with a chat page, until SIGTERM or SIGINT.

    It goes on where it was left, unless *fresh*.

    Raises:
        OperatorError: the port or the folder of its state cannot be had, or no report can be used.
    """
    stop, clock = stop_on_signals(), ShiftedClock()
    travel = TimeTravel(clock, settings.default_timezone)
    async with AsyncExitStack() as closing:
        saved = SavedWorld(state_folder(settings.database_url), fresh=fresh)
        closing.callback(saved.close)
        is_new = saved.is_fresh
        settings = rehearsed(settings, "", saved.folder)
        world = demo_world(clock.now)
        saved.restore(world, clock)
        settle_operators(world, settings.admin_ids)
        demo_language = DemoLanguage(world)
        server = PlaygroundServer(world, travel, speak=demo_language.speak)
        url = await _start(server, settings.http_host, port)
        closing.push_async_callback(server.close)
        settings = settings.model_copy(update={"bot_api_url": url})
        instance = await build(settings, _PLAY_TOKEN, clock, UnlimitedRateLimiter(), closing)
        await instance.bot.me()  # posts link to the bot by its name
        if is_new:
            await subscribe_demo_channel(instance.store, settings.default_language, clock.now())
        demo_language.take_along(instance.dispatcher["languages"])
        travel.take_along(instance.store, instance.planner, instance.sender, instance.library_holder)
        closing.callback(saved.save, world, clock)
        ticks = _ticks(instance, travel, lambda: saved.save(world, clock))
        ticks.start()
        closing.push_async_callback(ticks.stop)
        zone_index.load_in_background()
        freeze_startup_objects()
        say(f"The playground is at {url} (Ctrl+C ends it)")
        await until_stopped(stop, take_in(instance, stop))


def _ticks(instance: Instance, travel: TimeTravel, save: Callable[[], None]) -> Ticks:
    """What is done again and again while the playground runs."""

    async def keep() -> None:
        save()

    ticks = Ticks()
    ticks.every(_CATCH_UP_EVERY, "catch up", travel.catch_up)
    ticks.every(REFRESH_EVERY, "reports", instance.library_holder.refresh)
    ticks.every(MENU_EVERY, "menu", lambda: introduce(instance))
    ticks.every(_CATCH_UP_EVERY, "tell", lambda: tell_subscribers(instance))
    ticks.every(_SAVE_EVERY, "save", keep)
    return ticks


async def _start(server: PlaygroundServer, host: str, port: int) -> str:
    try:
        return await server.start(host, port)
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        message = f"port {port} on {host} cannot be had ({reason}): try silkline playground --port 0"
        raise SettingsError(message) from error
