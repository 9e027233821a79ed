"""What happens to the bot in a chat: added, muted, removed, blocked, moved to another id."""

from __future__ import annotations

import asyncio
import logging

from aiogram.exceptions import TelegramAPIError
from aiogram.types import Chat, ChatMemberUpdated, Message

from bot.handlers.context import Services, Visit
from bot.handlers.subscription.onboarding import Onboarding
from bot.telegram.permissions import rights_of
from bot.views.screen import Button, Screen
from digests.subscriptions import Address, SubscriptionState

log = logging.getLogger(__name__)

_OUT = frozenset({"left", "kicked"})

#: Who picked the chat in the private chat is heard a moment after the bot was added (seconds).
_OTHER_ROAD = 1.0


class Membership:
    """Suspends what cannot be reached, wakes it again, follows moves, and greets who added the bot."""

    def __init__(self, services: Services, onboarding: Onboarding) -> None:
        self._services = services
        self._onboarding = onboarding

    async def changed(self, event: ChatMemberUpdated) -> None:
        """The bot's own membership changed; settings are kept either way."""
        now = self._services.clock.now()
        subscriptions = self._services.store.subscriptions
        chat = event.chat
        rights = rights_of(event.new_chat_member.model_dump())
        if not rights.may_post:
            count = await subscriptions.suspend(chat.id, event.new_chat_member.status, now)
            log.info("%s in %s: %s subscriptions suspended", event.new_chat_member.status, chat.id, count)
            return
        await self._services.store.chats.remember(chat.id, chat.type, chat.title or "")
        woken = await subscriptions.wake(chat.id, now)
        log.info("admitted to %s: %s subscriptions resumed", chat.id, woken)
        could_post = rights_of(event.old_chat_member.model_dump()).may_post
        if chat.type != "private" and not could_post and not woken:
            await self._welcome(event)

    async def served(self, message: Message) -> None:
        """What a service message tells: a group moved, a topic was closed or opened again."""
        now, subscriptions = self._services.clock.now(), self._services.store.subscriptions
        address = Address(message.chat.id, message.message_thread_id or 0)
        if message.migrate_to_chat_id is not None:
            await self._moved(message.chat.id, message.migrate_to_chat_id)
        elif message.forum_topic_closed:
            await self._close_topic(address)
        elif message.forum_topic_reopened:
            await subscriptions.wake(address.chat_id, now, address.thread_id)

    async def _close_topic(self, address: Address) -> None:
        known = await self._services.store.subscriptions.get(address)
        if known is not None and not known.falls_back:
            now = self._services.clock.now()
            await self._services.store.subscriptions.suspend_topic(address, "TOPIC_CLOSED", now)

    async def _moved(self, old: int, new: int) -> None:
        await self._services.store.chats.move(old, new)
        self._services.languages.forget(old)
        self._services.languages.forget(new)

    async def _welcome(self, event: ChatMemberUpdated) -> None:
        """A channel is subscribed for the administrator who added the bot; a group is offered it."""
        user, chat = event.from_user, event.chat
        language = await self._services.languages.of(user.id, user.language_code)
        private = Chat(id=user.id, type="private", first_name=user.first_name)
        message = Message(message_id=0, date=event.date, chat=private, from_user=user).as_(event.bot)
        visit = Visit(message, message, language, chat.type, self._services, target=Address(chat.id))
        if chat.type == "channel":
            subscribed = await self._onboarding.subscribe(visit, chat.title or "")
            log.info(
                "%s added the bot to %s: %s", user.id, chat.id, "subscribed" if subscribed else "refused"
            )
            return
        await asyncio.sleep(_OTHER_ROAD)
        await self._offer(visit, chat.title or "")

    async def _offer(self, visit: Visit, title: str) -> None:
        known = await self._services.store.subscriptions.get(visit.address)
        if known is not None and known.state is SubscriptionState.ACTIVE:
            return
        text = visit.say(
            "I am in “%(title)s” now. Its administrators can subscribe it to digests.", title=title
        )
        button = Button("▶️ " + visit.say("Subscribe"), visit.sealed("r"))
        html = visit.question().render("notice", text=text, examples=())
        try:
            await visit.show(Screen(html, ((button,),)))
        except TelegramAPIError as error:
            log.info("%s cannot be told in private: %s", visit.user_id, error)
