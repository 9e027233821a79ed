"""Messages that many get: all but the address is encoded once, and of the answer only the id is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
from aiogram.types import InlineKeyboardMarkup, Message
from pydantic import PrivateAttr

from bot.views.rich import PICTURE


class PreparedKeyboard(InlineKeyboardMarkup):
    """A keyboard that is sent often and was encoded once."""

    _json: bytes = PrivateAttr(default=b"")

    def __hash__(self) -> int:
        """Each stands for itself, so that bodies can be kept by their keyboard."""
        return id(self)

    @property
    def encoded(self) -> bytes:
        """The keyboard as JSON."""
        return self._json


def ready(keyboard: InlineKeyboardMarkup) -> PreparedKeyboard:
    """The same keyboard, encoded; it must not be changed any more."""
    made = PreparedKeyboard(inline_keyboard=keyboard.inline_keyboard)
    made._json = orjson.dumps(keyboard.model_dump(exclude_none=True))  # noqa: SLF001 - its own
    return made


@dataclass(frozen=True, slots=True)
class SentMessage:
    """What is known of a ready message that arrived."""

    message_id: int


#: A message that arrived, whichever road it took.
Arrived = Message | SentMessage


class PreparedCall(NamedTuple):
    """A call with a ready body: ``method`` as Telegram names it, ``thread_id`` None outside of topics."""

    method: str
    chat_id: int
    thread_id: int | None
    body: bytes

    def encoded(self) -> bytes:
        """The whole body of the request."""
        if self.thread_id:
            return b'{"chat_id":%d,"message_thread_id":%d,%b' % (self.chat_id, self.thread_id, self.body)
        return b'{"chat_id":%d,%b' % (self.chat_id, self.body)


def text_to(chat_id: int, thread_id: int | None, body: bytes) -> PreparedCall:
    """A text message with a `text_body`."""
    return PreparedCall("sendMessage", chat_id, thread_id, body)


def page_to(chat_id: int, thread_id: int | None, body: bytes) -> PreparedCall:
    """A rich message with a `page_body`."""
    return PreparedCall("sendRichMessage", chat_id, thread_id, body)


def photo_to(chat_id: int, thread_id: int | None, body: bytes) -> PreparedCall:
    """A photo with a `photo_body`."""
    return PreparedCall("sendPhoto", chat_id, thread_id, body)


def text_body(text: str, keyboard: PreparedKeyboard | None = None, **fields: Any) -> bytes:
    """A text message but for its address: JSON without its first brace; None is left out."""
    return _body({"text": text, **fields, "link_preview_options": {"is_disabled": True}}, keyboard)


def page_body(
    html: str, keyboard: PreparedKeyboard | None = None, photo: str | None = None, **fields: Any
) -> bytes:
    """A rich message but for its address: JSON without its first brace; None is left out.

    *photo* is the file_id of the picture that the page shows.
    """
    page: dict[str, Any] = {"html": html}
    if photo is not None:
        page["media"] = [{"id": PICTURE, "media": {"type": "photo", "media": photo}}]
    return _body({"rich_message": page, **fields}, keyboard)


def photo_body(file_id: str, caption: str, keyboard: PreparedKeyboard | None = None, **fields: Any) -> bytes:
    """A photo that Telegram has, with a caption in its HTML, but for the address; None is left out."""
    return _body({"photo": file_id, "caption": caption, "parse_mode": "HTML", **fields}, keyboard)


def _body(fields: dict[str, Any], keyboard: PreparedKeyboard | None) -> bytes:
    given = {name: value for name, value in fields.items() if value is not None}
    if keyboard is not None:
        given["reply_markup"] = orjson.Fragment(keyboard.encoded)
    return orjson.dumps(given)[1:]
