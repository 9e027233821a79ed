"""Who stands in line in each chat: one that asks faster than it may be answered holds up no other."""

from __future__ import annotations

import logging
from collections import Counter
from typing import Any

log = logging.getLogger(__name__)

#: Telegram lets a bot send about a message a second to one chat: more questions than this take too long.
_LONGEST = 5


class Line:
    """Counts the questions in work for each chat, and those that were turned away."""

    def __init__(self, longest: int = _LONGEST) -> None:
        self._longest = longest
        self._in_work: Counter[object] = Counter()
        self._turned_away: Counter[object] = Counter()

    def is_full(self, chat: object, update: dict[str, Any]) -> bool:
        """Whether a question has to be turned away; what changes something is always taken."""
        return self._in_work[chat] >= self._longest and _is_question(update)

    def turn_away(self, chat: object) -> bool:
        """Turn a question away; whether it is the first one since the line was empty."""
        self._turned_away[chat] += 1
        return self._turned_away[chat] == 1

    def join(self, chat: object, update: dict[str, Any]) -> None:
        """An update is in work."""
        if _is_question(update):
            self._in_work[chat] += 1

    def leave(self, chat: object, update: dict[str, Any]) -> None:
        """An update is done; when it was the last question, it is noted how many were turned away."""
        if not _is_question(update):
            return
        self._in_work[chat] -= 1
        if self._in_work[chat] > 0:
            return
        del self._in_work[chat]
        if count := self._turned_away.pop(chat, 0):
            log.info("%s updates of %s came faster than they may be answered, and were left", count, chat)


def _is_question(update: dict[str, Any]) -> bool:
    """Whether an answer is expected: what people say to each other in a group is none."""
    if "callback_query" in update:
        return True
    message = update.get("message") or update.get("channel_post")
    if not isinstance(message, dict) or not isinstance(message.get("text"), str):
        return False
    chat = message.get("chat")
    is_private = isinstance(chat, dict) and chat.get("type") == "private"
    return is_private or message["text"].startswith("/")
