"""The terms of a subject: what each is called in both languages, and what readers call it."""

from __future__ import annotations

from digests.report.model.sourcing import PackModel
from digests.text import Phrase, Text


class Term(PackModel):
    """One meaning. Whoever asks by any of its words finds what is told by any other."""

    name: Text
    synonyms: tuple[Phrase, ...] = ()
