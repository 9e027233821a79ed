"""The card of a post: inside a rich page; else above its text when that fits a caption, or after it."""

from __future__ import annotations

import logging
from functools import lru_cache, partial

from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
)
from aiogram.types import InputFile
from markupsafe import Markup, escape

from bot.sending.picture_cache import PictureCache, SendPhoto
from bot.sending.post_keyboard import PostKeyboard
from bot.telegram.calls.encoding import rich_content
from bot.telegram.calls.prepared import Arrived, PreparedKeyboard, page_body, page_to, photo_body, photo_to
from bot.telegram.client import LaneBot
from bot.views.plain_text import plain_text
from bot.views.rich import figured
from digests.posts import Delivery

log = logging.getLogger(__name__)

#: Telegram's limit for a caption, in UTF-16 units after its entities are read.
_CAPTION = 1024


@lru_cache(maxsize=64)
def fits_caption(html: Markup) -> bool:
    """Whether a text may stand under a picture."""
    return len(plain_text(html).encode("utf-16-le")) // 2 <= _CAPTION


class PostCards:
    """Sends the cards of posts through the broadcast lane of *bot*."""

    def __init__(
        self,
        bot: LaneBot,
        pictures: PictureCache,
        *,
        paid: bool = False,
        post_keyboard: PostKeyboard | None = None,
    ) -> None:
        self._bot = bot
        self._pictures = pictures
        self._paid = paid or None
        self._post_keyboard = post_keyboard

    async def send(self, delivery: Delivery, caption: Markup | None = None) -> Arrived | None:
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
            words = caption or escape(self._pictures.describe(name, delivery.language))
            keyboard = self._post_keyboard.of(delivery) if self._post_keyboard and caption else None
            call = partial(self._call, delivery, words, keyboard)
            return await self._send(delivery, name, call)
        except TelegramMigrateToChat:
            raise
        except (TelegramBadRequest, TelegramForbiddenError) as error:
            log.info("delivery %s goes out without its card: %s", delivery.id, error.message)
        except TelegramAPIError:
            raise
        except Exception:
            log.exception("the picture %s could not be made", name)
        return None

    def page_of(self, delivery: Delivery, page: Markup) -> Markup | None:
        """A rich page with the post's card inside; None when there is none."""
        name = delivery.post.picture
        if name is None or not delivery.picture:
            return None
        try:
            return _figured(page, self._pictures.describe(name, delivery.language))
        except (LookupError, ValueError):  # of a library that is no longer current
            return None

    async def send_page(self, delivery: Delivery, page: Markup) -> Arrived | None:
        """Send a page made by `page_of`; None when its card cannot be made, or not be sent there.

        Raises:
            TelegramAPIError: the page was refused, or an error that it would meet without the card too.
        """
        name = str(delivery.post.picture)
        try:
            call = partial(self._call_page, delivery, page)
            return await self._send(delivery, name, call)
        except TelegramForbiddenError as error:  # perhaps of pictures only
            log.info("delivery %s goes out without its card: %s", delivery.id, error.message)
        except TelegramAPIError:
            raise
        except Exception:
            log.exception("the picture %s could not be made", name)
        return None

    async def _send(self, delivery: Delivery, name: str, call: SendPhoto) -> Arrived:
        return await self._pictures.send(self._bot.id, name, delivery.language, call, theme=delivery.theme)

    async def _call_page(self, delivery: Delivery, page: Markup, photo: str | InputFile) -> Arrived:
        address = delivery.address
        keyboard = self._post_keyboard.of(delivery) if self._post_keyboard else None
        silent, paid = delivery.silent or None, self._paid
        if isinstance(photo, str):
            body = _page_body(page, keyboard, photo, disable_notification=silent, allow_paid_broadcast=paid)
            return await self._bot.send_prepared(page_to(address.chat_id, address.thread_id, body))
        return await self._bot.send_rich_message(
            address.chat_id,
            rich_content(page, photo),
            message_thread_id=address.thread_id or None,
            reply_markup=keyboard,
            disable_notification=silent,
            allow_paid_broadcast=paid,
        )

    async def _call(
        self, delivery: Delivery, caption: Markup, keyboard: PreparedKeyboard | None, photo: str | InputFile
    ) -> Arrived:
        address = delivery.address
        silent, paid = delivery.silent or None, self._paid
        if isinstance(photo, str):
            body = _photo_body(
                photo, caption, keyboard, disable_notification=silent, allow_paid_broadcast=paid
            )
            return await self._bot.send_prepared(photo_to(address.chat_id, address.thread_id, body))
        return await self._bot.send_photo(
            address.chat_id,
            photo,
            caption=caption,
            message_thread_id=address.thread_id or None,
            parse_mode="HTML",
            reply_markup=keyboard,
            disable_notification=silent,
            allow_paid_broadcast=paid,
        )


#: Made once for all the subscribers of a post.
_figured = lru_cache(maxsize=64)(figured)
_page_body = lru_cache(maxsize=256)(page_body)
_photo_body = lru_cache(maxsize=256)(photo_body)
