"""The composition root: builds everything once."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass

from aiogram import Bot, Dispatcher
from aiogram.types import Update
from pydantic import SecretStr

from bot.handlers.chat_languages import ChatLanguages
from bot.handlers.dispatcher import make_dispatcher
from bot.handlers.responder import Outlets
from bot.handlers.responders import Responders
from bot.handlers.settings.page import SettingsPage
from bot.handlers.settings.self_check import SelfCheck
from bot.handlers.subscription.onboarding import Onboarding
from bot.handlers.subscription.preview import Previews
from bot.handlers.subscription.service import SubscriptionService
from bot.handlers.turning_away import TooManyQuestions
from bot.handlers.views import VIEWS
from bot.ops.background import BackgroundTasks
from bot.ops.health import Heartbeat
from bot.ops.metrics import CountedMessenger, Metrics
from bot.sending.document_cache import DocumentCache
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """The parts of a bot that the life of the instance works with."""

    settings: Settings
    store: Store
    clock: SystemClock | ShiftedClock
    pages: Pages
    library_holder: LibraryHolder
    planner: Planner
    sender: Sender
    bot: Bot
    dispatcher: Dispatcher
    responders: Responders
    replies: ReplyCache
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
    metrics, intake, sends = Metrics(), IntakeState(), Heartbeat()
    store.observe(metrics.statement_took)
    session = _session(settings, limiter, metrics)
    closing.push_async_callback(session.close)
    bot, broadcast_bot = (
        make_bot(token.get_secret_value(), session, lane) for lane in (Lane.ANSWER, Lane.BROADCAST)
    )
    library_holder = await loaded_library_holder(store, settings)
    pages, rich = Pages(), RichFallback()
    planner = make_planner(store, library_holder, pages, settings)
    pictures = PictureCache(lambda: library_holder.current, store.files, pages, settings.picture_theme)
    closing.push_async_callback(pictures.close)
    outlets = Outlets(bot, CallbackSigner(token.get_secret_value()), rich, pictures)
    languages = ChatLanguages(store, settings.default_language, settings.default_layout)
    responders = Responders(
        outlets,
        languages=languages,
        library_holder=library_holder,
        pages=pages,
        clock=clock,
        zone=settings.default_timezone,
    )
    replies = ReplyCache(metrics.counted_views(VIEWS))
    dispatcher = _dispatcher(
        settings=settings,
        clock=clock,
        store=store,
        planner=planner,
        library_holder=library_holder,
        languages=languages,
        responders=responders,
        replies=replies,
    )
    closing.push_async_callback(dispatcher["background"].close)
    messenger = _messenger(
        settings=settings,
        store=store,
        broadcast_bot=broadcast_bot,
        outlets=outlets,
        pages=pages,
        intake=intake,
    )
    closing.push_async_callback(messenger.close)

    sender = _sender(settings, store, CountedMessenger(messenger, metrics, sends.beat), clock)
    closing.push_async_callback(sender.close)

    async def handle(update: Update) -> None:
        await dispatcher.feed_update(bot, update)

    turn_away = TooManyQuestions(responders, languages).turn_away
    record = UpdateRecord(store.held_updates, bot.id, clock.now)
    return Instance(
        settings=settings,
        store=store,
        clock=clock,
        pages=pages,
        library_holder=library_holder,
        planner=planner,
        sender=sender,
        bot=bot,
        dispatcher=dispatcher,
        responders=responders,
        replies=replies,
        update_queue=UpdateQueue(metrics.counted(handle), bot, turn_away, record=record),
        intake=intake,
        metrics=metrics,
        sends=sends,
        watch=webhook.Watch(bot),
        leader_election=LeaderElection(store.lease, is_held_back=lambda: intake.conflict is not None),
    )


def _dispatcher(
    *,
    settings: Settings,
    clock: SystemClock | ShiftedClock,
    store: Store,
    planner: Planner,
    library_holder: LibraryHolder,
    languages: ChatLanguages,
    responders: Responders,
    replies: ReplyCache,
) -> Dispatcher:
    """The dispatcher, with what handlers ask for by name."""
    outlets = responders.outlets
    pages, permissions = responders.pages, Permissions(outlets.bot, settings)
    subscriptions = SubscriptionService(
        store,
        permissions=permissions,
        languages=languages,
        planner=planner,
        defaults=settings,
        clock=clock,
    )
    self_check = SelfCheck(permissions, store, clock)
    settings_page = SettingsPage(store, self_check, library_holder, clock)
    post_keyboard = PostKeyboard(pages)
    cards = PostCards(outlets.bot, outlets.pictures, post_keyboard=post_keyboard)
    messenger = TelegramMessenger(outlets.bot, cards, rich=outlets.rich, post_keyboard=post_keyboard)
    return make_dispatcher(
        updates_come_again=settings.webhook_url is not None,
        store=store,
        clock=clock,
        pages=pages,
        planner=planner,
        library_holder=library_holder,
        languages=languages,
        responders=responders,
        replies=replies,
        permissions=permissions,
        signer=outlets.signer,
        subscriptions=subscriptions,
        settings_page=settings_page,
        onboarding=Onboarding(subscriptions, responders, settings_page),
        previews=Previews(messenger, library_holder, pages, clock),
        background=BackgroundTasks(),
        documents=DocumentCache(store.files),
    )


def _messenger(
    *,
    settings: Settings,
    store: Store,
    broadcast_bot: Bot,
    outlets: Outlets,
    pages: Pages,
    intake: IntakeState,
) -> PinningMessenger:
    """Sends the digests; nothing goes out while another instance owns the token."""
    paid, post_keyboard = settings.paid_broadcast, PostKeyboard(pages)
    cards = PostCards(broadcast_bot, outlets.pictures, paid=paid, post_keyboard=post_keyboard)
    telegram = TelegramMessenger(
        broadcast_bot,
        cards,
        paid=paid,
        held=lambda: intake.conflict,
        rich=outlets.rich,
        post_keyboard=post_keyboard,
    )
    return PinningMessenger(telegram, broadcast_bot, store.subscriptions)


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
