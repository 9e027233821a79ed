"""Updates as Telegram sends them, before anything is known of their shape."""

from __future__ import annotations

from typing import Any

#: An update as Telegram sends it.
RawUpdate = dict[str, Any]

#: No number of an update has more bits; one that did would keep all later ones out.
_TOO_LARGE = 2**53

#: Databases take no larger number; Telegram's ids have 52 bits.
_TOO_LARGE_AN_ID = 2**63

_WITH_IDS = ("chat", "from", "sender_chat", "user")


def chat_of(update: RawUpdate) -> object:
    """What keeps updates in order: the chat, else the person, else nothing but the update itself."""
    for content in update.values():
        if isinstance(content, dict):
            inner = content.get("message") if isinstance(content.get("message"), dict) else content
            for holder in (inner, content):
                for name in ("chat", "from", "user"):
                    found = holder.get(name) if isinstance(holder, dict) else None
                    if isinstance(found, dict) and isinstance(found.get("id"), int):
                        return found["id"]
    return ("update", update.get("update_id"))


def has_large_ids(update: RawUpdate) -> bool:
    """Whether a chat, person or topic has a number that no database takes."""
    for content in update.values():
        if isinstance(content, dict):
            inner = content.get("message")
            for holder in (content, inner if isinstance(inner, dict) else {}):
                numbers = [holder.get("message_thread_id"), *map(_id_in, map(holder.get, _WITH_IDS))]
                if any(isinstance(number, int) and abs(number) >= _TOO_LARGE_AN_ID for number in numbers):
                    return True
    return False


def _id_in(holder: Any) -> Any:
    return holder.get("id") if isinstance(holder, dict) else None


def number_of(update: Any) -> int | None:
    """The id of an update; None for what is no update."""
    number = update.get("update_id") if isinstance(update, dict) else None
    if not isinstance(number, int) or isinstance(number, bool):
        return None
    return number if 0 <= number < _TOO_LARGE else None
