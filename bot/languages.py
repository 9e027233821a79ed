"""Which language a chat is answered in."""

from __future__ import annotations

from collections import OrderedDict

from digests.store import Store
from digests.subscriptions import ChatSettings
from digests.text import Language

_CACHED = 10_000


class ChatLanguages:
    """The languages that chats chose, in a bounded cache before the store."""

    def __init__(self, store: Store, default: Language) -> None:
        self._chats = store.chats
        self._default = default
        self._known: OrderedDict[int, ChatSettings | None] = OrderedDict()

    async def of(self, chat_id: int, user_code: str | None = None) -> Language:
        """A chat's own choice, else that of *user_code* (given in private chats only), else the default."""
        if chat_id not in self._known:
            self._known[chat_id] = await self._chats.get(chat_id)
            if len(self._known) > _CACHED:
                self._known.popitem(last=False)
        self._known.move_to_end(chat_id)
        chosen = self._known[chat_id]
        return (chosen and chosen.language) or Language.from_code(user_code) or self._default

    async def choose(self, chat_id: int, language: Language) -> None:
        """Set a chat's language, for its answers and its digests."""
        await self._chats.set_language(chat_id, language)
        self.forget(chat_id)

    def forget(self, chat_id: int) -> None:
        """Ask the store again the next time."""
        self._known.pop(chat_id, None)
