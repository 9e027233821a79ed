"""The one normalisation of typed text: Unicode forms, invisible characters, script, case, dashes, accents."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

from opencc import OpenCC
from rapidfuzz import fuzz, process

from digests.inputs import InputError

#: Longest text that is read, in characters; nothing that a reader does grows beyond it.
LONGEST = 256
#: Characters of a name that are compared with others; no name of a place or command is longer.
_COMPARED = 48

#: Letters and marks that show as nothing although Unicode does not class them as format characters.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_SPECIAL_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"}
)
#: Dashes, tildes and dots that keyboards and typesetters use for one another.
_MARKS = str.maketrans(
    {
        "−": "-",
        "⁻": "-",
        "〜": "~",
        "∼": "~",
        "∶": ":",
        "⁄": "/",
        "∕": "/",
        "⧸": "/",
        "〇": "零",
        "○": "零",
        "毎": "每",
    }
    | {"。": ".", "、": ",", "・": "·", "‧": "·", "•": "·", "’": "'", "‘": "'", "`": "'", "ʼ": "'"}
)


@lru_cache(maxsize=1024)
def normalize(text: str) -> str:
    """Text in one line as every reader compares it: NFKC, visible, simplified Chinese, lower case.

    Raises:
        InputError: it is longer than `LONGEST` characters.
    """
    _check_length(text)
    if text.isascii() and text.isprintable():
        return " ".join(text.replace("`", "'").lower().split())
    visible = "".join(_visible(character) for character in unicodedata.normalize("NFKC", text))
    _check_length(visible)
    marked = "".join("-" if unicodedata.category(c) == "Pd" else c for c in visible.translate(_MARKS))
    return " ".join(to_simplified(marked).casefold().split())


def to_simplified(text: str) -> str:
    """Traditional Chinese characters as simplified ones, word by word; other text as it is."""
    return text if text.isascii() else _converter().convert(text)


@lru_cache(maxsize=1024)
def fold_accents(text: str) -> str:
    """Latin letters without their accents: ``são`` is ``sao``, ``xǔ`` is ``xu``."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text)
    kept = "".join(c for c in decomposed if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", kept).translate(_SPECIAL_LETTERS)


@lru_cache(maxsize=1024)
def words(text: str) -> str:
    """Normalised text without accents, each run of punctuation a blank."""
    folded = fold_accents(normalize(text)).replace("'", "")
    return " ".join("".join(c if c.isalnum() else " " for c in folded).split())


@lru_cache(maxsize=1024)
def name_key(text: str) -> str:
    """What names are compared by: `words` without their blanks."""
    return words(text).replace(" ", "")


def line(text: str) -> str:
    """Typed text as it is kept: NFKC, visible, one line, cut to `LONGEST`; case and script stay."""
    cut = unicodedata.normalize("NFKC", text[:LONGEST])[:LONGEST]
    return " ".join("".join(_visible(character) for character in cut).split())


def is_han(character: str) -> bool:
    """Whether it is a Chinese character."""
    return "\u3400" <= character <= "\u9fff" or "\U00020000" <= character <= "\U0003134f"


def shown(text: str, length: int = 40) -> str:
    """Typed text as an answer may repeat it: one line, visible characters, cut to *length*."""
    visible = "".join(_visible(character) for character in text[:LONGEST])
    joined = " ".join(visible.split())
    return joined if len(joined) <= length else f"{joined[: length - 1]}…"


def nearest(key: str, keys: Iterable[str], count: int, cutoff: float) -> list[str]:
    """The *keys* most alike to *key*, best first; alike by at least *cutoff* of 100."""
    found = process.extract(key[:_COMPARED], list(keys), scorer=fuzz.ratio, limit=count, score_cutoff=cutoff)
    return [name for name, _, _ in found]


def _visible(character: str) -> str:
    if character.isspace():
        return " "
    category = unicodedata.category(character)
    is_selector = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    hidden = category in {"Cf", "Cc", "Cs", "Co", "Cn"} or is_selector or character in _INVISIBLE
    return "" if hidden else character


def _check_length(text: str) -> None:
    if len(text) > LONGEST:
        raise InputError("This is too long to be read: at most %(most)s characters.", most=LONGEST)


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")
