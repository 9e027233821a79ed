"""Who sent an update, from which chat, and with what authority."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from aiogram.types import CallbackQuery, Message, User

from digests.subscriptions import Address

#: What a Bot API server before 7.0 says of a forward.
_OLD_FORWARD = ("forward_date", "forward_from", "forward_from_chat", "forward_sender_name")


class Authority(Enum):
    """On whose behalf a message speaks."""

    PERSON = auto()  # whose membership has to be looked up
    CHAT = auto()  # the chat itself: a channel's own post, or an anonymous administrator
    NOBODY = auto()  # another channel, another bot, or what was forwarded or made by an inline bot


@dataclass(frozen=True, slots=True)
class Sender:
    """Who made a request and where; ``user_id`` is None unless a person speaks as themselves."""

    chat_id: int
    chat_kind: str
    chat_title: str = ""
    thread_id: int = 0
    user_id: int | None = None
    language_code: str | None = None
    authority: Authority = Authority.PERSON
    is_direct_messages: bool = False  # the messages that people write to a channel

    @property
    def is_private(self) -> bool:
        """Whether a person is alone with the bot."""
        return self.chat_kind == "private"

    @property
    def address(self) -> Address:
        """The chat of the request, and its forum topic when it has one."""
        return Address(self.chat_id, self.thread_id)

    @classmethod
    def of_message(cls, message: Message) -> Sender:
        """The sender of a message or channel post."""
        authority = _authority(message)
        return cls._in_chat(message, message.from_user if authority is Authority.PERSON else None, authority)

    @classmethod
    def of_button(cls, callback: CallbackQuery, message: Message) -> Sender:
        """The person who pressed a button under a message."""
        return cls._in_chat(message, callback.from_user, Authority.PERSON)

    @classmethod
    def in_private(cls, user_id: int, language_code: str | None = None) -> Sender:
        """A person in the private chat with the bot."""
        return cls(user_id, "private", user_id=user_id, language_code=language_code)

    @classmethod
    def _in_chat(cls, message: Message, user: User | None, authority: Authority) -> Sender:
        chat = message.chat
        return cls(
            chat.id,
            chat.type,
            chat.title or "",
            (message.message_thread_id or 0) if message.is_topic_message else 0,
            user.id if user else None,
            user.language_code if user else None,
            authority,
            bool(chat.is_direct_messages),
        )


def _authority(message: Message) -> Authority:
    chat, user = message.chat, message.from_user
    if chat.type == "private":
        return Authority.PERSON if user else Authority.NOBODY
    if _says_what_others_wrote(message):
        return Authority.NOBODY
    if chat.type == "channel":
        return Authority.CHAT  # only those who may post there can post
    if message.sender_chat is not None:
        # an anonymous administrator speaks as the group itself
        return Authority.CHAT if message.sender_chat.id == chat.id else Authority.NOBODY
    return Authority.NOBODY if user is None or user.is_bot else Authority.PERSON


def _says_what_others_wrote(message: Message) -> bool:
    """Whether a message is forwarded, or made by an inline bot."""
    is_forward = any(getattr(message, name) is not None for name in ("forward_origin", *_OLD_FORWARD))
    return is_forward or message.via_bot is not None or bool(message.is_automatic_forward)
