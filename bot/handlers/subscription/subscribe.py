"""/subscribe and /unsubscribe: the digests of a chat begin and end."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery, TelegramObject

from bot.handlers.filters import CommandFilter, SignedActionFilter
from bot.handlers.responder import Responder
from bot.handlers.settings.commands import edit_by, explain, offer_subscription, show_change
from bot.handlers.settings.page import SettingsPage
from bot.handlers.settings.parser import UnknownSettingError
from bot.handlers.subscription.service import SubscriptionService
from bot.telegram.callback_data import StopCallback, StopTopicCallback, SubscriptionAction
from bot.telegram.sender import Sender
from digests.delivery.clock import Clock
from digests.library_holder import LibraryHolder
from digests.schedules import Occasion
from digests.subscriptions import Address, SubscriptionState


def subscribe_router() -> Router:
    """The commands and buttons that begin and end digests."""
    router = Router(name="subscribe")
    for observer in (router.message, router.channel_post):
        observer.register(subscribe, CommandFilter("subscribe"))
        observer.register(unsubscribe, CommandFilter("unsubscribe"))
    router.callback_query.register(subscribe, SignedActionFilter(SubscriptionAction.SUBSCRIBE))
    router.callback_query.register(unsubscribe, SignedActionFilter(SubscriptionAction.UNSUBSCRIBE))
    router.callback_query.register(send_now, SignedActionFilter(SubscriptionAction.SEND_NOW))
    router.callback_query.register(stop, StopCallback.filter())
    router.callback_query.register(stop, StopTopicCallback.filter())
    return router


async def subscribe(
    _event: TelegramObject,
    *,
    sender: Sender,
    address: Address,
    argument: str,
    responder: Responder,
    subscriptions: SubscriptionService,
    settings_page: SettingsPage,
    library_holder: LibraryHolder,
    clock: Clock,
) -> None:
    """``/subscribe [words]``: subscribe this chat or topic, or change what it has."""
    edit = edit_by(argument, library_holder, clock.now())
    try:
        change = await subscriptions.subscribe(sender, address, edit, responder.language)
    except UnknownSettingError as error:
        await explain(
            responder,
            subscriptions=subscriptions,
            sender=sender,
            address=address,
            error=error,
            command="subscribe",
        )
        return
    await show_change(responder, settings_page, change)


async def unsubscribe(
    _event: TelegramObject,
    sender: Sender,
    address: Address,
    responder: Responder,
    subscriptions: SubscriptionService,
) -> None:
    """``/unsubscribe``: end the digests; the settings are kept."""
    if await subscriptions.unsubscribe(sender, address):
        text = responder.say("Unsubscribed. The settings are kept; to begin again:")
    else:
        text = responder.say("This chat is not subscribed. To begin:")
    await offer_subscription(responder, address, text)


async def stop(
    _callback: CallbackQuery,
    callback_data: StopCallback | StopTopicCallback,
    sender: Sender,
    responder: Responder,
    subscriptions: SubscriptionService,
) -> None:
    """The button under a digest in a private chat: one tap, and the digest itself stays readable."""
    if not sender.is_private:
        return
    topic = callback_data if isinstance(callback_data, StopTopicCallback) else sender
    if await subscriptions.unsubscribe(sender, Address(sender.chat_id, topic.thread_id)):
        await responder.notice(responder.say("Unsubscribed. To begin again: /subscribe"))
    else:
        await responder.notice(responder.say("It is not subscribed any more. To begin again: /subscribe"))


async def send_now(
    _callback: CallbackQuery,
    *,
    sender: Sender,
    address: Address,
    argument: str,
    responder: Responder,
    subscriptions: SubscriptionService,
) -> None:
    """The button that sends today's post after a change would have skipped it."""
    try:
        occasion = Occasion.parse(argument)
    except ValueError:
        text = responder.say("This button is from an older version. Please send the command again.")
        await responder.notice(text)
        return
    known = await subscriptions.read(sender, address)
    if known is None or known.state is not SubscriptionState.ACTIVE:
        await responder.notice(responder.say("It is not subscribed any more. To begin again: /subscribe"))
        return
    is_queued = await subscriptions.send_now(sender, address, occasion)
    posted = responder.say("It will be posted at once.")
    await responder.notice(posted if is_queued else responder.say("This post is there already."))
