"""Where an answer goes: chat, thread, the question that it replies to, or the message that it replaces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aiogram.types import Message, ReplyParameters

from bot.telegram.calls.prepared import PreparedCall


@dataclass(frozen=True, slots=True)
class ReplyTarget:
    """The address of answers; ``edits`` is the message that a pressed button stands under."""

    chat_id: int
    thread_id: int | None = None
    direct_messages_topic_id: int | None = None
    replies_to: int | None = None
    edits: int | None = None

    @classmethod
    def behind(cls, message: Message) -> ReplyTarget:
        """Answers to a typed message: in its thread; in a group as a reply to it."""
        is_group = message.chat.type in ("group", "supergroup")
        topic = message.direct_messages_topic
        return cls(
            message.chat.id,
            None if topic else message.message_thread_id,
            topic.topic_id if topic else None,
            message.message_id if is_group else None,
        )

    @classmethod
    def replacing(cls, message: Message) -> ReplyTarget:
        """Answers to a pressed button: in the place of its message, else in the same thread."""
        topic = message.direct_messages_topic
        return cls(
            message.chat.id,
            None if topic else message.message_thread_id,
            topic.topic_id if topic else None,
            edits=message.message_id,
        )

    def prepared(self, kind: type[PreparedCall], body: bytes) -> PreparedCall:
        """A call whose body is encoded already."""
        return kind(
            chat_id=self.chat_id,
            body=body,
            message_thread_id=self.thread_id,
            reply_to=self.replies_to,
            direct_messages_topic_id=self.direct_messages_topic_id,
        )

    @property
    def fields(self) -> dict[str, Any]:
        """The fields of a sending method."""
        fields: dict[str, Any] = {"chat_id": self.chat_id}
        if self.thread_id:
            fields["message_thread_id"] = self.thread_id
        if self.direct_messages_topic_id:
            fields["direct_messages_topic_id"] = self.direct_messages_topic_id
        if self.replies_to:
            fields["reply_parameters"] = ReplyParameters(
                message_id=self.replies_to, allow_sending_without_reply=True
            )
        return fields
