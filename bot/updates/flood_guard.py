"""Turns away questions of a chat that asks faster than it may be answered, and never its administrators."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Hashable
from typing import Any

from bot.commands import BY_NAME, Scope, parse_call, parse_keyword
from bot.telegram.signed_callbacks import is_signed

log = logging.getLogger(__name__)

#: Telegram lets a bot send about a message a second to one chat: more questions than this take too long.
_LONGEST = 5

#: An update as Telegram sends it.
RawUpdate = dict[str, Any]

#: Where updates are counted; None for what is always handled.
Line = Hashable | None


class FloodGuard:
    """Counts what is in work, and what was turned away.

    Questions are counted by chat. What changes something is counted by chat and person, so that members
    who flood a group cannot keep its administrators from it. All else is never turned away.
    """

    def __init__(self, longest: int = _LONGEST) -> None:
        self._longest = longest
        self._in_work: Counter[Line] = Counter()
        self._turned_away: Counter[Line] = Counter()

    def admits(self, line: Line) -> bool:
        """Whether an update of that line is to be handled."""
        return line is None or self._in_work[line] < self._longest

    def turn_away(self, line: Line) -> bool:
        """Count an update that is not admitted; whether it is the first one since the line was empty."""
        self._turned_away[line] += 1
        return self._turned_away[line] == 1

    def enter(self, line: Line) -> None:
        """An admitted update is in work."""
        if line is not None:
            self._in_work[line] += 1

    def leave(self, line: Line) -> None:
        """An admitted update is done; when it was the last one, the log says how many were turned away."""
        if line is None:
            return
        self._in_work[line] -= 1
        if self._in_work[line] > 0:
            return
        del self._in_work[line]
        if count := self._turned_away.pop(line, 0):
            log.info("%s updates of %s came faster than they may be answered, and were left", count, line)


def line_of(update: RawUpdate) -> Line:
    """Where an update is counted: the chat of a question, chat and person of a change; None: nowhere.

    What people say to each other in a group is neither.
    """
    button = update.get("callback_query")
    if isinstance(button, dict):
        is_change = is_signed(str(button.get("data") or ""))
        return _line(button.get("message"), button, is_change=is_change)
    message = update.get("message") or update.get("channel_post")
    if not isinstance(message, dict) or not isinstance(message.get("text"), str):
        return None
    chat = message.get("chat")
    is_private = isinstance(chat, dict) and chat.get("type") == "private"
    if not is_private and parse_call(message["text"], None) is None:
        return None
    return _line(message, message, is_change=_changes(message["text"]))


def command_of(update: RawUpdate) -> str | None:
    """The command that an update calls, or ``button``; never what somebody wrote."""
    if "callback_query" in update:
        return "button"
    message = update.get("message") or update.get("channel_post")
    text = message.get("text") if isinstance(message, dict) else None
    call = parse_call(text, None) if isinstance(text, str) else None
    return call.name if call and call.name in BY_NAME else None


def _line(message: Any, sent: RawUpdate, *, is_change: bool) -> Line:
    chat = _id_of(message.get("chat")) if isinstance(message, dict) else None
    person = _id_of(sent.get("from") or sent.get("sender_chat"))
    return (chat, person) if is_change else (person if chat is None else chat)


def _id_of(holder: Any) -> int | None:
    number = holder.get("id") if isinstance(holder, dict) else None
    return number if isinstance(number, int) else None


def _changes(text: str) -> bool:
    """Whether a message calls a command that only administrators or operators may use."""
    call = parse_call(text, None) or parse_keyword(text)
    command = BY_NAME.get(call.name) if call else None
    return command is not None and command.scope in (Scope.CHAT_ADMINS, Scope.OPERATORS)
