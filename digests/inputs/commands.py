"""Commands and their keywords as people type them, and the nearest when there is none of that name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from digests.inputs.normalize import is_han, line, name_key, nearest

_SUGGESTED = 3
_ALIKE = 62.0
_SHORTEST_START = 2
_SLASHED = re.compile(
    r"[/⁄∕⧸] ?(?P<word>[^\s@,:;!?。、/]*)(?: ?@ ?(?P<bot>[A-Za-z0-9_]+))?[\s,:;!?。、]*(?P<argument>.*)"
)
_GAP = " ,:;!?。、"


@dataclass(frozen=True, slots=True)
class CommandInput:
    """A known command and what follows it, in one line, as typed."""

    name: str
    argument: str


@dataclass(frozen=True, slots=True)
class UnknownCommand:
    """A command that does not exist; ``near`` are names of those that are spelt alike, best first."""

    typed: str
    argument: str
    near: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OtherBotsCommand:
    """A command that names another bot: not ours to answer."""


class CommandReader:
    """Reads commands; *keywords* are the words in any script that mean each, by its name."""

    def __init__(self, keywords: Mapping[str, Iterable[str]]) -> None:
        self._names = {name_key(name): name for name in keywords}
        self._keywords = {name_key(word): name for name, given in keywords.items() for word in given}
        self._words = self._keywords | self._names

    def read(
        self, text: str, username: str | None
    ) -> CommandInput | UnknownCommand | OtherBotsCommand | None:
        """What a text with a slash asks the bot *username*, None: any bot; None when it has no slash."""
        match = _SLASHED.fullmatch(line(text))
        if match is None:
            return None
        if username is not None and match["bot"] and match["bot"].casefold() != username.casefold():
            return OtherBotsCommand()
        word, argument = match["word"], match["argument"].strip()
        if name := self._words.get(name_key(word)):
            return CommandInput(name, argument)
        if known := self._joined(word, argument, self._words, is_called=True):
            return known
        return UnknownCommand(word, argument, self._near(name_key(word)))

    def read_keyword(self, text: str) -> CommandInput | None:
        """The command that a text without a slash calls by a keyword, with what follows it."""
        typed = line(text)
        for end in (n for n in range(len(typed), 0, -1) if n == len(typed) or typed[n] in _GAP):
            if name := self._keywords.get(name_key(typed[:end])):
                return CommandInput(name, typed[end:].strip(_GAP))
        word, *rest = typed.split(maxsplit=1)[:2] or [""]
        return self._joined(word, " ".join(rest), self._keywords)

    def _joined(
        self, word: str, argument: str, known: Mapping[str, str], *, is_called: bool = False
    ) -> CommandInput | None:
        """A command whose argument follows without a blank: ``时间线2016``, ``/timeline洛阳``."""
        for end in range(len(word) - 1, 1, -1):
            name = known.get(name_key(word[:end]))
            if name and (_is_new_script(word[end - 1], word[end]) or (is_called and is_han(word[end]))):
                return CommandInput(name, f"{word[end:]} {argument}".strip())
        return None

    def _near(self, key: str) -> tuple[str, ...]:
        begun = [word for word in self._words if len(key) >= _SHORTEST_START and word.startswith(key)]
        alike = nearest(key, self._words, 2 * _SUGGESTED, _ALIKE) if key else []
        return tuple(dict.fromkeys(self._words[word] for word in (*begun, *alike)))[:_SUGGESTED]


def _is_new_script(before: str, after: str) -> bool:
    """Whether a word may end here without a blank: digits or another script follow."""
    return (after.isdecimal() and not before.isdecimal()) or (is_han(before) != is_han(after))
