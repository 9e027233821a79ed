"""The composition root: builds everything once."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.types import LinkPreviewOptions
from pydantic import SecretStr

from bot.access import Access
from bot.afterwards import Afterwards
from bot.connections import Connections
from bot.handlers import readers
from bot.handlers.desk import Desk
from bot.handlers.visit import Services
from bot.health import Heartbeat
from bot.intake import webhook
from bot.intake.feeding import Feeder
from bot.intake.state import IntakeState
from bot.languages import ChatLanguages
from bot.messenger import TelegramMessenger
from bot.metrics import CountedMessenger, Metrics
from bot.opening import ensure_font, filled_shelf, opened_store, planner_of
from bot.pacing import Gate, Lane
from bot.pictures import Pictures
from bot.pinning import PinningMessenger
from bot.postpictures import PostPictures
from bot.replies import Replies
from bot.richroad import RichRoad
from bot.sealing import Seal
from bot.session import Session
from bot.settings import Settings
from bot.shelf import Shelf
from bot.underposts import UnderPosts
from digests.clock import ShiftedClock, SystemClock
from digests.delivery import Messenger, Rules, Sender
from digests.leading import Leadership
from digests.pages import Pages
from digests.planning import Planner
from digests.store import Store

#: At most a second's worth of sending is claimed at once; without a limit, this many.
_LARGEST_BATCH = 500

#: Calls of a broadcast in flight.
_MOST_CALLS = 100


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
    shelf = await filled_shelf(store, settings)
    services = _services(settings, token, clock, store=store, shelf=shelf, bot=bot, metrics=metrics)
    closing.push_async_callback(services.pictures.close)
    closing.push_async_callback(services.afterwards.close)
    intake, sends = IntakeState(), Heartbeat()
    messenger = _messenger(services, herald, intake)
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
        services.planner,
        sender,
        bot,
        feeder,
        intake,
        metrics,
        sends,
        webhook.Watch(bot),
        Leadership(store.lease, is_held_back=lambda: intake.conflict is not None),
    )


def _services(
    settings: Settings,
    token: SecretStr,
    clock: SystemClock | ShiftedClock,
    *,
    store: Store,
    shelf: Shelf,
    bot: Bot,
    metrics: Metrics,
) -> Services:
    """What handlers ask."""
    pages, rich = Pages(), RichRoad()
    pictures = Pictures(lambda: shelf.current, store.files, pages, settings.picture_theme)
    under = UnderPosts(pages)
    return Services(
        shelf=shelf,
        store=store,
        pages=pages,
        settings=settings,
        clock=clock,
        planner=planner_of(store, shelf, pages, settings),
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


def _messenger(services: Services, herald: Bot, intake: IntakeState) -> PinningMessenger:
    """Whoever brings the digests; nothing goes out while another instance owns the token."""
    paid, under = services.settings.paid_broadcast, UnderPosts(services.pages)
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
