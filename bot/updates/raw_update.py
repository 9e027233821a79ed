"""Updates as Telegram sends them, before anything is known of their shape."""

from __future__ import annotations

from typing import Any

#: An update as Telegram sends it.
RawUpdate = dict[str, Any]

#: No id has more bits; databases take no more either.
_TOO_LARGE = 2**63


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


def number_of(update: Any) -> int | None:
    """The id of an update; None for what is no update."""
    number = update.get("update_id") if isinstance(update, dict) else None
    if not isinstance(number, int) or isinstance(number, bool):
        return None
    return number if 0 <= number < _TOO_LARGE else None
