"""What a subscription is to be narrowed to, as people type it: ``only Luoyang policy``, ``只看洛阳``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from digests.inputs import AmbiguousInputError, InputError
from digests.inputs.normalize import is_han, line, name_key, nearest
from digests.inputs.setting_words import Reader, SettingWord, UnknownWord, split_settings
from digests.narrowing import MOST_CHOICES
from digests.narrowing.options import Option, example, options_of
from digests.report.library import Library, near
from digests.subscription_settings import NARROWING
from digests.text import Language, msgid

_SUGGESTED, _ALIKE, _SHORTEST = 3, 60.0, 2
_ONLY = re.compile(rf"\b(?:{NARROWING.words[0]})\b|{'|'.join(NARROWING.words[1:])}", re.IGNORECASE)
_CHOICE, _EVERYTHING = "choice", "everything"
_ALL = frozenset(map(name_key, NARROWING.everything))
_UNKNOWN = msgid("No place, subject, argument or kind of milestone is called so.")
_AMBIGUOUS = msgid("Several things are called so.")
_NEVER_TOLD = msgid("Digests tell nothing of it.")
_TOO_MANY = msgid("At most %(most)s can be chosen.")


class UnknownChoiceError(ValueError):
    """A word behind "only" that is no choice; ``kept`` are the words there that are, as typed."""

    def __init__(self, unknown: UnknownWord, kept: str = "") -> None:
        super().__init__(unknown.text)
        self.unknown = unknown
        self.kept = kept


def cut_narrowing(text: str) -> tuple[str, str | None]:
    """A sentence up to the word "only", and what stands behind it; None without such a word."""
    sentence = line(text)
    found = _ONLY.search(sentence)
    if found is None:
        return text, None
    return sentence[: found.start()], _ONLY.sub(" ", sentence[found.end() :])


def read_choices(
    library: Library, text: str, beside: Mapping[str, Reader] | None = None
) -> tuple[tuple[str, ...], tuple[SettingWord, ...]]:
    """The choices that words name, in order, and the other words, which *beside* reads.

    There are no choices for a word that means everything.

    Raises:
        UnknownChoiceError: something is no choice, could be several, or is never told; or they are too many.
    """
    names = _names(library)
    found = split_settings(text, {_CHOICE: names.find, **(beside or {})})
    chosen = {str(word.value) for word in found.known if word.setting == _CHOICE}
    if found.unknown or not chosen:
        unknown = found.unknown[0] if found.unknown else UnknownWord(text.strip())
        raise UnknownChoiceError(names.explained(unknown), " ".join(word.text for word in found.known))
    if len(chosen) > MOST_CHOICES:
        raise UnknownChoiceError(UnknownWord(text, problem=InputError(_TOO_MANY, most=MOST_CHOICES)))
    others = tuple(word for word in found.known if word.setting != _CHOICE)
    return () if _EVERYTHING in chosen else tuple(sorted(chosen)), others


class _Names:
    """The choices of a library by any spelling: a name wins over another name of something else."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._places = library.place_finder
        self._options = {option.token: option for option in options_of(library)}
        self._by_name: dict[str, list[Option]] = {}
        self._by_alias: dict[str, list[Option]] = {}
        for option in self._options.values():
            for name in (option.name.zh, option.name.en, option.token):
                self._by_name.setdefault(name_key(name), []).append(option)
            for alias in option.aliases:
                self._by_alias.setdefault(name_key(alias), []).append(option)

    def find(self, text: str) -> str | None:
        """The choice of that name, or None.

        Raises:
            InputError: several things are called so, or digests tell nothing of it.
        """
        key = name_key(text)
        if key in _ALL:
            return _EVERYTHING
        if len(key) < _SHORTEST:
            return None  # of a Chinese name misspelt, one character would be another name
        found = {option.token: option for option in self._by_name.get(key) or self._by_alias.get(key) or ()}
        if not found and (place := self._places.find(text)) and place.id:
            found = {token: self._options[token] for token in [f"place:{place.id}"]}
        told = [option for option in found.values() if option.is_told]
        if found and not told:
            raise InputError(_NEVER_TOLD)
        if len(told) > 1:
            raise AmbiguousInputError(_AMBIGUOUS, near=tuple(option.token for option in told))
        return told[0].token if told else None

    def explained(self, unknown: UnknownWord) -> UnknownWord:
        """An unknown word with what is wrong with it, and the choices that may have been meant."""
        if unknown.problem:
            return unknown
        language = Language.ZH if any(map(is_han, unknown.text)) else Language.EN
        problem = InputError(_UNKNOWN, forms=(example(self._library, language),))
        return UnknownWord(unknown.text, self._nearest(unknown.text, language), problem)

    def _nearest(self, text: str, language: Language) -> tuple[str, ...]:
        names = [option.name[language] for option in self._options.values() if option.is_told]
        keys = {name_key(name): name for name in names}
        places = [place.name[language] for place in self._places.nearest(text)]
        alike = [keys[key] for key in nearest(name_key(text), keys, _SUGGESTED, _ALIKE)]
        inside = near(text, names) if name_key(text) else []
        return tuple(name for name in dict.fromkeys([*places, *inside, *alike]) if name in names)[:_SUGGESTED]


_names = lru_cache(maxsize=8)(_Names)
