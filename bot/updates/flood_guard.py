"""Limits the questions in work for each chat and sender: who floods holds up nobody else."""

from __future__ import annotations

import logging
from collections import Counter
from typing import Any

from bot.commands import BY_NAME, Scope

log = logging.getLogger(__name__)

#: Telegram lets a bot send about a message a second to one chat: more questions than this take too long.
_LONGEST = 5

#: What changes something has this much more room than questions, so that a flood does not turn it away.
_RESERVE = 4

#: How the data of signed buttons begins.
_SIGNED = "~|"


class FloodGuard:
    """Counts the questions in work by chat and by sender, and those that were turned away."""

    def __init__(self, longest: int = _LONGEST) -> None:
        self._longest = longest
        self._by_chat: Counter[object] = Counter()
        self._by_sender: Counter[object] = Counter()
        self._turned_away: Counter[object] = Counter()

    def is_full(self, chat: object, update: dict[str, Any]) -> bool:
        """Whether a question has to be turned away.

        One sender gets no more than the chat; settings of others are still taken when questions are not.
        """
        if not is_question(update):
            return False
        if self._by_sender[chat, sender_of(update)] >= self._longest:
            return True
        room = self._longest * (_RESERVE if _is_change(update) else 1)
        return self._by_chat[chat] >= room

    def turn_away(self, chat: object) -> bool:
        """Turn a question away; whether it is the first one since the line was empty."""
        self._turned_away[chat] += 1
        return self._turned_away[chat] == 1

    def join(self, chat: object, update: dict[str, Any]) -> None:
        """An update is in work."""
        if is_question(update):
            self._by_chat[chat] += 1
            self._by_sender[chat, sender_of(update)] += 1

    def leave(self, chat: object, update: dict[str, Any]) -> None:
        """An update is done; when it was the last question, it is noted how many were turned away."""
        if not is_question(update):
            return
        _decrease(self._by_sender, (chat, sender_of(update)))
        if _decrease(self._by_chat, chat) > 0:
            return
        if count := self._turned_away.pop(chat, 0):
            log.info("%s updates of %s came faster than they may be answered, and were left", count, chat)


def _decrease(counter: Counter[object], key: object) -> int:
    counter[key] -= 1
    left = counter[key]
    if left <= 0:
        del counter[key]
    return left


def is_question(update: dict[str, Any]) -> bool:
    """Whether an answer is expected: what people say to each other in a group is none."""
    if "callback_query" in update:
        return True
    message = update.get("message") or update.get("channel_post")
    if not isinstance(message, dict) or not isinstance(message.get("text"), str):
        return False
    chat = message.get("chat")
    is_private = isinstance(chat, dict) and chat.get("type") == "private"
    return is_private or message["text"].startswith("/")


def sender_of(update: dict[str, Any]) -> object:
    """The id of who asks; None for a channel or somebody who cannot be read."""
    content = update.get("callback_query") or update.get("message")
    sender = content.get("from") if isinstance(content, dict) else None
    number = sender.get("id") if isinstance(sender, dict) else None
    return number if isinstance(number, int) else None


def _is_change(update: dict[str, Any]) -> bool:
    """Whether a command or button changes settings, as far as can be told without looking closer."""
    callback = update.get("callback_query")
    if isinstance(callback, dict):
        return str(callback.get("data")).startswith(_SIGNED)
    message = update.get("message") or update.get("channel_post")
    words = message["text"].split(maxsplit=1) if isinstance(message, dict) else []
    command = BY_NAME.get(words[0].removeprefix("/").partition("@")[0].lower()) if words else None
    return command is not None and command.scope is Scope.CHAT_ADMINS
