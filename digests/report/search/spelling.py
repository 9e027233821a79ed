"""Spellings that mean the same: Unicode forms, traditional characters, accents, endings, pinyin."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from itertools import product
from types import ModuleType

from digests.inputs import InputError
from digests.inputs.normalize import fold_accents, is_han, normalize, to_simplified

#: Longer questions are cut, so that none takes long.
LONGEST_QUESTION = 100

#: Words, numbers as printed, and runs of Chinese characters.
_TOKENS = re.compile(r"https?://[^\s/]+\S*|[0-9]+(?:\.[0-9]+)?|[a-z][a-z0-9]*|[㐀-鿿豈-﫿]+")
_POSSESSIVE = re.compile(r"['’]s\b|(?<=s)['’](?=\s|$)|(?<=\d),(?=\d{3}\b)")
#: Endings of English words from the longest on, and the least length of what must remain.
_ENDINGS = (
    ("ational", "ation", 3), ("ies", "y", 3), ("sses", "ss", 2), ("ches", "ch", 3), ("shes", "sh", 3),
    ("s", "", 3),
)  # fmt: skip
_SECOND_ENDINGS = (("ing", 3), ("ed", 3), ("ion", 5), ("or", 5), ("al", 5), ("ly", 4), ("e", 3))
_NO_PLURAL = ("ss", "us", "is")
_LONGEST_SYLLABLE = 6
#: pypinyin.Style.NORMAL
_WITHOUT_TONES = 0


def fold(text: str) -> str:
    """Text as it is compared: Unicode forms, script, case and accents do not matter."""
    composed = unicodedata.normalize("NFKC", text)
    return fold_accents(to_simplified(composed).casefold())


def fold_question(text: str) -> str:
    """What was typed, cut, without what does not show, as it is compared; empty if it unfolds too far."""
    try:
        return fold_accents(normalize(text[:LONGEST_QUESTION]))[:LONGEST_QUESTION]
    except InputError:
        return ""


def tokens(folded: str) -> list[str]:
    """The words, numbers and Chinese runs of a folded text."""
    return _TOKENS.findall(_POSSESSIVE.sub("", folded))


def is_chinese(token: str) -> bool:
    """Whether a token is a run of Chinese characters."""
    return is_han(token[:1])


def has_chinese(folded: str) -> bool:
    """Whether any of its characters is Chinese."""
    return any(map(is_han, folded))


@cache
def stem(word: str) -> str:
    """An English word without its ending: approvals, approved and approval are one."""
    if not word.isalpha() or word.endswith(_NO_PLURAL):
        return word
    for ending, instead, least in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= least:
            word = word.removesuffix(ending) + instead
            break
    for ending, least in _SECOND_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= least:
            word = word.removesuffix(ending)
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sle" else word  # noqa: PLR2004 - plann, plan


def pairs(run: str) -> Iterator[str]:
    """Each two neighbouring characters."""
    return (run[n : n + 2] for n in range(len(run) - 1))


@cache
def readings(character: str) -> tuple[str, ...]:
    """How a Chinese character may be read, in pinyin without tones."""
    return tuple(_pypinyin().pinyin(character, style=_WITHOUT_TONES, heteronym=True)[0])


@cache
def _pypinyin() -> ModuleType:
    """The library, without its phrases: single characters suffice, and these take 44 MB."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")  # noqa: TID251 - its only switch; nothing is read
    return import_module("pypinyin")


def sounds(phrase: str) -> set[tuple[str, ...]]:
    """How a short Chinese phrase may be read, syllable by syllable."""
    return set(product(*(readings(character)[:3] for character in phrase)))


def syllables(letters: str, known: frozenset[str]) -> tuple[str, ...]:
    """Latin letters cut into pinyin syllables, the fewest; empty when they are none."""
    best: list[tuple[str, ...] | None] = [()]
    for end in range(1, len(letters) + 1):
        ways = [
            (*head, letters[start:end])
            for start in range(max(0, end - _LONGEST_SYLLABLE), end)
            if (head := best[start]) is not None and letters[start:end] in known
        ]
        best.append(min(ways, key=len, default=None))
    return best[-1] or ()
