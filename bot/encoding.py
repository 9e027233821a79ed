"""A call of the Bot API as the body of a request: JSON, or a form when it uploads files."""

from __future__ import annotations

import secrets
from datetime import datetime
from enum import Enum
from typing import Any

import orjson
from aiogram import Bot
from aiogram.client.default import Default
from aiogram.methods import TelegramMethod
from aiogram.types import (
    InlineKeyboardMarkup,
    InputFile,
    InputMediaPhoto,
    InputRichMessage,
    InputRichMessageMedia,
    Message,
)
from aiohttp import FormData
from pydantic import PrivateAttr

from bot.rich import PICTURE


class ReadyKeyboard(InlineKeyboardMarkup):
    """A keyboard that is sent often and was encoded once."""

    _json: bytes = PrivateAttr(default=b"")

    def __hash__(self) -> int:
        """Each stands for itself, so that bodies can be kept by their keyboard."""
        return id(self)


def ready(keyboard: InlineKeyboardMarkup) -> ReadyKeyboard:
    """The same keyboard, encoded; it must not be changed any more."""
    made = ReadyKeyboard(inline_keyboard=keyboard.inline_keyboard)
    made._json = orjson.dumps(keyboard.model_dump(exclude_none=True))  # noqa: SLF001 - its own
    return made


class ReadyMessage(TelegramMethod[Message]):
    """A text message of which all but the address was encoded once; make it by ``ReadyMessage.to``."""

    __returning__ = Message
    __api_method__ = "sendMessage"

    chat_id: int
    message_thread_id: int | None
    body: bytes

    @classmethod
    def to(cls, chat_id: int, thread_id: int | None, body: bytes) -> ReadyMessage:
        """The message with a `ready_body`, to a chat and perhaps a topic of it."""
        return cls.model_construct(chat_id=chat_id, message_thread_id=thread_id, body=body)

    def encoded(self) -> bytes:
        """The whole body of the request."""
        if self.message_thread_id:
            return b'{"chat_id":%d,"message_thread_id":%d,%b' % (
                self.chat_id,
                self.message_thread_id,
                self.body,
            )
        return b'{"chat_id":%d,%b' % (self.chat_id, self.body)


class ReadyRichMessage(ReadyMessage):
    """A rich message of which all but the address was encoded once."""

    __api_method__ = "sendRichMessage"


class ReadyPhoto(ReadyMessage):
    """A photo that Telegram has already, of which all but the address is encoded already."""

    __api_method__ = "sendPhoto"


def ready_body(text: str, keyboard: ReadyKeyboard | None = None, **fields: Any) -> bytes:
    """A text message but for its address: JSON without its first brace; None is left out."""
    given = {"text": text, **fields, "link_preview_options": {"is_disabled": True}}
    return _without_brace(given, keyboard)


def _without_brace(fields: dict[str, Any], keyboard: ReadyKeyboard | None) -> bytes:
    body = {name: value for name, value in fields.items() if value is not None}
    if keyboard is not None:
        body["reply_markup"] = orjson.Fragment(keyboard._json)  # noqa: SLF001 - its own
    return orjson.dumps(body)[1:]


def ready_rich_body(html: str, keyboard: ReadyKeyboard | None = None, **fields: Any) -> bytes:
    """A rich message but for its address: JSON without its first brace; None is left out."""
    given = {"rich_message": {"html": html}, **fields}
    return _without_brace(given, keyboard)


def rich_content(html: str, photo: str | InputFile) -> InputRichMessage:
    """A rich message with its picture, by its file_id or as a file to upload."""
    media = InputRichMessageMedia(id=PICTURE, media=InputMediaPhoto(media=photo, parse_mode=None))
    return InputRichMessage(html=html, media=[media])


def uploads_into_page(method: TelegramMethod[Any]) -> bool:
    """Whether a call uploads the picture of a rich message: its answer tells the new file_id."""
    page = getattr(method, "rich_message", None)
    media = page.media if isinstance(page, InputRichMessage) else None
    return any(not isinstance(item.media.media, str) for item in media or [])


def ready_photo_body(
    file_id: str, caption: str, keyboard: ReadyKeyboard | None = None, **fields: Any
) -> bytes:
    """A photo with a caption in Telegram's HTML, but for its address; None is left out."""
    return _without_brace({"photo": file_id, "caption": caption, "parse_mode": "HTML", **fields}, keyboard)


async def encode(bot: Bot, method: TelegramMethod[Any]) -> bytes | FormData:
    """The body of a call: its set fields as JSON, or a form when it uploads files."""
    if isinstance(method, ReadyMessage):
        return method.encoded()
    files: dict[str, InputFile] = {}
    given = {**method.__dict__, **(method.model_extra or {})}
    fields = _plain(given, bot, files)
    if not files:
        return orjson.dumps(fields)
    form = FormData(quote_fields=False)
    for name, value in fields.items():
        form.add_field(name, value if isinstance(value, str) else orjson.dumps(value).decode())
    for name, file in files.items():
        content = b"".join([chunk async for chunk in file.read(bot)])
        form.add_field(name, content, filename=file.filename or name)
    return form


def _plain(value: Any, bot: Bot, files: dict[str, InputFile]) -> Any:
    """A value as JSON has it: what is None left out, files replaced by their names."""
    if value is None or (isinstance(value, str | int | float) and not isinstance(value, Enum)):
        return value
    if isinstance(value, dict):
        plain = {key: _plain(item, bot, files) for key, item in value.items()}
        return {key: item for key, item in plain.items() if item is not None}
    if isinstance(value, list | tuple):
        return [_plain(item, bot, files) for item in value]
    return _unwrapped(value, bot, files)


def _unwrapped(value: Any, bot: Bot, files: dict[str, InputFile]) -> Any:
    match value:
        case ReadyKeyboard():
            return orjson.Fragment(value._json)  # noqa: SLF001 - its own
        case Default():
            return _plain(bot.default[value.name], bot, files)
        case InputFile():
            name = secrets.token_urlsafe(8)
            files[name] = value
            return f"attach://{name}"
        case Enum():
            return value.value
        case datetime():
            return round(value.timestamp())
    return _plain(value.__dict__, bot, files)
