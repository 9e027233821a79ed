"""A call of the Bot API as the body of a request: JSON, or a form when it uploads files."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Any, NamedTuple

import orjson
from aiogram import Bot
from aiogram.client.default import Default
from aiogram.methods import TelegramMethod
from aiogram.types import (
    InputFile,
    InputMediaPhoto,
    InputRichMessage,
    InputRichMessageMedia,
)
from aiohttp import FormData
from markupsafe import Markup

from bot.telegram.calls.limits import PICTURE_ID
from bot.telegram.calls.prepared import PreparedKeyboard


class Body(NamedTuple):
    """The body of a request, JSON unless *headers* say what else it is."""

    content: bytes
    headers: Mapping[str, str] | None = None


def rich_content(html: Markup, photo: str | InputFile) -> InputRichMessage:
    """A rich message with its picture, by its file_id or as a file to upload."""
    media = InputRichMessageMedia(id=PICTURE_ID, media=InputMediaPhoto(media=photo, parse_mode=None))
    return InputRichMessage(html=html, media=[media])


async def encode(bot: Bot, method: TelegramMethod[Any]) -> Body:
    """The body of a call: its set fields as JSON, or a form when it uploads files."""
    files: dict[str, InputFile] = {}
    given = {**method.__dict__, **(method.model_extra or {})}
    fields = _plain(given, bot, files)
    if not files:
        return Body(orjson.dumps(fields))
    form = FormData(quote_fields=False)
    for name, value in fields.items():
        form.add_field(name, value if isinstance(value, str) else orjson.dumps(value).decode())
    for name, file in files.items():
        content = b"".join([chunk async for chunk in file.read(bot)])
        form.add_field(name, content, filename=file.filename or name)
    whole = form()
    return Body(await whole.as_bytes(), whole.headers)


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
        case PreparedKeyboard():
            return orjson.Fragment(value.encoded)
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
