"""Pictures for chats: drawn once in a worker, uploaded once, sent by file_id ever after."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from aiogram.exceptions import TelegramBadRequest
from aiogram.types import BufferedInputFile, Message

from bot.shelf import Shelf
from digests.pages import Pages
from digests.store import Store
from digests.text import Language

log = logging.getLogger(__name__)


class Pictures:
    """Draws and sends the pictures that screens name."""

    def __init__(self, shelf: Shelf, store: Store, pages: Pages) -> None:
        self._shelf = shelf
        self._files = store.files
        self._pages = pages
        # matplotlib has one renderer lock: more workers would only wait
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")

    def close(self) -> None:
        """End the worker."""
        self._worker.shutdown(wait=False, cancel_futures=True)

    async def send(self, message: Message, name: str, language: Language, caption: str) -> None:
        """Answer a message with a picture."""
        bot = message.bot
        if bot is None:
            return
        key = f"{name}:{language}:{self._shelf.current.version}"
        if await self._sent_again(message, bot.id, key, caption):
            return
        await bot.send_chat_action(message.chat.id, "upload_photo", message_thread_id=_thread(message))
        png = await self.draw(name, language)
        sent = await message.answer_photo(BufferedInputFile(png, f"{name}.png"), caption=caption)
        if sent.photo:
            await self._files.put(bot.id, key, sent.photo[-1].file_id)

    async def _sent_again(self, message: Message, bot_id: int, key: str, caption: str) -> bool:
        """Send what was uploaded before; a file_id that Telegram no longer knows is forgotten."""
        known = await self._files.get(bot_id, key)
        if known is None:
            return False
        try:
            await message.answer_photo(known, caption=caption)
        except TelegramBadRequest as error:
            log.info("the picture %s is uploaded again: %s", key, error.message)
            await self._files.drop(bot_id, key)
            return False
        return True

    async def draw(self, name: str, language: Language) -> bytes:
        """A picture as PNG.

        Raises:
            KeyError: there is no picture of that name.
        """
        from digests.pictures import draw_growth  # noqa: PLC0415 - matplotlib takes a second, at the first picture

        drawings = {"growth": draw_growth}
        work = partial(drawings[name], self._shelf.current, language, partial(self._pages.say, language))
        return await asyncio.get_running_loop().run_in_executor(self._worker, work)


def _thread(message: Message) -> int | None:
    return message.message_thread_id if message.is_topic_message else None
