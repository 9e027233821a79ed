"""Presses of the buttons that narrow what is told."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.handlers.filters import SignedActionFilter
from bot.handlers.responder import Responder
from bot.handlers.settings.narrowing_buttons import TooManyChoicesError, narrowed_by
from bot.handlers.settings.page import SettingsPage
from bot.handlers.subscription.service import SubscriptionService
from bot.telegram.callback_data import SubscriptionAction
from bot.telegram.sender import Sender
from digests.library_holder import LibraryHolder
from digests.narrowing import MOST_CHOICES
from digests.subscriptions import Address, Subscription


def narrowing_router() -> Router:
    """The ticks, and the button that chooses everything."""
    router = Router(name="narrowing")
    router.callback_query.register(narrow, SignedActionFilter(SubscriptionAction.NARROW))
    return router


class _UnknownChoiceError(ValueError):
    """The button is of a state of the reports that is over."""


async def narrow(
    _callback: CallbackQuery,
    *,
    sender: Sender,
    address: Address,
    argument: str,
    responder: Responder,
    subscriptions: SubscriptionService,
    settings_page: SettingsPage,
    library_holder: LibraryHolder,
) -> None:
    """Tick or untick a choice, and show the same page again."""
    sections: list[str] = []

    def edit(subscription: Subscription) -> Subscription:
        library = library_holder.current.following(subscription.reports)
        narrowed = narrowed_by(subscription, argument, library)
        if narrowed is None:
            raise _UnknownChoiceError
        sections.append(narrowed[1])
        return narrowed[0]

    try:
        change = await subscriptions.change(sender, address, edit)
    except TooManyChoicesError:
        await responder.notice(responder.say("At most %(most)s can be chosen.", most=MOST_CHOICES))
        return
    except _UnknownChoiceError:
        change = None
    if change is None:
        text = responder.say("This button is from an older version. Please send the command again.")
        await responder.notice(text)
        return
    screen = await settings_page.screen(responder, change.after, sections[-1], before=change.before)
    await responder.show(screen)
