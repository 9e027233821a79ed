"""Languages, and texts that exist in each of them."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated
from unicodedata import east_asian_width

from pydantic import BaseModel, ConfigDict, StringConstraints


class Language(StrEnum):
    """A language that every text of a report exists in (ISO 639-1)."""

    ZH = "zh"
    EN = "en"

    @classmethod
    def of_app(cls, code: str | None) -> Language | None:
        """The language for somebody whose app speaks *code*: Chinese for Chinese, else English."""
        if not code:
            return None
        return cls.from_code(code) or cls.EN

    @classmethod
    def from_code(cls, code: str | None) -> Language | None:
        """The language of an IETF tag as Telegram sends it (``zh-hans``, ``en-GB``); None if unknown."""
        prefix = (code or "").replace("_", "-").partition("-")[0].lower()
        try:
            return cls(prefix)
        except ValueError:
            return None


def msgid(phrase: str) -> str:
    """Marks a phrase that is translated where it is shown; the phrase itself."""
    return phrase


#: Characters that change the direction of what follows, and would do so beyond their own text.
_DIRECTIONS = dict.fromkeys(
    map(ord, "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
)


#: Right-to-left scripts and direction characters.
_REORDERING = re.compile(
    "[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff]"
)


def isolated(text: str) -> str:
    """A foreign text, such as a chat's title, that cannot reorder the words around it (Unicode isolates)."""
    return f"\u2068{undirected(text)}\u2069"


#: A part that is isolated already, and holds nothing that reaches beyond it.
_ISOLATED = re.compile("\u2068[^\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]*\u2069")


def embedded(text: str) -> str:
    """A text to be put among others: isolated if it holds right-to-left or direction characters.

    A sentence whose foreign parts are isolated stays as it is.
    """
    return isolated(text) if _REORDERING.search(_ISOLATED.sub("", text)) else text


def undirected(text: str) -> str:
    """A foreign text without the characters that change directions."""
    return text.translate(_DIRECTIONS)


def columns(text: str) -> int:
    """How wide a text is in columns of a fixed-width face: a Chinese character or an emoji takes two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


#: Longer ones do not fit into a message beside what else stands there (characters).
_LONGEST_PHRASE = 1500

Phrase = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=_LONGEST_PHRASE)]


class Text(BaseModel):
    """The same words in each language; neither may be missing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: Phrase
    en: Phrase

    def __getitem__(self, language: Language) -> str:
        """The text as it is shown: an apostrophe typed straight is set as one."""
        return self.zh if language is Language.ZH else self.en.replace("'", "’")
