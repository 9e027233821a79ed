"""Who administers a chat, as far as it decides whose wish is taken first: looked up once a minute."""

from __future__ import annotations

import asyncio
import logging

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from cachetools import TTLCache

from bot.telegram.permissions import RawGetChatAdministrators

log = logging.getLogger(__name__)

#: How many chats are known at once, and for how long (seconds).
_CHATS, _KEPT = 1000, 60.0


class Administrators:
    """Answers from a list of each chat that is asked about; who may change what is asked afresh elsewhere."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._lists: TTLCache[int, asyncio.Task[frozenset[int]]] = TTLCache(_CHATS, _KEPT)

    async def include(self, chat_id: int | None, person: int | None) -> bool:
        """Whether a person, or the chat itself, administers a chat; who asks first is answered first."""
        if chat_id is None or person == chat_id:
            return chat_id is not None
        listed = self._lists.get(chat_id)
        if listed is None:
            listed = self._lists[chat_id] = asyncio.create_task(self._list(chat_id), name="administrators")
        return person in await asyncio.shield(listed)

    async def _list(self, chat_id: int) -> frozenset[int]:
        try:
            members = await self._bot(RawGetChatAdministrators(chat_id=chat_id))
        except TelegramAPIError as error:
            log.info("the administrators of %s are not told: %s", chat_id, error)
            return frozenset()
        found = ((member.get("user") or {}).get("id") for member in members)
        return frozenset(number for number in found if isinstance(number, int))
