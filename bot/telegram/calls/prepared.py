"""Prepared calls: messages for many chats, encoded once but for the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import orjson
from aiogram.types import InlineKeyboardMarkup, Message
from markupsafe import Markup
from pydantic import PrivateAttr

from bot.telegram.calls.limits import PICTURE_ID


class PreparedKeyboard(InlineKeyboardMarkup):
    """A keyboard that is sent often and was encoded once."""

    _json: bytes = PrivateAttr(default=b"")

    def __eq__(self, other: object) -> bool:
        """Whether it is the same object: bodies are kept by their keyboard, which is never changed."""
        return self is other

    def __hash__(self) -> int:
        """By identity, like equality."""
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


@dataclass(frozen=True, slots=True)
class PreparedCall:
    """A call whose body is encoded but for its address; no model of pydantic, which costs a fifth of a call.

    *message_thread_id* is None outside of topics; *reply_to* is the message that is replied to.
    """

    __api_method__: ClassVar[str]
    #: Read by aiogram when the call is refused.
    __returning__: ClassVar[type[SentMessage]] = SentMessage

    chat_id: int
    body: bytes
    message_thread_id: int | None = None
    reply_to: int | None = None
    direct_messages_topic_id: int | None = None

    def encoded(self) -> bytes:
        """The whole body of the request: the address, then the prepared body."""
        address: dict[str, Any] = {"chat_id": self.chat_id}
        if self.message_thread_id:
            address["message_thread_id"] = self.message_thread_id
        if self.reply_to:
            reply = {"message_id": self.reply_to, "allow_sending_without_reply": True}
            address["reply_parameters"] = reply
        if self.direct_messages_topic_id:
            address["direct_messages_topic_id"] = self.direct_messages_topic_id
        return orjson.dumps(address)[:-1] + b"," + self.body


@dataclass(frozen=True, slots=True)
class PreparedText(PreparedCall):
    """A text message with a `text_body`."""

    __api_method__: ClassVar[str] = "sendMessage"


@dataclass(frozen=True, slots=True)
class PreparedPage(PreparedCall):
    """A rich message with a `page_body`."""

    __api_method__: ClassVar[str] = "sendRichMessage"


@dataclass(frozen=True, slots=True)
class PreparedPhoto(PreparedCall):
    """A photo with a `photo_body`."""

    __api_method__: ClassVar[str] = "sendPhoto"


def text_to(chat_id: int, thread_id: int | None, body: bytes) -> PreparedCall:
    """A text message with a `text_body`."""
    return PreparedText(chat_id, body, thread_id)


def page_to(chat_id: int, thread_id: int | None, body: bytes) -> PreparedCall:
    """A rich message with a `page_body`."""
    return PreparedPage(chat_id, body, thread_id)


def photo_to(chat_id: int, thread_id: int | None, body: bytes) -> PreparedCall:
    """A photo with a `photo_body`."""
    return PreparedPhoto(chat_id, body, thread_id)


def text_body(text: Markup, keyboard: PreparedKeyboard | None = None, **fields: Any) -> bytes:
    """A message in Telegram's HTML but for its address: JSON without its first brace; None is left out."""
    return plain_body(text, keyboard, parse_mode="HTML", **fields)


def plain_body(text: str, keyboard: PreparedKeyboard | None = None, **fields: Any) -> bytes:
    """A message in plain text but for its address: JSON without its first brace; None is left out."""
    return _body({"text": text, **fields, "link_preview_options": {"is_disabled": True}}, keyboard)


def page_body(
    html: Markup, keyboard: PreparedKeyboard | None = None, photo: str | None = None, **fields: Any
) -> bytes:
    """A rich message but for its address: JSON without its first brace; None is left out.

    *photo* is the file_id of the picture that the page shows.
    """
    page: dict[str, Any] = {"html": html}
    if photo is not None:
        page["media"] = [{"id": PICTURE_ID, "media": {"type": "photo", "media": photo}}]
    return _body({"rich_message": page, **fields}, keyboard)


def photo_body(
    file_id: str, caption: Markup, keyboard: PreparedKeyboard | None = None, **fields: Any
) -> bytes:
    """A photo that Telegram has, with a caption in its HTML, but for the address; None is left out."""
    return _body({"photo": file_id, "caption": caption, "parse_mode": "HTML", **fields}, keyboard)


def _body(fields: dict[str, Any], keyboard: PreparedKeyboard | None) -> bytes:
    given = {name: value for name, value in fields.items() if value is not None}
    if keyboard is not None:
        given["reply_markup"] = orjson.Fragment(keyboard.encoded)
    return orjson.dumps(given)[1:]
