"""The composition root: builds everything once."""

from __future__ import annotations

from contextlib import AsyncExitStack

from aiogram import Dispatcher
from aiogram.types import Update
from pydantic import SecretStr

from bot.answering import compose_dispatcher, make_responders
from bot.handlers.dispatcher import feed
from bot.handlers.responder import Outlets
from bot.handlers.responders import Responders
from bot.handlers.turning_away import guarded_queue
from bot.handlers.views import VIEWS
from bot.instance import Instance
from bot.ops.health import Heartbeat
from bot.ops.metrics import CountedMessenger, Metrics
from bot.ops.tracing import Tracing
from bot.sending.messenger import TelegramMessenger
from bot.sending.pinning import PinningMessenger
from bot.sending.post_cards import PostCards
from bot.sending.post_keyboard import PostKeyboard
from bot.settings import Settings
from bot.startup import ensure_font, loaded_library_holder, make_planner, open_store
from bot.telegram.client import LaneBot, TelegramSession, make_bot
from bot.telegram.middlewares import CountCalls, RateLimit, RetryAnswers
from bot.telegram.rate_limiter import Lane, RateLimiter
from bot.updates import webhook
from bot.updates.state import IntakeState
from bot.updates.update_queue import UpdateQueue
from bot.updates.update_record import UpdateRecord
from bot.views.reply_cache import ReplyCache
from digests.delivery.calls import Messenger
from digests.delivery.clock import ShiftedClock, SystemClock
from digests.delivery.leader import LeaderElection
from digests.delivery.retry_policy import RetryPolicy
from digests.delivery.sender import Sender
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
    session = _session(settings, limiter, metrics, tracing)
    closing.push_async_callback(session.close)
    bot, broadcast_bot = (
        make_bot(token.get_secret_value(), session, lane) for lane in (Lane.ANSWER, Lane.BROADCAST)
    )
    library_holder = await loaded_library_holder(store, settings)
    pages = Pages()
    planner = make_planner(store, library_holder, pages, settings)
    responders = make_responders(
        settings, token, clock, bot=bot, store=store, library_holder=library_holder, pages=pages
    )
    closing.push_async_callback(responders.outlets.pictures.close)
    replies = ReplyCache(metrics.counted_views(VIEWS))
    dispatcher = compose_dispatcher(
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
    broadcast_bot.may_call = sender.may_call
    closing.push_async_callback(sender.close)

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
        update_queue=_update_queue(settings, clock, dispatcher, metrics, tracing),
        intake=intake,
        metrics=metrics,
        tracing=tracing,
        sends=sends,
        watch=webhook.Watch(bot),
        leader_election=LeaderElection(store.lease, is_held_back=lambda: intake.conflict is not None),
    )


def _session(settings: Settings, limiter: RateLimiter, metrics: Metrics, tracing: Tracing) -> TelegramSession:
    """The session through which everything goes out; its middlewares run from the first to the last."""
    session = TelegramSession(settings.bot_api_url, settings.proxy())
    for each in (*tracing.middlewares(), CountCalls(metrics.called), RetryAnswers(), RateLimit(limiter)):
        session.middleware(each)
    return session


def _update_queue(
    settings: Settings,
    clock: SystemClock | ShiftedClock,
    dispatcher: Dispatcher,
    metrics: Metrics,
    tracing: Tracing,
) -> UpdateQueue:
    """Hands updates to the dispatcher, timed and traced."""
    responders: Responders = dispatcher["responders"]
    bot, store = responders.outlets.bot, dispatcher["store"]

    async def handle(update: Update) -> None:
        await feed(dispatcher, bot, update)

    return guarded_queue(
        metrics.counted(tracing.handler(handle)),
        responders,
        UpdateRecord(store.held_updates, bot.id, clock.now),
        comes_again=settings.webhook_url is not None,
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
