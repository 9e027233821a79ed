"""Authors' names in their parts, as bibliographies order and abbreviate them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from digests.text import Language, Text

#: A personal name in Chinese characters; a longer one names a body.
_CHINESE_PERSON = re.compile(r"[\u3400-\u9fff]{2,4}")
#: A foreign name in Chinese characters, whose parts a dot separates: given name first.
_TRANSCRIBED = re.compile(r"[\u3400-\u9fff·•]+[·•][\u3400-\u9fff·•]+")


@dataclass(frozen=True, slots=True)
class AuthorName:
    """A name in parts; without a ``given`` part, ``family`` is the whole name: of a body, or in Chinese."""

    family: str
    given: str = ""

    @property
    def initials(self) -> str:
        """``Y. D.`` of ``Yue Dan``, ``J.-P.`` of ``Jean-Paul``."""
        return " ".join(
            "-".join(f"{part[0].upper()}." for part in word.split("-") if part) for word in self.given.split()
        )

    @property
    def inverted(self) -> str:
        """``Wang, Yuedan``."""
        return f"{self.family}, {self.given}" if self.given else self.family


def author_name(name: Text, language: Language) -> AuthorName:
    """A name of a pack in parts.

    Chinese names are not taken apart. In English, the family name of who has a Chinese name stands first,
    that of others last; a body is known by the length of its Chinese name.
    """
    words = name.en.split()
    is_person = _CHINESE_PERSON.fullmatch(name.zh) or _TRANSCRIBED.fullmatch(name.zh)
    if language is Language.ZH or len(words) < 2 or not is_person:  # noqa: PLR2004 - a family and a given name
        return AuthorName(name[language])
    if _TRANSCRIBED.fullmatch(name.zh):
        return AuthorName(words[-1], " ".join(words[:-1]))
    return AuthorName(words[0], " ".join(words[1:]))
