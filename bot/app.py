"""The composition root: builds everything once."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass

from aiogram import Bot
from pydantic import SecretStr

from bot.handlers import readers
from bot.handlers.chat_languages import ChatLanguages
from bot.handlers.context import Services
from bot.handlers.dispatcher import Desk
from bot.ops.background import BackgroundTasks
from bot.ops.health import Heartbeat
from bot.ops.metrics import CountedMessenger, Metrics
from bot.sending.messenger import TelegramMessenger
from bot.sending.picture_cache import PictureCache
from bot.sending.pinning import PinningMessenger
from bot.sending.post_cards import PostCards
from bot.sending.post_keyboard import PostKeyboard
from bot.sending.rich_fallback import RichFallback
from bot.settings import Settings
from bot.startup import ensure_font, loaded_library_holder, make_planner, open_store
from bot.telegram.client import TelegramSession, make_bot
from bot.telegram.middlewares import CountCalls, RateLimit, RetryAnswers
from bot.telegram.permissions import Permissions
from bot.telegram.rate_limiter import Lane, RateLimiter
from bot.telegram.signed_callbacks import CallbackSigner
from bot.updates import webhook
from bot.updates.state import IntakeState
from bot.updates.update_queue import UpdateQueue
from bot.updates.update_record import UpdateRecord
from bot.views.reply_cache import ReplyCache
from digests.delivery.calls import Messenger
from digests.delivery.clock import ShiftedClock, SystemClock
from digests.delivery.leader import LeaderElection
from digests.delivery.planner import Planner
from digests.delivery.retry_policy import RetryPolicy
from digests.delivery.sender import Sender
from digests.library_holder import LibraryHolder
from digests.pages import Pages
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
    library_holder: LibraryHolder
    planner: Planner
    sender: Sender
    bot: Bot
    update_queue: UpdateQueue
    intake: IntakeState
    metrics: Metrics
    sends: Heartbeat
    watch: webhook.Watch
    leader_election: LeaderElection


async def build(
    settings: Settings,
    token: SecretStr,
    clock: SystemClock | ShiftedClock,
    limiter: RateLimiter,
    closing: AsyncExitStack,
) -> Instance:
    """Put the parts together; *closing* closes what they opened.

    Raises:
        OperatorError: the font is missing, the database cannot be opened, or no report can be used.
    """
    ensure_font()
    store = await closing.enter_async_context(open_store(settings.database_url, may_migrate=True))
    metrics = Metrics()
    store.observe(metrics.statement_took)
    session = _session(settings, limiter, metrics)
    closing.push_async_callback(session.close)
    bot, broadcast_bot = (
        make_bot(token.get_secret_value(), session, lane) for lane in (Lane.ANSWER, Lane.BROADCAST)
    )
    library_holder = await loaded_library_holder(store, settings)
    services = _services(
        settings, token, clock, store=store, library_holder=library_holder, bot=bot, metrics=metrics
    )
    closing.push_async_callback(services.pictures.close)
    closing.push_async_callback(services.background.close)
    intake, sends = IntakeState(), Heartbeat()
    messenger = _messenger(services, broadcast_bot, intake)
    closing.push_async_callback(messenger.close)
    sender = _sender(settings, store, CountedMessenger(messenger, metrics, sends.beat), clock)
    closing.push_async_callback(sender.close)
    desk = Desk(services)
    record = UpdateRecord(store.held_updates, bot.id, clock.now)
    update_queue = UpdateQueue(metrics.counted(desk.take), bot, desk.turn_away, record=record)
    return Instance(
        settings,
        services,
        store,
        clock,
        library_holder,
        services.planner,
        sender,
        bot,
        update_queue,
        intake,
        metrics,
        sends,
        webhook.Watch(bot),
        LeaderElection(store.lease, is_held_back=lambda: intake.conflict is not None),
    )


def _services(
    settings: Settings,
    token: SecretStr,
    clock: SystemClock | ShiftedClock,
    *,
    store: Store,
    library_holder: LibraryHolder,
    bot: Bot,
    metrics: Metrics,
) -> Services:
    """What handlers ask."""
    pages, rich = Pages(), RichFallback()
    pictures = PictureCache(lambda: library_holder.current, store.files, pages, settings.picture_theme)
    post_keyboard = PostKeyboard(pages)
    return Services(
        library_holder=library_holder,
        store=store,
        pages=pages,
        settings=settings,
        clock=clock,
        planner=make_planner(store, library_holder, pages, settings),
        preview_messenger=TelegramMessenger(
            bot, PostCards(bot, pictures, post_keyboard=post_keyboard), rich=rich, post_keyboard=post_keyboard
        ),
        permissions=Permissions(bot, settings),
        signer=CallbackSigner(token.get_secret_value()),
        bot=bot,
        languages=ChatLanguages(store, settings.default_language, settings.default_layout),
        replies=ReplyCache(pages, metrics.counted_readers(readers())),
        pictures=pictures,
        rich=rich,
        background=BackgroundTasks(),
    )


def _messenger(services: Services, broadcast_bot: Bot, intake: IntakeState) -> PinningMessenger:
    """Whoever brings the digests; nothing goes out while another instance owns the token."""
    paid, post_keyboard = services.settings.paid_broadcast, PostKeyboard(services.pages)
    cards = PostCards(broadcast_bot, services.pictures, paid=paid, post_keyboard=post_keyboard)
    telegram = TelegramMessenger(
        broadcast_bot,
        cards,
        paid=paid,
        held=lambda: intake.conflict,
        rich=services.rich,
        post_keyboard=post_keyboard,
    )
    return PinningMessenger(telegram, broadcast_bot, services.store.subscriptions)


def _session(settings: Settings, limiter: RateLimiter, metrics: Metrics) -> TelegramSession:
    """The session through which everything goes out; its middlewares run from the first to the last."""
    session = TelegramSession(settings.bot_api_url, settings.proxy())
    for middleware in (CountCalls(metrics.called), RetryAnswers(), RateLimit(limiter)):
        session.middleware(middleware)
    return session


def _sender(
    settings: Settings, store: Store, messenger: Messenger, clock: SystemClock | ShiftedClock
) -> Sender:
    batch = max(1, min(int(settings.broadcast_rate or _LARGEST_BATCH), _LARGEST_BATCH))
    return Sender(
        store,
        messenger,
        clock.now,
        policy=RetryPolicy(on_unknown=settings.on_unknown),
        batch=batch,
        concurrency=min(batch, _MOST_CALLS),
    )
