"""The dispatcher: its routers, its middlewares, and what handlers may ask for by name."""

from __future__ import annotations

from typing import Any

from aiogram import Bot, Dispatcher, Router
from aiogram.types import Update

from bot.handlers.general.error_report import error_report_router
from bot.handlers.general.fallback import fallback_router
from bot.handlers.general.forget import forget_router
from bot.handlers.general.language import language_router
from bot.handlers.middlewares.answering import LanguageMiddleware, ResponderMiddleware
from bot.handlers.middlewares.errors import ErrorsMiddleware
from bot.handlers.middlewares.reading import ButtonReader, MessageReader
from bot.handlers.middlewares.tidying import ChannelTidying
from bot.handlers.middlewares.workload import Workload
from bot.handlers.operators import operators_router
from bot.handlers.pictures import pictures_router
from bot.handlers.report.router import report_router
from bot.handlers.research.router import research_router
from bot.handlers.settings.commands import settings_router
from bot.handlers.settings.in_private import linked_settings_router
from bot.handlers.settings.narrowing import narrowing_router
from bot.handlers.subscription.membership import membership_router
from bot.handlers.subscription.my_chats import my_chats_router
from bot.handlers.subscription.onboarding import onboarding_router
from bot.handlers.subscription.preview import preview_router
from bot.handlers.subscription.subscribe import subscribe_router

#: The kinds of update that are handled, as Telegram names them.
UPDATES = ("message", "channel_post", "callback_query", "my_chat_member")


def make_dispatcher(**dependencies: Any) -> Dispatcher:
    """The dispatcher; *dependencies* are injected into handlers, filters and middlewares by name."""
    dispatcher = Dispatcher(disable_fsm=True, **dependencies)
    _add_middlewares(dispatcher)
    dispatcher.include_routers(*_routers())
    return dispatcher


async def feed(dispatcher: Dispatcher, bot: Bot, update: Update) -> None:
    """Hand the event of an update to the routers.

    `Dispatcher.feed_update` does the same behind middlewares of its own, for states and errors, which
    this bot has no use for and which would cost a third of an answer's time.
    """
    for kind in UPDATES:
        event = getattr(update, kind)
        if event is not None:
            await dispatcher.propagate_event(kind, event, **dispatcher.workflow_data, bot=bot)
            return


def _routers() -> tuple[Router, ...]:
    """In the order in which they are asked: what is asked most comes first."""
    return (
        report_router(),
        research_router(),
        pictures_router(),
        subscribe_router(),
        settings_router(),
        narrowing_router(),
        linked_settings_router(),
        preview_router(),
        language_router(),
        forget_router(),
        error_report_router(),
        my_chats_router(),
        onboarding_router(),
        membership_router(),
        operators_router(),
        fallback_router(),
    )


def _add_middlewares(dispatcher: Dispatcher) -> None:
    workload = Workload()
    for kind in UPDATES:
        dispatcher.observers[kind].outer_middleware(workload)
    reader = MessageReader()
    for observer in (dispatcher.message, dispatcher.channel_post):
        observer.outer_middleware(reader)
    dispatcher.callback_query.outer_middleware(ButtonReader())
    dispatcher.channel_post.middleware(ChannelTidying())
    for middleware in (LanguageMiddleware(), ResponderMiddleware(), ErrorsMiddleware()):
        for observer in (dispatcher.message, dispatcher.channel_post, dispatcher.callback_query):
            observer.middleware(middleware)
