"""A fact as the index sees it, and as it is found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from digests.dates import PartialDate
from digests.report.model import AuditKind, Report, Sourced
from digests.text import Language, Text

#: How well a field says what a fact is about: what sets it apart, its name, other names, its value,
#: what it is linked to, its text, the document's words, what stands round it.
LABEL, NAME, ALIAS, VALUE, LINK, BODY, EVIDENCE, CONTEXT = 1.01, 1.0, 0.95, 0.9, 0.6, 0.55, 0.4, 0.25


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


@dataclass(frozen=True, slots=True)
class Document:
    """A fact as the index sees it.

    Attributes:
        fields: texts, each with how well it says what the fact is about.
        facets: terms that stand for what sort of thing it is, each with its strength.
        answers: what sorts of question it answers (see ``preferences``).
        dates: first and last date that it is about; empty when it has none.
        places: the places that it is about.
        weight: factor of its score.
        is_sum: an aggregate of facts that stand beside it.
        magnitude: of a figure, from -1 for the least of its metric to 1 for the most; else 0.
    """

    kind: HitKind
    id: str
    fields: tuple[tuple[float, str], ...]
    facets: tuple[tuple[str, float], ...] = ()
    answers: frozenset[str] = frozenset()
    dates: tuple[PartialDate, ...] = ()
    places: frozenset[str] = frozenset()
    weight: float = 1.0
    is_sum: bool = False
    magnitude: float = 0.0


def both(*texts: Text | None) -> str:
    """Texts in each language, one after the other."""
    return " | ".join(text[language] for text in texts if text for language in Language)


class Names:
    """What the ids of a report are called, and what is computed once for all of its facts."""

    def __init__(self, report: Report) -> None:
        self.of = {place.id: both(place.name) for place in report.places}
        self.levels = {place.id: str(place.level) for place in report.places}
        self.of |= {entry.id: both(entry.name) for entries in report.lists for entry in entries.entries}
        self.units = {unit.id: unit for unit in report.units}
        self.subjects = {s.id: f"{both(s.name)} | {' | '.join(s.keywords)}" for s in report.subjects}
        self.sections = {section.id: both(section.title) for section in report.sections}
        self.headings = {section.id: section.heading for section in report.sections}
        kinds = {kind.id: both(kind.name, kind.short) for kind in report.designation_kinds}
        self.granted = {d.milestone: kinds.get(d.kind, "") for d in report.designations if d.milestone}
        figures = [figure for metric in report.metrics for figure in metric.observations]
        self.labels = frozenset(figure.label.zh for figure in figures if figure.label)
        self.numbered = {theme.part for theme in report.themes if theme.number is not None}
        self.sums = {rule.stated for rule in report.audit if rule.kind is AuditKind.SUM}

    def linked(self, ids: Iterable[str]) -> str:
        return " | ".join(self.of.get(name, "") for name in ids)


def evidence_of(fact: Sourced) -> str:
    """The document's own words that prove a fact."""
    places = (fact.source, *fact.also)
    return " | ".join(evidence.text for source in places for evidence in source.evidence)
