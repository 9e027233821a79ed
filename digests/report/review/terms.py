"""Whether each term of a pack is worded in one way."""

from __future__ import annotations

import re
from collections.abc import Iterator

from digests.report.checks import Complaint, walk
from digests.report.model import Report, Wording
from digests.text import Text

#: The names of units are not prose, and the errata quote what was wrong; a short form may shorten a term.
_NOT_PROSE = ("units", "errata", "glossary")


def worded_otherwise(report: Report) -> Iterator[Complaint]:
    """Each text that words a term of the pack in another way."""
    terms = sorted(report.wording, key=lambda term: len(term.zh), reverse=True)
    avoided = [(word, term) for term in terms for word in term.avoid]
    for path, model in walk(report):
        if not isinstance(model, Text) or path[0] in _NOT_PROSE or path[-1] == "short":
            continue
        for term in _terms_in(model.zh, terms):
            if not any(_holds(model.en, form) for form in term.en):
                yield path, "term", f"{term.zh!r} is {' or '.join(map(repr, term.en))} in English"
        for word, term in avoided:
            if _holds(model.en, word, whole=True):
                yield path, "term", f"{word!r} is {term.en[0]!r} elsewhere"


def _terms_in(text: str, terms: list[Wording]) -> Iterator[Wording]:
    """The terms that a text has, the longest first; a term inside a longer one is not counted."""
    for term in terms:
        if term.zh in text:
            yield term
            text = text.replace(term.zh, "，")


def _holds(text: str, words: str, *, whole: bool = False) -> bool:
    """Whether a text has the words, with an ending (parks, piloted) unless they must stand whole."""
    end = "(?![a-z])" if whole else ""
    return re.search(rf"(?<![a-z]){re.escape(words)}{end}", text, re.IGNORECASE) is not None
