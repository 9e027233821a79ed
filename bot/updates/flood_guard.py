"""Turns away questions of a chat that asks faster than it may be answered, and never its administrators."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Hashable, Iterator
from typing import Any

from bot.commands import BY_NAME, Scope, parse_call, parse_keyword
from bot.telegram.callback_data import SEPARATOR, MenuCallback, StopCallback, StopTopicCallback
from bot.telegram.signed_callbacks import is_signed
from bot.updates.raw_update import RawUpdate

log = logging.getLogger(__name__)

#: Telegram lets a bot send about a message a second to one chat: more questions than this take too long.
_LONGEST = 5

#: Buttons without a signature that change something: they say no chat but their own.
_CHANGING = tuple(each.__prefix__ for each in (MenuCallback, StopCallback, StopTopicCallback))

#: A chat, and who wants to change something there.
Change = tuple[int | None, int | None]

#: Where updates are counted; None for what is always handled.
Line = int | Change | None


class FloodGuard:
    """Counts what is in work, and what was turned away.

    Questions are counted by chat. What changes something is counted by person and by chat: when many
    members of a group want changes at once, only those of its administrators are taken besides.
    """

    def __init__(self, longest: int = _LONGEST) -> None:
        self._longest = longest
        self._in_work: Counter[Hashable] = Counter()
        self._turned_away: Counter[Hashable] = Counter()

    def admits(self, line: Line) -> bool:
        """Whether an update of that line is to be handled, if only of an administrator."""
        return line is None or self._in_work[line] < self._longest

    def is_crowded(self, line: Line) -> bool:
        """Whether so many of its chat want changes that only those of administrators are taken."""
        return isinstance(line, tuple) and self._in_work[_crowd(line)] >= self._longest

    def turn_away(self, line: Line) -> bool:
        """Count an update that is not admitted; whether it is the first one since the line was empty."""
        crowd = _crowd(line) if self.is_crowded(line) else line
        self._turned_away[crowd] += 1
        return self._turned_away[crowd] == 1

    def enter(self, line: Line) -> None:
        """An admitted update is in work."""
        for each in _counted(line):
            self._in_work[each] += 1

    def leave(self, line: Line) -> None:
        """An admitted update is done; when it was the last one, the log says how many were turned away."""
        for each in _counted(line):
            self._in_work[each] -= 1
            if self._in_work[each] > 0:
                continue
            del self._in_work[each]
            if count := self._turned_away.pop(each, 0):
                log.info("%s updates of %s came faster than they may be answered, and were left", count, each)


def _crowd(line: Line) -> Hashable:
    """All changes of the chat of a change."""
    return f"{line[0]}, which change something," if isinstance(line, tuple) else line


def _counted(line: Line) -> set[Hashable]:
    return set() if line is None else {line, _crowd(line)}


def line_of(update: RawUpdate) -> Line:
    """Where an update is counted.

    What people say to each other in a group is nowhere.
    """
    button = update.get("callback_query")
    if isinstance(button, dict):
        data = str(button.get("data") or "")
        is_change = is_signed(data) or data.partition(SEPARATOR)[0] in _CHANGING
        return _line(button.get("message"), button, is_change=is_change)
    message = update.get("message") or update.get("channel_post")
    if not isinstance(message, dict):
        return None
    chat = message.get("chat")
    is_private = isinstance(chat, dict) and chat.get("type") == "private"
    text = message.get("text") or (message.get("caption") if is_private else None)
    words = text if isinstance(text, str) else ""
    is_change = _carries_change(message) or _changes(words, is_private=is_private)
    if not (is_change or is_private or parse_call(words, None) is not None):
        return None
    return _line(message, message, is_change=is_change)


def command_of(update: RawUpdate) -> str | None:
    """The command that an update calls, or ``button``; never what somebody wrote."""
    if "callback_query" in update:
        return "button"
    message = update.get("message") or update.get("channel_post")
    text = message.get("text") if isinstance(message, dict) else None
    call = parse_call(text, None) if isinstance(text, str) else None
    return call.name if call and call.name in BY_NAME else None


def name_of(update: RawUpdate) -> str:
    """An update for the log: its number, and its command or else its kind; nothing that somebody wrote."""
    kind = next((key for key in update if key != "update_id"), "empty")
    return f"update {update.get('update_id')} ({command_of(update) or str(kind)[:32]})"


def _line(message: Any, sent: RawUpdate, *, is_change: bool) -> Line:
    chat = _id_of(message.get("chat")) if isinstance(message, dict) else None
    person = _id_of(sent.get("sender_chat") or sent.get("from"))
    return (chat, person) if is_change else (person if chat is None else chat)


def _carries_change(message: RawUpdate) -> bool:
    """Whether a message picks a chat, or answers a page of the settings."""
    replied = message.get("reply_to_message")
    return "chat_shared" in message or (
        isinstance(replied, dict) and any(map(is_signed, _buttons(replied.get("reply_markup"))))
    )


def _buttons(markup: Any) -> Iterator[str]:
    """The data of the buttons of a keyboard, as far as it can be read."""
    rows = markup.get("inline_keyboard") if isinstance(markup, dict) else None
    for row in rows if isinstance(rows, list) else ():
        for button in row if isinstance(row, list) else ():
            if isinstance(button, dict):
                yield str(button.get("callback_data") or "")


def _id_of(holder: Any) -> int | None:
    number = holder.get("id") if isinstance(holder, dict) else None
    return number if isinstance(number, int) else None


def _changes(text: str, *, is_private: bool) -> bool:
    """Whether a message calls a command that only administrators or operators may use."""
    call = parse_call(text, None) or (parse_keyword(text) if is_private else None)
    command = BY_NAME.get(call.name) if call else None
    return command is not None and command.scope in (Scope.CHAT_ADMINS, Scope.OPERATORS)
