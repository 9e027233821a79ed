"""What a search finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class HitKind(StrEnum):
    """What the id of a hit names."""

    MILESTONE = "milestone"
    OBSERVATION = "observation"
    PLACE = "place"
    DESIGNATION_KIND = "designation-kind"
    THEME = "theme"
    POINT = "point"
    ENTRY = "entry"
    LIST = "list"
    SECTION = "section"
    PUBLICATION = "publication"
    AUDIT = "audit"


@dataclass(frozen=True, slots=True)
class Hit:
    """A fact that matches.

    Attributes:
        kind: what ``id`` names.
        id: of a publication the statement about it: author, editor, journal, published, publisher,
            contact, distribution or summary; else the id of the fact.
        report: the id of its report.
        score: 0 to about 2, comparable within one result only.
        is_near: a spelling was corrected to find it, or it matches a part of the question only.
    """

    kind: HitKind
    id: str
    report: str
    score: float
    is_near: bool = False


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The best hits of a question, how many there are in all, and the one that answers it.

    ``answer`` is the first of ``hits`` when it alone answers what was asked: a figure, a date, a
    person; None when several would do or none was asked for.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    answer: Hit | None = None
