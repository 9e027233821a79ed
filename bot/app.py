"""The composition root: builds everything once, runs it, and closes it in reverse."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.types import LinkPreviewOptions
from aiohttp import web
from pydantic import SecretStr

from bot.access import Access
from bot.afterwards import Afterwards
from bot.connections import Connections
from bot.handlers import readers
from bot.handlers.desk import UPDATES, Desk
from bot.handlers.visit import Services
from bot.health import Health, Heartbeat
from bot.intake import webhook
from bot.intake.feeding import Feeder
from bot.intake.polling import Poller
from bot.intake.reaching import insist
from bot.intake.state import IntakeState
from bot.languages import ChatLanguages
from bot.memory import settle_memory
from bot.menu import set_menu
from bot.messenger import TelegramMessenger
from bot.metrics import CONTENT_TYPE, CountedMessenger, Metrics
from bot.opening import ensure_font, filled_shelf, opened_store, planner_of
from bot.pacing import Gate, Lane
from bot.pictures import Pictures
from bot.pinning import PinningMessenger
from bot.postpictures import PostPictures
from bot.profile import set_profile
from bot.replies import Replies
from bot.richroad import RichRoad
from bot.sealing import Seal
from bot.session import Session
from bot.settings import Settings
from bot.shelf import Shelf
from bot.stopping import stop_on_signals, until_stopped
from bot.telling import tell_subscribers
from bot.underposts import UnderPosts
from bot.warmup import warm_up
from bot.web import build_site, serving
from digests.clock import ShiftedClock, SystemClock, Ticks
from digests.delivery import Messenger, Rules, Sender
from digests.leading import Leadership
from digests.pages import Pages
from digests.planning import Planner
from digests.store import Store
from digests.store.changes import Subject
from digests.upkeep import Upkeep

log = logging.getLogger(__name__)

#: How the operator is told the address.
Say = Callable[[str], None]

_PLAN_EVERY = 5.0
REFRESH_EVERY = 3.0
MENU_EVERY = 6 * 3600.0
_TELL_EVERY = 30.0
_WATCH_EVERY = 60.0

#: At most a second's worth of sending is claimed at once; without a limit, this many.
_LARGEST_BATCH = 500

#: Calls of a broadcast in flight.
_MOST_CALLS = 100

#: How long a webhook's updates may take at a stop (seconds).
_DRAIN = 5.0


@dataclass(frozen=True, slots=True)
class Instance:
    """The parts of a bot that somebody outside still speaks to."""

    settings: Settings
    services: Services
    store: Store
    clock: SystemClock | ShiftedClock
    shelf: Shelf
    planner: Planner
    sender: Sender
    bot: Bot
    feeder: Feeder
    intake: IntakeState
    metrics: Metrics
    sends: Heartbeat
    watch: webhook.Watch
    leadership: Leadership


async def build(
    settings: Settings,
    token: SecretStr,
    clock: SystemClock | ShiftedClock,
    gate: Gate,
    closing: AsyncExitStack,
) -> Instance:
    """Put the parts together; *closing* closes what they opened.

    Raises:
        Fault: the font is missing, the database cannot be opened, or no report can be used.
    """
    ensure_font()
    store = await closing.enter_async_context(opened_store(settings.database_url))
    metrics, connections = Metrics(), Connections(settings.bot_api_url)
    closing.push_async_callback(connections.close)
    bot, herald = (
        _speaker(token, Session(connections, gate, lane, metrics.called))
        for lane in (Lane.ANSWER, Lane.BROADCAST)
    )
    pages, shelf = Pages(), await filled_shelf(store, settings)
    planner = planner_of(store, shelf, pages, settings)
    pictures = Pictures(lambda: shelf.current, store.files, pages, settings.picture_theme)
    closing.push_async_callback(pictures.close)
    rich, under = RichRoad(), UnderPosts(pages)
    services = Services(
        shelf=shelf,
        store=store,
        pages=pages,
        settings=settings,
        clock=clock,
        planner=planner,
        samples=TelegramMessenger(bot, PostPictures(bot, pictures, under=under), rich=rich, under=under),
        access=Access(bot, settings),
        seal=Seal(token.get_secret_value()),
        bot=bot,
        languages=ChatLanguages(store, settings.default_language, settings.default_layout),
        replies=Replies(pages, metrics.counted_readers(readers())),
        pictures=pictures,
        rich=rich,
        afterwards=Afterwards(),
    )
    closing.push_async_callback(services.afterwards.close)
    intake, sends = IntakeState(), Heartbeat()
    messenger = _messenger(services, herald, intake, under)
    closing.push_async_callback(messenger.close)
    sender = _sender(settings, store, CountedMessenger(messenger, metrics, sends.beat), clock)
    desk = Desk(services)
    feeder = Feeder(metrics.counted(desk.take), bot, desk.turn_away)
    return Instance(
        settings,
        services,
        store,
        clock,
        shelf,
        planner,
        sender,
        bot,
        feeder,
        intake,
        metrics,
        sends,
        webhook.Watch(bot),
        Leadership(store.lease, is_held_back=lambda: intake.conflict is not None),
    )


def _messenger(services: Services, herald: Bot, intake: IntakeState, under: UnderPosts) -> PinningMessenger:
    """Whoever brings the digests; nothing goes out while another instance owns the token."""
    paid = services.settings.paid_broadcast
    cards = PostPictures(herald, services.pictures, paid=paid, under=under)
    telegram = TelegramMessenger(
        herald, cards, paid=paid, held=lambda: intake.conflict, rich=services.rich, under=under
    )
    return PinningMessenger(telegram, herald, services.store.subscriptions)


def _speaker(token: SecretStr, session: Session) -> Bot:
    quiet = DefaultBotProperties(parse_mode="HTML", link_preview=LinkPreviewOptions(is_disabled=True))
    return Bot(token.get_secret_value(), session=session, default=quiet)


def _sender(
    settings: Settings, store: Store, messenger: Messenger, clock: SystemClock | ShiftedClock
) -> Sender:
    batch = max(1, min(int(settings.broadcast_rate or _LARGEST_BATCH), _LARGEST_BATCH))
    return Sender(
        store,
        messenger,
        clock.now,
        rules=Rules(on_unknown=settings.on_unknown),
        batch=batch,
        concurrency=min(batch, _MOST_CALLS),
    )


async def run_bot(settings: Settings, token: SecretStr, say: Say) -> None:
    """Run against Telegram until SIGTERM or SIGINT.

    Raises:
        Fault: something outside is wrong that waiting does not mend.
    """
    stop = stop_on_signals()
    async with AsyncExitStack() as closing:
        instance = await build(settings, token, SystemClock(), Gate(settings.broadcast_rate), closing)
        heartbeat = Heartbeat()
        log_lines = instance.metrics.log_handler
        logging.getLogger().addHandler(log_lines)
        closing.callback(logging.getLogger().removeHandler, log_lines)
        site = serving(_site(instance, heartbeat), settings.http_host, settings.http_port)
        url = await closing.enter_async_context(site)
        me = await insist(instance.bot.me, instance.intake, stop)
        if me is None:
            return
        ticks = Ticks()
        ticks.every(_PLAN_EVERY, "plan", lambda: _plan(instance, heartbeat))
        ticks.every(REFRESH_EVERY, "reports", instance.shelf.refresh)
        ticks.every(MENU_EVERY, "menu", lambda: introduce(instance))
        ticks.every(_TELL_EVERY, "tell", lambda: tell_subscribers(instance.services))
        if settings.webhook_url:
            ticks.every(_WATCH_EVERY, "webhook", lambda: instance.watch.look(instance.clock.now()))
        instance.store.changes.heed(Subject.REPORT, lambda _report: ticks.wake("reports"))
        await closing.enter_async_context(instance.store.changes.listening())
        Upkeep(instance.store, settings.keep_deliveries, instance.clock.now).join(ticks)
        ticks.start()
        closing.push_async_callback(ticks.stop)
        warm_up(instance.services)
        settle_memory()
        say(f"Silkline answers as @{me.username}; health: {url}/readyz")

        async def lead(term: asyncio.Event) -> None:
            instance.sends.beat()  # what waited until now is no trouble of this term
            ticks.wake("plan")
            await instance.sender.run(term)

        await until_stopped(stop, instance.leadership.run(stop, lead), take_in(instance, stop))
    log.info("stopped")


def _site(instance: Instance, ticks: Heartbeat) -> web.Application:
    settings, is_polling = instance.settings, instance.settings.webhook_url is None
    health = Health(
        instance.store,
        instance.intake,
        ticks,
        instance.sends,
        instance.clock.now,
        is_polling=is_polling,
        is_leading=lambda: instance.leadership.leads,
        webhook_trouble=lambda: instance.watch.problem,
    )

    async def metrics(_request: web.Request) -> web.Response:
        shown = instance.metrics.show(await health.readings())
        return web.Response(body=shown, headers={"Content-Type": CONTENT_TYPE})

    posts = {}
    if settings.webhook_secret is not None and not is_polling:
        handler = webhook.Webhook(instance.feeder, instance.intake, settings.webhook_secret)
        posts[webhook.PATH] = handler.handle
    return build_site(health.checks(), posts, {"/metrics": metrics}, lambda: instance.watch.problem)


async def introduce(instance: Instance) -> None:
    """Tell Telegram the bot's commands and profile, where they changed."""
    await set_menu(instance.bot, instance.settings)
    await set_profile(instance.bot, instance.services.pages, instance.settings)


async def _plan(instance: Instance, heartbeat: Heartbeat) -> None:
    queued = 0
    if instance.leadership.leads:
        queued = (await instance.planner.plan(instance.clock.now())).queued
    heartbeat.beat()
    if queued:
        instance.sender.wake()


async def take_in(instance: Instance, stop: asyncio.Event) -> None:
    """Handle updates, by polling or by webhook, until *stop* is set."""
    settings, bot = instance.settings, instance.bot
    url, secret = settings.webhook_url, settings.webhook_secret
    if url is None or secret is None:
        await insist(lambda: webhook.unregister(bot), instance.intake, stop)
        await Poller(bot, instance.feeder, instance.intake, list(UPDATES)).run(stop)
        return
    await insist(lambda: webhook.register(bot, url, secret, list(UPDATES)), instance.intake, stop)
    await stop.wait()
    await instance.feeder.drain(_DRAIN)
