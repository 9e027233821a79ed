"""What happens to the bot in a chat: added, muted, removed, blocked, moved to another id."""

from __future__ import annotations

import asyncio
import logging

from aiogram import Router
from aiogram.exceptions import TelegramAPIError
from aiogram.types import ChatMemberUpdated, Message

from bot.handlers.chat_languages import ChatLanguages
from bot.handlers.filters import ServiceMessageFilter
from bot.handlers.responders import Responders
from bot.handlers.subscription.onboarding import Onboarding
from bot.handlers.subscription.refusals import RefusedError
from bot.handlers.subscription.resumption_notices import ResumptionNotices
from bot.telegram.callback_data import ChatKind, SubscriptionAction
from bot.telegram.calls.limits import TITLE_LIMIT
from bot.telegram.permissions import Permissions, RightsUnknownError, rights_of
from bot.telegram.sender import Sender
from bot.views.screen import Button, Screen
from digests.delivery.clock import Clock
from digests.store import Store
from digests.subscriptions import Address, SubscriptionState
from digests.text import isolated

log = logging.getLogger(__name__)

#: A chat that is picked in private is reported there a moment after the bot was added (seconds).
_OTHER_ROAD = 1.0


def membership_router() -> Router:
    """The bot's own membership, and service messages about chats and topics."""
    router = Router(name="membership")
    router.my_chat_member.register(change_membership)
    router.message.register(move_chat, ServiceMessageFilter("migrate_to_chat_id"))
    router.message.register(close_topic, ServiceMessageFilter("forum_topic_closed"))
    router.message.register(reopen_topic, ServiceMessageFilter("forum_topic_reopened"))
    return router


async def change_membership(
    event: ChatMemberUpdated,
    *,
    store: Store,
    clock: Clock,
    responders: Responders,
    onboarding: Onboarding,
    resumption_notices: ResumptionNotices,
) -> None:
    """Suspend what cannot be reached and wake it again; settings are kept. Greet who added the bot."""
    chat, now = event.chat, clock.now()
    if not rights_of(event.new_chat_member.model_dump()).may_post:
        count = await store.subscriptions.suspend(chat.id, event.new_chat_member.status, now)
        log.info("%s in %s: %s subscriptions suspended", event.new_chat_member.status, chat.id, count)
        return
    await store.chats.remember(chat.id, chat.type, chat.title or "")
    woken = await store.subscriptions.wake(chat.id, now)
    log.info("admitted to %s: %s subscriptions resumed", chat.id, len(woken))
    await resumption_notices.tell(woken)
    could_post = rights_of(event.old_chat_member.model_dump()).may_post
    if chat.type == "private" or could_post or woken:
        return
    if chat.type == "channel" and not _was_there(event):
        await _take_in(event, onboarding)
    else:
        await asyncio.sleep(_OTHER_ROAD)
        await _offer(event, store, responders)


def _was_there(event: ChatMemberUpdated) -> bool:
    """Whether the bot was in the chat before: another right of it is nobody's wish for digests."""
    return event.old_chat_member.status not in ("left", "kicked")


async def _take_in(event: ChatMemberUpdated, onboarding: Onboarding) -> None:
    """A channel is subscribed for the administrator who added the bot."""
    user, chat = event.from_user, event.chat
    sender = Sender.in_private(user.id, user.language_code)
    try:
        await onboarding.take_in(sender, chat.id, ChatKind.CHANNEL, chat.title or "")
    except RefusedError as error:
        log.info("%s added the bot to %s: %s", user.id, chat.id, error)


async def _offer(event: ChatMemberUpdated, store: Store, responders: Responders) -> None:
    """A chat is offered to who admitted the bot, unless it was picked and subscribed meanwhile.

    One that was subscribed once is not offered again whenever a right of the bot changes.
    """
    user, address = event.from_user, Address(event.chat.id)
    known = await store.subscriptions.get(address)
    if known is not None and (known.state is SubscriptionState.ACTIVE or _was_there(event)):
        return
    responder = await responders.in_private(user.id, user.language_code)
    text = responder.say(
        "I am in “%(title)s” now. Its administrators can subscribe it to digests.",
        title=isolated((event.chat.title or "")[:TITLE_LIMIT]),
    )
    data = responder.signed(SubscriptionAction.SUBSCRIBE, address)
    rows = ((Button("▶️ " + responder.say("Subscribe"), data),),)
    try:
        await responder.show(Screen(responder.render("notice", text=text, examples=()), rows))
    except TelegramAPIError as error:
        log.info("%s cannot be told in private: %s", user.id, error)


async def move_chat(
    message: Message,
    migrate_to_chat_id: int,
    *,
    store: Store,
    clock: Clock,
    languages: ChatLanguages,
    permissions: Permissions,
    resumption_notices: ResumptionNotices,
) -> None:
    """A group became a supergroup: it has another id.

    That the bot left the old one may have been told before, so that its digests are suspended.
    """
    old, new = message.chat.id, migrate_to_chat_id
    await store.chats.move(old, new)
    languages.forget(old)
    languages.forget(new)
    if await _may_post(permissions, new):
        await resumption_notices.tell(await store.subscriptions.wake(new, clock.now()))


async def _may_post(permissions: Permissions, chat_id: int) -> bool:
    try:
        return (await permissions.own_rights(chat_id)).may_post
    except RightsUnknownError:
        return False


async def close_topic(_message: Message, address: Address, store: Store, clock: Clock) -> None:
    """A topic was closed: its digests are suspended, unless they fall back to the group."""
    known = await store.subscriptions.get(address)
    if known is not None and not known.falls_back:
        await store.subscriptions.suspend_topic(address, "TOPIC_CLOSED", clock.now())


async def reopen_topic(
    _message: Message,
    address: Address,
    *,
    store: Store,
    clock: Clock,
    permissions: Permissions,
    resumption_notices: ResumptionNotices,
) -> None:
    """A topic was opened again; while the bot may not write there, it waits for that instead."""
    may_post = await _may_post(permissions, address.chat_id)
    woken = await store.subscriptions.wake(address.chat_id, clock.now(), address.thread_id)
    if may_post:
        await resumption_notices.tell(woken)
    elif woken:
        await store.subscriptions.suspend_topic(address, "restricted", clock.now())
