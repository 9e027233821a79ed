"""Pictures for chats: drawn once in a process of their own, uploaded once, sent by file_id ever after."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import version
from weakref import WeakValueDictionary

from aiogram.exceptions import TelegramBadRequest
from aiogram.types import BufferedInputFile, InputFile, RichBlockPhoto
from cachetools import LRUCache

from bot.telegram.calls.prepared import Arrived, SentMessage
from digests.pages import Pages
from digests.pictures import Context
from digests.pictures.alt import describe
from digests.pictures.process.drawer import Drawer
from digests.report.library import Library
from digests.store.files import Files
from digests.subscriptions import Theme
from digests.text import Language

log = logging.getLogger(__name__)

#: Sends a picture, given as a file_id or as a file to upload.
SendPhoto = Callable[[str | InputFile], Awaitable[Arrived]]

_KEPT_IDS = 1024
#: At most 100 KB each.
_KEPT_DRAWINGS = 32
_KEPT_DESCRIPTIONS = 256
_ATTEMPTS = 3
#: Telegram's limit for a caption is 1,024 UTF-16 units; a little less, for characters that count double.
_CAPTION = 1000
#: What Telegram says of a file_id that it does not know, or no longer, in its own words.
_STALE = ("wrong file", "wrong remote file", "file_id", "file identifier", "file reference")


@dataclass(slots=True)
class PictureCounts:
    """How often a picture was drawn, uploaded, sent again by its file_id, and found stale."""

    drawn: int = 0
    uploaded: int = 0
    reused: int = 0
    stale: int = 0

    @property
    def hit_rate(self) -> float:
        """The share of pictures that were sent without an upload."""
        sent = self.uploaded + self.reused
        return self.reused / sent if sent else 0.0


@dataclass(frozen=True, slots=True)
class _Order:
    """One picture for one bot, as one library has it."""

    bot_id: int
    name: str
    language: Language
    theme: Theme
    library: Library

    @property
    def key(self) -> str:
        """What the picture follows from; another version of the code draws anew."""
        return _key(self.name, self.language, self.theme, self.library.version)


class PictureCache:
    """Draws the pictures of the current library, and sees to it that each is uploaded once.

    *theme* is that of the chats that chose none.
    """

    def __init__(
        self, current: Callable[[], Library], files: Files, pages: Pages, theme: Theme = Theme.LIGHT
    ) -> None:
        self.counts = PictureCounts()
        self._current = current
        self._files = files
        self._pages = pages
        self._theme = theme
        self._ids: LRUCache[tuple[int, str], str] = LRUCache(_KEPT_IDS)
        self._drawn: LRUCache[str, bytes] = LRUCache(_KEPT_DRAWINGS)
        self._descriptions: LRUCache[tuple[str, Language, str], str] = LRUCache(_KEPT_DESCRIPTIONS)
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._drawer = Drawer()

    async def close(self) -> None:
        """End the process that draws."""
        await self._drawer.close()

    def describe(self, name: str, language: Language) -> str:
        """What a picture shows, for a caption.

        Raises:
            LookupError: there is no picture of that name in the current library.
            ValueError: the name of a digest names no occasion.
        """
        library = self._current()
        key = name, language, library.version
        words = self._descriptions.get(key)
        if words is None:
            context = Context(library, language, self._theme, self._pages)
            words = self._descriptions[key] = describe(context, name)[:_CAPTION]
        return words

    async def is_uploaded(
        self, bot_id: int, name: str, language: Language, *, theme: Theme | None = None
    ) -> bool:
        """Whether a picture can be sent at once: nobody has to draw it first."""
        order = _Order(bot_id, name, language, theme or self._theme, self._current())
        is_in_work = self._lock(order).locked()
        return not is_in_work and await self._known(order) is not None

    async def send(
        self, bot_id: int, name: str, language: Language, send: SendPhoto, *, theme: Theme | None = None
    ) -> Arrived:
        """Send a picture by its file_id; one that is not uploaded yet, or no longer, is uploaded.

        Each theme is a picture of its own. Of many who send the same new picture at once, one draws and
        uploads it and the others wait.

        Raises:
            LookupError: there is no picture of that name in the current library.
            ValueError: the name of a digest names no occasion.
            TelegramAPIError: the call itself was refused or failed.
        """
        order = _Order(bot_id, name, language, theme or self._theme, self._current())
        for _ in range(_ATTEMPTS):
            known = self._ids.get((order.bot_id, order.key))
            if known is None:
                async with self._lock(order):
                    known = await self._known(order)
                    if known is None:
                        return await self._upload(order, send)
            if message := await self._sent_again(order, known, send):
                return message
        return await self._upload(order, send)

    def _lock(self, order: _Order) -> asyncio.Lock:
        """Held by whoever finds out, changes or makes the file_id of a picture."""
        return self._locks.setdefault(order.key, asyncio.Lock())

    async def _sent_again(self, order: _Order, known: str, send: SendPhoto) -> Arrived | None:
        """Send what was uploaded before; a file_id that Telegram does not know any more is forgotten."""
        try:
            message = await send(known)
        except TelegramBadRequest as error:
            if not is_stale(error):
                raise
            log.info("the picture %s is uploaded again: %s", order.key, error.message)
            self.counts.stale += 1
            await self._forget(order, known)
            return None
        self.counts.reused += 1
        return message

    async def _forget(self, order: _Order, stale: str) -> None:
        async with self._lock(order):
            if self._ids.get((order.bot_id, order.key)) == stale:  # else somebody has uploaded it meanwhile
                await self._files.drop(order.bot_id, order.key)
                self._ids.pop((order.bot_id, order.key), None)

    async def _upload(self, order: _Order, send: SendPhoto) -> Arrived:
        png = await self._draw(order)
        message = await send(BufferedInputFile(png, f"{order.name.replace(':', '-')}.png"))
        self.counts.uploaded += 1
        if file_id := _uploaded(message):
            self._keep(order, file_id)
            await self._files.put(order.bot_id, order.key, file_id)
        return message

    async def _draw(self, order: _Order) -> bytes:
        """The picture; kept for a while, since an upload may fail or be asked for by another bot."""
        if png := self._drawn.get(order.key):
            return png
        self.counts.drawn += 1
        png = await self._drawer.draw(order.library, order.language, order.theme, order.name)
        self._drawn[order.key] = png
        return png

    async def _known(self, order: _Order) -> str | None:
        if file_id := self._ids.get((order.bot_id, order.key)):
            return file_id
        file_id = await self._files.get(order.bot_id, order.key)
        if file_id is not None:
            self._keep(order, file_id)
        return file_id

    def _keep(self, order: _Order, file_id: str) -> None:
        """Remember a file_id; of many, those that were used last."""
        self._ids[order.bot_id, order.key] = file_id


def is_stale(error: TelegramBadRequest) -> bool:
    """Whether Telegram refuses a file_id because it does not know it, or no longer."""
    return any(text in error.message.lower() for text in _STALE)


def _uploaded(message: Arrived) -> str | None:
    """The file_id of the picture of a message, which may stand in a rich page."""
    if isinstance(message, SentMessage):
        return None
    blocks = message.rich_message.blocks if message.rich_message else []
    inside = (block.photo for block in blocks if isinstance(block, RichBlockPhoto))
    sizes = message.photo or next(inside, None)
    return sizes[-1].file_id if sizes else None


@lru_cache(_KEPT_IDS)
def _key(name: str, language: Language, theme: Theme, library_version: str) -> str:
    return f"{name}:{language}:{theme}:{library_version}:{_drawn_by()}"


@cache
def _drawn_by() -> str:
    """The version of the code."""
    return version("silkline")
