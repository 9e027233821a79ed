"""Documents for chats: made in a thread, uploaded once, sent by file_id ever after."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from importlib.metadata import version

from aiogram.exceptions import TelegramBadRequest
from aiogram.types import BufferedInputFile, InputFile, Message

from bot.sending.picture_cache import is_stale
from digests.export import DataFormat, make_file
from digests.report.library import Library
from digests.store.files import Files

#: Sends a document, given as a file_id or as a file to upload.
SendDocument = Callable[[str | InputFile], Awaitable[Message]]


class DocumentCache:
    """Sees to it that each form of the data of a library is made and uploaded once."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._locks = {form: asyncio.Lock() for form in DataFormat}

    async def send(self, bot_id: int, library: Library, form: DataFormat, send: SendDocument) -> Message:
        """Send the data by its file_id; what is not uploaded yet, or no longer known, is uploaded.

        Raises:
            TelegramAPIError: the call itself was refused or failed.
        """
        key = f"data:{form}:{library.version}:{version('silkline')}"
        async with self._locks[form]:  # of many who ask at once, one uploads it
            known = await self._files.get(bot_id, key)
            if known is None:
                return await self._upload(bot_id, key, library, form, send)
        try:
            return await send(known)
        except TelegramBadRequest as error:
            if not is_stale(error):
                raise
        await self._files.drop(bot_id, key)
        return await self._upload(bot_id, key, library, form, send)

    async def _upload(
        self, bot_id: int, key: str, library: Library, form: DataFormat, send: SendDocument
    ) -> Message:
        file = await asyncio.to_thread(make_file, library, form)
        message = await send(BufferedInputFile(file.content, file.name))
        if message.document:
            await self._files.put(bot_id, key, message.document.file_id)
        return message
