"""A chat of the local server, with its members and messages, and the rights that members have."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

#: How a member that is not in the chat is listed.
OUT = ("left", "kicked")

_GRANTED = [
    "manage_chat",
    "delete_messages",
    "manage_video_chats",
    "restrict_members",
    "change_info",
    "invite_users",
    "post_stories",
    "edit_stories",
    "delete_stories",
    "post_messages",
    "edit_messages",
    "pin_messages",
    "manage_topics",
]
_WITHHELD = ("promote_members", "manage_direct_messages", "manage_tags", "send_welcome_messages")

_MEMBER_RIGHTS = (
    "can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos",
    "can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages",
    "can_add_web_page_previews", "can_react_to_messages", "can_edit_tag", "can_change_info",
    "can_invite_users", "can_pin_messages", "can_manage_topics",
)  # fmt: skip


@dataclass(slots=True)
class PlayChat:
    """A chat with its members and messages.

    ``bot_status`` is the bot's membership, ``withheld`` are rights that it lacks as an administrator
    (such as ``delete_messages``), ``pins`` the pinned messages, ``direct_topics`` the people who write
    to a channel's direct messages, by the topic of each, ``own`` the messages that the bot sent and
    ``silent`` those that came without a sound.
    """

    id: int
    type: str
    title: str = ""
    members: dict[int, str] = field(default_factory=dict)
    bot_status: str = "member"
    topics: dict[int, str] = field(default_factory=dict)
    closed_topics: set[int] = field(default_factory=set)
    messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    pins: set[int] = field(default_factory=set)
    moved_to: int | None = None
    keyboard: list[list[dict[str, Any]]] | None = None
    next_message_id: int = 1
    withheld: set[str] = field(default_factory=set)
    direct_topics: dict[int, int] = field(default_factory=dict)
    own: set[int] = field(default_factory=set)
    silent: set[int] = field(default_factory=set)

    @property
    def pinned(self) -> int | None:
        """The pinned message that apps show: the newest of them."""
        return max(self.pins, default=None)

    def may(self, right: str) -> bool:
        """Whether the bot has an administrator's right here, such as ``pin_messages``."""
        return self.bot_status == "administrator" and right in _GRANTED and right not in self.withheld

    def has_thread(self, thread_id: int) -> bool:
        """Whether messages can go to a forum topic, or, in a group without topics, below a message."""
        if self.topics:
            return thread_id in self.topics
        return self.type == "supergroup" and thread_id in self.messages

    def brief(self, person: dict[str, Any] | None = None) -> dict[str, Any]:
        """The chat as messages carry it."""
        if self.type == "private":
            names = {"first_name": (person or {}).get("first_name", self.title)}
            return {"id": self.id, "type": self.type, **names}
        return {
            "id": self.id,
            "type": self.type,
            "title": self.title,
            **({"is_forum": True} if self.topics else {}),
            **({"is_direct_messages": True} if self.direct_topics else {}),
        }

    def forget_oldest(self, most: int) -> None:
        """Keep the newest *most* messages, and those that are pinned."""
        spare = sorted(self.messages.keys() - self.pins)[: max(0, len(self.messages) - most)]
        for message_id in spare:
            del self.messages[message_id]
        self.own.difference_update(spare)
        self.silent.difference_update(spare)

    def last(self) -> dict[str, Any]:
        """The newest message."""
        return self.messages[max(self.messages)]

    def shown(self) -> dict[str, Any]:
        """The chat as the page shows it, without its messages."""
        topics = [
            {"id": thread, "name": name, "closed": thread in self.closed_topics}
            for thread, name in self.topics.items()
        ]
        return {
            "id": self.id,
            "type": self.type,
            "title": self.title,
            "bot_status": self.bot_status,
            "topics": topics,
            "pinned": self.pinned,
            "members": {str(person): status for person, status in self.members.items()},
            "keyboard": self.keyboard,
            "silent": sorted(self.silent),
            "moved": self.moved_to is not None,
        }


def member(user: dict[str, Any], status: str, withheld: set[str] | None = None) -> dict[str, Any]:
    """A chat member with every field that its status requires."""
    extra: dict[str, Any] = {}
    if status == "administrator":
        lacking = withheld or set()
        extra = {"can_be_edited": False, "is_anonymous": False}
        extra |= {f"can_{right}": right not in lacking for right in _GRANTED}
        extra |= {f"can_{right}": False for right in _WITHHELD}
    elif status == "creator":
        extra = {"is_anonymous": False}
    elif status == "kicked":
        extra = {"until_date": 0}
    elif status == "restricted":
        extra = {"is_member": True, "until_date": 0, **dict.fromkeys(_MEMBER_RIGHTS, False)}
    return {"user": user, "status": status, **extra}
