"""The life of an instance: it runs until it is told to stop, and closes in reverse what it opened."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import AsyncExitStack

from aiohttp import web
from pydantic import SecretStr

from bot.app import build
from bot.handlers.dispatcher import UPDATES
from bot.handlers.subscription.failure_notices import send_failure_notices
from bot.instance import Instance
from bot.ops.gc_tuning import freeze_startup_objects
from bot.ops.health import Health, Heartbeat
from bot.ops.http import build_site, serving
from bot.ops.loop_lag import watching_loop
from bot.ops.metrics import CONTENT_TYPE
from bot.ops.shutdown import stop_on_signals, until_stopped
from bot.settings import Settings
from bot.startup import warn_of_old_posts
from bot.telegram.introduction.menu import set_menu
from bot.telegram.introduction.profile import set_profile
from bot.telegram.rate_limiter import RateLimiter
from bot.updates import webhook
from bot.updates.polling import Poller
from bot.updates.retry import call_until_available
from bot.views.warm_up import warm_up
from digests.delivery.clock import LeapDetector, SystemClock, Ticks
from digests.delivery.maintenance import Maintenance
from digests.store.connections.change_notifications import Subject

log = logging.getLogger(__name__)

#: How the operator is told the address.
Say = Callable[[str], None]

_PLAN_EVERY = 5.0
REFRESH_EVERY = 3.0
MENU_EVERY = 6 * 3600.0
_TELL_EVERY = 30.0
_WATCH_EVERY = 60.0

#: How long a webhook's updates may take at a stop (seconds).
_DRAIN = 5.0


async def run_bot(settings: Settings, token: SecretStr, say: Say) -> None:
    """Run against Telegram until SIGTERM or SIGINT.

    Raises:
        OperatorError: something outside is wrong that waiting does not mend.
    """
    stop = stop_on_signals()
    async with AsyncExitStack() as closing:
        instance = await build(settings, token, SystemClock(), RateLimiter(settings.broadcast_rate), closing)
        await warn_of_old_posts(instance.store, instance.clock.now())
        heartbeat = Heartbeat()
        log_lines = instance.metrics.log_handler
        logging.getLogger().addHandler(log_lines)
        closing.callback(logging.getLogger().removeHandler, log_lines)
        site = serving(_site(instance, heartbeat), settings.http_host, settings.http_port)
        url = await closing.enter_async_context(site)
        me = await call_until_available(instance.bot.me, instance.intake, stop)
        if me is None:
            return
        ticks = _ticks(instance, heartbeat)
        instance.store.changes.subscribe(Subject.REPORT, lambda _report: ticks.wake("reports"))
        await closing.enter_async_context(instance.store.changes.listening())
        ticks.start()
        closing.push_async_callback(ticks.stop)
        warm_up(instance.responders.request, instance.replies)
        freeze_startup_objects()
        await closing.enter_async_context(watching_loop(instance.metrics.loop_lagged))
        say(f"Silkline answers as @{me.username}; health: {url}/readyz")

        async def lead(term: asyncio.Event) -> None:
            instance.sends.beat()  # what waited until now is no trouble of this term
            ticks.wake("plan")
            await instance.sender.run(term)

        await until_stopped(stop, instance.leader_election.run(stop, lead), take_in(instance, stop))
    log.info("stopped")


def _ticks(instance: Instance, heartbeat: Heartbeat) -> Ticks:
    """What is done again and again while the bot runs."""
    settings, ticks, leap_detector = instance.settings, Ticks(), LeapDetector(instance.clock.now)
    ticks.every(_PLAN_EVERY, "plan", instance.tracing.tick("plan", lambda: _plan(instance, heartbeat)))
    ticks.every(REFRESH_EVERY, "reports", instance.library_holder.refresh)
    ticks.every(MENU_EVERY, "menu", lambda: introduce(instance))
    ticks.every(_TELL_EVERY, "tell", lambda: tell_subscribers(instance, leap_detector))
    if settings.webhook_url:
        ticks.every(_WATCH_EVERY, "webhook", lambda: instance.watch.look(instance.clock.now()))
    Maintenance(instance.store, settings.keep_deliveries, instance.clock.now).join(ticks)
    return ticks


def _site(instance: Instance, ticks: Heartbeat) -> web.Application:
    settings, is_polling = instance.settings, instance.settings.webhook_url is None
    health = Health(
        instance.store,
        instance.intake,
        ticks,
        instance.sends,
        instance.clock.now,
        is_polling=is_polling,
        is_leading=lambda: instance.leader_election.leads,
        webhook_trouble=lambda: instance.watch.problem,
    )

    async def metrics(_request: web.Request) -> web.Response:
        shown = instance.metrics.show(await health.readings())
        return web.Response(body=shown, headers={"Content-Type": CONTENT_TYPE})

    posts = {}
    if settings.webhook_secret is not None and not is_polling:
        handler = webhook.Webhook(instance.update_queue, instance.intake, settings.webhook_secret)
        posts[webhook.PATH] = handler.handle
    return build_site(health.checks(), posts, {"/metrics": metrics}, lambda: instance.watch.problem)


async def tell_subscribers(instance: Instance, leap_detector: LeapDetector | None = None) -> None:
    """Tell the people who subscribed a chat what became of its digests.

    No pause ends while the clock leaps, and one that ended by a clock that stayed ahead is taken back.
    """
    permissions = instance.dispatcher["permissions"]
    await send_failure_notices(instance.store, instance.responders, permissions)
    resumption_notices = instance.dispatcher["resumption_notices"]
    await resumption_notices.take_back_ends()
    if leap_detector is None or not leap_detector.may_have_leaped():
        await resumption_notices.tell_ended_pauses()


async def introduce(instance: Instance) -> None:
    """Tell Telegram the bot's commands and profile, where they changed."""
    await set_menu(instance.bot, instance.settings)
    await set_profile(instance.bot, instance.pages)


async def _plan(instance: Instance, heartbeat: Heartbeat) -> None:
    queued = 0
    if instance.leader_election.leads:
        queued = (await instance.planner.plan(instance.clock.now())).queued
    heartbeat.beat()
    if queued:
        instance.sender.wake()


async def take_in(instance: Instance, stop: asyncio.Event) -> None:
    """Handle updates, by polling or by webhook, until *stop* is set."""
    settings, bot = instance.settings, instance.bot
    url, secret = settings.webhook_url, settings.webhook_secret
    if url is None or secret is None:
        await call_until_available(lambda: webhook.unregister(bot), instance.intake, stop)
        await Poller(bot, instance.update_queue, instance.intake, list(UPDATES)).run(stop)
        return
    await call_until_available(
        lambda: webhook.register(bot, url, secret, list(UPDATES)), instance.intake, stop
    )
    instance.watch.begin()
    await instance.update_queue.resume()
    await stop.wait()
    await instance.update_queue.drain(_DRAIN)
