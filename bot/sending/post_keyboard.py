"""What stands under a digest in a private chat: one tap ends it."""

from __future__ import annotations

from collections.abc import Mapping

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.telegram.callback_data import StopCallback
from bot.telegram.calls.prepared import PreparedKeyboard, ready
from digests.pages import Pages
from digests.posts import Delivery
from digests.text import Language


class PostKeyboard:
    """One keyboard for each language, encoded once for all private chats."""

    def __init__(self, pages: Pages) -> None:
        self._keyboards: Mapping[Language, PreparedKeyboard] = {
            language: _keyboard("🚫 " + pages.say(language, "Unsubscribe")) for language in Language
        }

    def of(self, delivery: Delivery) -> PreparedKeyboard | None:
        """The keyboard of a post; None outside private chats."""
        return self._keyboards[delivery.language] if delivery.address.chat_id > 0 else None


def _keyboard(label: str) -> PreparedKeyboard:
    button = InlineKeyboardButton(text=label, callback_data=StopCallback().pack())
    return ready(InlineKeyboardMarkup(inline_keyboard=[[button]]))
