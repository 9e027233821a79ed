"""Puts a reply into a chat, in its layout, or in the one that always works."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from aiogram.enums import ParseMode
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest
from aiogram.types import InputFile, InputRichMessage, LinkPreviewOptions, Message

from bot.sending.picture_cache import PictureCache
from bot.sending.rich_fallback import RichFallback
from bot.telegram.encoding import rich_content
from bot.telegram.prepared import Arrived, page_to, text_to
from bot.views.reply_cache import Reply
from bot.views.rich import figured
from digests.subscriptions import Layout
from digests.text import Language

log = logging.getLogger(__name__)

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

#: Brings a rich page into the chat, as new or in place of a message.
_Bring = Callable[[InputRichMessage], Awaitable[Message]]


class _NotModified(Exception):  # noqa: N818 - reads as what it is
    """The message shows that already."""


@dataclass(frozen=True, slots=True)
class MessageWriter:
    """Answers one message, in one language."""

    message: Message
    language: Language
    rich: RichFallback
    pictures: PictureCache

    async def send(self, reply: Reply) -> None:
        """Answer into the chat and topic of the message; a rich reply that cannot be is sent as classic."""
        if reply.layout is Layout.RICH and (
            await self._bring_figured(reply, self._send_page(reply))
            or await self.rich.attempt(reply.text, lambda: self._send(reply))
        ):
            return
        for each in reply.classic or (reply,):
            await self._send(each)

    async def edit(self, reply: Reply) -> None:
        """Put a reply in the place of the message; one that cannot be edited is followed by a new one."""
        try:
            with suppress(_NotModified):
                await self._replace(reply)
        except TelegramBadRequest:
            await self.send(reply)

    async def _replace(self, reply: Reply) -> None:
        bring = self._edit_page(reply)
        if reply.layout is Layout.RICH and (
            await self._bring_figured(reply, bring)
            or await self.rich.attempt(reply.text, lambda: bring(InputRichMessage(html=reply.text)))
        ):
            return
        first, *rest = reply.classic or (reply,)
        await self._edit(first)
        for each in rest:
            await self._send(each)

    async def _bring_figured(self, reply: Reply, bring: _Bring) -> Arrived | None:
        """Bring a page with its picture inside; None when there is none, or it does not get through."""
        name, bot = reply.picture, self.message.bot
        if name is None or bot is None or not self.rich.is_open:
            return None
        try:
            page = figured(reply.text, self.pictures.describe(name, self.language))

            def with_photo(photo: str | InputFile) -> Awaitable[Arrived]:
                return bring(rich_content(page, photo))

            return await self.rich.attempt(
                page, lambda: self.pictures.send(bot.id, name, self.language, with_photo)
            )
        except (TelegramAPIError, _NotModified):
            raise
        except Exception:
            log.exception("the picture %s could not be made", name)
            return None

    def _send_page(self, reply: Reply) -> _Bring:
        async def bring(page: InputRichMessage) -> Message:
            return await self.message.answer_rich(page, reply_markup=reply.keyboard)

        return bring

    def _edit_page(self, reply: Reply) -> _Bring:
        async def bring(page: InputRichMessage) -> Message:
            with _noticing_no_change():
                shown = await self.message.edit_text(
                    rich_message=page, reply_markup=reply.keyboard, parse_mode=None
                )
            return shown if isinstance(shown, Message) else self.message

        return bring

    async def _send(self, reply: Reply) -> Arrived:
        message = self.message
        if message.bot is None:
            raise RuntimeError("a message that no bot received cannot be answered")
        thread_id = message.message_thread_id if message.is_topic_message else None
        address_to = page_to if reply.layout is Layout.RICH else text_to
        return await message.bot(address_to(message.chat.id, thread_id, reply.body))

    async def _edit(self, reply: Reply) -> None:
        with _noticing_no_change():
            await self.message.edit_text(
                reply.text,
                parse_mode=ParseMode.HTML,
                reply_markup=reply.keyboard,
                link_preview_options=_NO_PREVIEW,
            )


@contextmanager
def _noticing_no_change() -> Iterator[None]:
    try:
        yield
    except TelegramBadRequest as error:
        if "message is not modified" in error.message:
            raise _NotModified from error
        raise
