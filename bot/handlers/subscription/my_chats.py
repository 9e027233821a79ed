"""The chats that a person subscribed, to be looked after from the private chat."""

from __future__ import annotations

import asyncio
from itertools import compress

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.handlers.filters import SignedActionFilter
from bot.handlers.responder import Responder
from bot.handlers.settings.page import SettingsPage
from bot.telegram.callback_data import SubscriptionAction
from bot.telegram.permissions import Permissions
from bot.telegram.sender import Sender
from bot.views.buttons import add_buttons
from bot.views.screen import Button, Screen, in_rows
from digests.store import Store
from digests.subscriptions import SubscriptionState

_SIGNS = {
    SubscriptionState.ACTIVE: "✅",
    SubscriptionState.SUSPENDED: "⏸",
    SubscriptionState.UNSUBSCRIBED: "🚫",
}
_SHOWN = 40


def my_chats_router() -> Router:
    """The button that lists them."""
    router = Router(name="my chats")
    router.callback_query.register(my_chats, SignedActionFilter(SubscriptionAction.MY_CHATS))
    return router


async def my_chats(
    _callback: CallbackQuery,
    sender: Sender,
    responder: Responder,
    store: Store,
    permissions: Permissions,
    settings_page: SettingsPage,
) -> None:
    """The list of them, each with a button that opens its settings; without those of others now."""
    if not sender.is_private or sender.user_id is None:
        await responder.notice(responder.say("Your chats are listed in our private chat."))
        return
    made = (await store.subscriptions.made_by(sender.user_id))[:_SHOWN]
    person = sender.user_id
    theirs = await asyncio.gather(*(permissions.may_be_told(person, each.address.chat_id) for each in made))
    made = tuple(compress(made, theirs))
    buttons = []
    for subscription in made:
        title = await settings_page.title(responder, subscription.address)
        data = responder.signed(SubscriptionAction.OPEN_SECTION, subscription.address, "main")
        buttons.append(Button(f"{_SIGNS[subscription.state]} {title}", data))
    html = responder.render("chats", chats=made)
    await responder.show(Screen(html, (*in_rows(buttons, 1), add_buttons(responder.request))))
