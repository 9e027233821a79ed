"""The card of a post: its text as the caption when that fits, else the card after the text."""

from __future__ import annotations

import logging
from functools import partial
from html import escape

from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
)
from aiogram.types import InputFile, Message

from bot.encoding import ReadyKeyboard
from bot.pictures import Pictures
from bot.plain import plain_text
from bot.underposts import UnderPosts
from digests.posts import Delivery

log = logging.getLogger(__name__)

#: Telegram's limit for a caption, in UTF-16 units after its entities are read.
_CAPTION = 1024


def fits_caption(html: str) -> bool:
    """Whether a text may stand under a picture."""
    return len(plain_text(html).encode("utf-16-le")) // 2 <= _CAPTION


class PostPictures:
    """Sends the cards of posts through the broadcast lane of *bot*."""

    def __init__(
        self, bot: Bot, pictures: Pictures, *, paid: bool = False, under: UnderPosts | None = None
    ) -> None:
        self._bot = bot
        self._pictures = pictures
        self._paid = paid or None
        self._under = under

    async def send(self, delivery: Delivery, caption: str | None = None) -> Message | None:
        """Send the post's card; None when there is none, or it cannot be sent there.

        *caption* is Telegram's HTML; without one the caption says what the card shows.

        A refusal of the picture says nothing about the text, so the text is tried then.

        Raises:
            TelegramAPIError: an error that the text would meet too, or whose outcome is unknown.
        """
        name = delivery.post.picture
        if name is None or not delivery.picture:
            return None
        try:
            words = caption or escape(self._pictures.describe(name, delivery.language), quote=False)
            keyboard = self._under.of(delivery) if self._under and caption else None
            call = partial(self._call, delivery, words, keyboard)
            return await self._pictures.send(self._bot.id, name, delivery.language, call)
        except TelegramMigrateToChat:
            raise
        except (TelegramBadRequest, TelegramForbiddenError) as error:
            log.info("delivery %s goes out without its card: %s", delivery.id, error.message)
        except TelegramAPIError:
            raise
        except Exception:
            log.exception("the picture %s could not be made", name)
        return None

    async def _call(
        self, delivery: Delivery, caption: str, keyboard: ReadyKeyboard | None, photo: str | InputFile
    ) -> Message:
        return await self._bot.send_photo(
            delivery.address.chat_id,
            photo,
            caption=caption,
            message_thread_id=delivery.address.thread_id or None,
            parse_mode="HTML",
            reply_markup=keyboard,
            disable_notification=delivery.silent or None,
            allow_paid_broadcast=self._paid,
        )
