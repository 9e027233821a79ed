"""The half of the composition that answers: the dispatcher, and what its handlers ask for by name."""

from __future__ import annotations

from aiogram import Dispatcher
from pydantic import SecretStr

from bot.handlers.chat_languages import ChatLanguages
from bot.handlers.dispatcher import make_dispatcher
from bot.handlers.general.error_report import ErrorReports
from bot.handlers.responder import Outlets
from bot.handlers.responders import Responders
from bot.handlers.settings.page import SettingsPage
from bot.handlers.settings.self_check import SelfCheck
from bot.handlers.subscription.onboarding import Onboarding
from bot.handlers.subscription.preview import Previews
from bot.handlers.subscription.resumption_notices import ResumptionNotices
from bot.handlers.subscription.service import SubscriptionService
from bot.ops.background import BackgroundTasks
from bot.sending.document_cache import DocumentCache
from bot.sending.messenger import TelegramMessenger
from bot.sending.picture_cache import PictureCache
from bot.sending.post_cards import PostCards
from bot.sending.post_keyboard import PostKeyboard
from bot.sending.rich_fallback import RichFallback
from bot.settings import Settings
from bot.telegram.client import LaneBot
from bot.telegram.permissions import Permissions
from bot.telegram.signed_callbacks import CallbackSigner
from bot.views.reply_cache import ReplyCache
from digests.delivery.clock import ShiftedClock, SystemClock
from digests.delivery.planner import Planner
from digests.library_holder import LibraryHolder
from digests.pages import Pages
from digests.store import Store


def make_responders(
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


def compose_dispatcher(
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
        resumption_notices=ResumptionNotices(
            store, permissions=permissions, responders=responders, settings_page=settings_page, clock=clock
        ),
        previews=_previews(responders, clock),
        background=BackgroundTasks(),
        error_reports=ErrorReports(responders, settings.admin_ids),
        documents=DocumentCache(store.files),
    )


def _previews(responders: Responders, clock: SystemClock | ShiftedClock) -> Previews:
    """Posts that are shown before their time; they go out as answers do."""
    outlets, library_holder, pages = responders.outlets, responders.library_holder, responders.pages
    post_keyboard = PostKeyboard(pages, library_holder, outlets.bot)
    cards = PostCards(outlets.bot, outlets.pictures, post_keyboard=post_keyboard)
    messenger = TelegramMessenger(outlets.bot, cards, rich=outlets.rich, post_keyboard=post_keyboard)
    return Previews(messenger, library_holder, pages, clock)
