"""What happens to the bot in a chat: added, removed, blocked, moved to another id."""

from __future__ import annotations

import logging

from aiogram.types import ChatMemberUpdated, Message

from bot.handlers.visit import Services

log = logging.getLogger(__name__)

_OUT = frozenset({"left", "kicked"})


class Membership:
    """Suspends what cannot be reached, wakes it again, and follows moves."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def changed(self, event: ChatMemberUpdated) -> None:
        """The bot's own membership changed; settings are kept either way."""
        now = self._services.clock.now()
        subscriptions = self._services.store.subscriptions
        chat = event.chat
        if event.new_chat_member.status in _OUT:
            count = await subscriptions.suspend(chat.id, event.new_chat_member.status, now)
            log.info("removed from %s: %s subscriptions suspended", chat.id, count)
            return
        await self._services.store.chats.remember(chat.id, chat.type, chat.title or "")
        woken = await subscriptions.wake(chat.id, now)
        log.info("admitted to %s: %s subscriptions resumed", chat.id, woken)

    async def moved(self, message: Message) -> None:
        """A group became a supergroup: everything gets the new id."""
        if message.migrate_to_chat_id is None:
            return
        await self._services.store.chats.move(message.chat.id, message.migrate_to_chat_id)
        self._services.languages.forget(message.chat.id)
        self._services.languages.forget(message.migrate_to_chat_id)
