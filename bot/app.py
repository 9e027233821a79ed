"""The composition root: builds everything once."""

from __future__ import annotations

from contextlib import AsyncExitStack

from aiogram import Dispatcher
from aiogram.types import Update
from pydantic import SecretStr

from bot.handlers.chat_languages import ChatLanguages
from bot.handlers.dispatcher import feed, make_dispatcher
from bot.handlers.general.error_report import ErrorReports
from bot.handlers.responder import Outlets
from bot.handlers.responders import Responders
from bot.handlers.settings.page import SettingsPage
from bot.handlers.settings.self_check import SelfCheck
from bot.handlers.subscription.onboarding import Onboarding
from bot.handlers.subscription.preview import Previews
from bot.handlers.subscription.resumption_notices import ResumptionNotices
from bot.handlers.subscription.service import SubscriptionService
from bot.handlers.turning_away import guarded_queue
from bot.handlers.views import VIEWS
from bot.instance import Instance
from bot.ops.background import BackgroundTasks
from bot.ops.health import Heartbeat
from bot.ops.metrics import CountedMessenger, Metrics
from bot.ops.tracing import Tracing
from bot.sending.document_cache import DocumentCache
from bot.sending.messenger import TelegramMessenger
from bot.sending.picture_cache import PictureCache
from bot.sending.pinning import PinningMessenger
from bot.sending.post_cards import PostCards
from bot.sending.post_keyboard import PostKeyboard
from bot.sending.rich_fallback import RichFallback
from bot.settings import Settings
from bot.startup import ensure_font, loaded_library_holder, make_planner, open_store
from bot.telegram.client import LaneBot, TelegramSession, make_bot
from bot.telegram.middlewares import CountCalls, RateLimit, RetryAnswers
from bot.telegram.permissions import Permissions
from bot.telegram.rate_limiter import Lane, RateLimiter
from bot.telegram.signed_callbacks import CallbackSigner
from bot.updates import webhook
from bot.updates.state import IntakeState
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
    metrics, tracing = Metrics(), Tracing(settings.otel_exporter_otlp_endpoint)
    intake, sends = IntakeState(), Heartbeat()
    store.observe(metrics.statement_took)
    closing.push_async_callback(tracing.close)
    session = TelegramSession(settings.bot_api_url, settings.proxy())
    for each in (*tracing.middlewares(), CountCalls(metrics.called), RetryAnswers(), RateLimit(limiter)):
        session.middleware(each)  # they run from the first to the last
    closing.push_async_callback(session.close)
    bot, broadcast_bot = (
        make_bot(token.get_secret_value(), session, lane) for lane in (Lane.ANSWER, Lane.BROADCAST)
    )
    library_holder = await loaded_library_holder(store, settings)
    pages = Pages()
    planner = make_planner(store, library_holder, pages, settings)
    responders = _responders(
        settings, token, clock, bot=bot, store=store, library_holder=library_holder, pages=pages
    )
    closing.push_async_callback(responders.outlets.pictures.close)
    replies = ReplyCache(metrics.counted_views(VIEWS))
    dispatcher = _dispatcher(
        settings, clock, store=store, planner=planner, responders=responders, replies=replies
    )
    closing.push_async_callback(dispatcher["background"].close)
    messenger = _messenger(
        settings,
        store,
        broadcast_bot=broadcast_bot,
        outlets=responders.outlets,
        post_keyboard=PostKeyboard(pages, library_holder, bot),
        intake=intake,
    )
    closing.push_async_callback(messenger.close)
    messages = tracing.messenger(CountedMessenger(messenger, metrics, sends.beat))
    sender = _sender(settings, store, messages, clock)
    closing.push_async_callback(sender.close)

    async def handle(update: Update) -> None:
        await feed(dispatcher, bot, update)

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
        update_queue=guarded_queue(
            metrics.counted(tracing.handler(handle)),
            responders,
            record,
            comes_again=settings.webhook_url is not None,
        ),
        intake=intake,
        metrics=metrics,
        tracing=tracing,
        sends=sends,
        watch=webhook.Watch(bot),
        leader_election=LeaderElection(store.lease, is_held_back=lambda: intake.conflict is not None),
    )


def _responders(
    settings: Settings,
    token: SecretStr,
    clock: SystemClock | ShiftedClock,
    *,
    bot: LaneBot,
    store: Store,
    library_holder: LibraryHolder,
    pages: Pages,
) -> Responders:
    """What makes answers, in the language and layout of each chat."""
    pictures = PictureCache(lambda: library_holder.current, store.files, pages, settings.picture_theme)
    signer = CallbackSigner(token.get_secret_value())
    return Responders(
        Outlets(bot, signer, RichFallback(), pictures),
        languages=ChatLanguages(store, settings.default_language, settings.default_layout),
        library_holder=library_holder,
        pages=pages,
        clock=clock,
        zone=settings.default_timezone,
    )


def _dispatcher(
    settings: Settings,
    clock: SystemClock | ShiftedClock,
    *,
    store: Store,
    planner: Planner,
    responders: Responders,
    replies: ReplyCache,
) -> Dispatcher:
    """The dispatcher, with what handlers ask for by name."""
    outlets, languages = responders.outlets, responders.languages
    library_holder, pages = responders.library_holder, responders.pages
    permissions = Permissions(outlets.bot, settings)
    subscriptions = SubscriptionService(
        store,
        permissions=permissions,
        languages=languages,
        planner=planner,
        defaults=settings,
        clock=clock,
    )
    self_check = SelfCheck(permissions, store, clock)
    settings_page = SettingsPage(store, self_check, library_holder, clock, settings.picture_theme)
    post_keyboard = PostKeyboard(pages, library_holder, outlets.bot)
    cards = PostCards(outlets.bot, outlets.pictures, post_keyboard=post_keyboard)
    messenger = TelegramMessenger(outlets.bot, cards, rich=outlets.rich, post_keyboard=post_keyboard)
    return make_dispatcher(
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
        resumption_notices=ResumptionNotices(store, responders, settings_page, clock),
        previews=Previews(messenger, library_holder, pages, clock),
        background=BackgroundTasks(),
        error_reports=ErrorReports(responders, settings.admin_ids),
        documents=DocumentCache(store.files),
    )


def _messenger(
    settings: Settings,
    store: Store,
    *,
    broadcast_bot: LaneBot,
    outlets: Outlets,
    post_keyboard: PostKeyboard,
    intake: IntakeState,
) -> PinningMessenger:
    """Sends the digests; nothing goes out while another instance owns the token."""
    paid = settings.paid_broadcast
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
