"""Finds facts by words: Chinese by characters and pairs, Latin by words, figures as printed."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from digests.report.model import Observation, Report
from digests.text import Language, Text

_TOKENS = re.compile(r"[0-9]+(?:\.[0-9]+)?%?|[a-z][a-z0-9&'-]*|[㐀-鿿豈-﫿]+")
_HEADING, _BODY = 3.0, 1.0
#: A figure answers a question about a number better than the text around it.
_KIND_WEIGHTS = {
    "observation": 1.15,
    "milestone": 1.1,
    "place": 3.0,
    "theme": 0.9,
    "point": 0.95,
    "entry": 1.0,
}


@dataclass(frozen=True, slots=True)
class Hit:
    """A fact that matches; ``kind`` says what its id names."""

    kind: str
    id: str
    score: float


def fold(text: str) -> str:
    """Text as it is compared: full-width forms, case and accents do not matter."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).strip()


def terms(text: str) -> Iterator[str]:
    """The search terms of a text: words, figures, Chinese characters and pairs of them."""
    for token in _TOKENS.findall(fold(text).replace(",", "")):
        if token[0] >= "㐀":
            yield from token
            yield from (token[n : n + 2] for n in range(len(token) - 1))
        else:
            yield token.rstrip("%")
            yield from {token.removesuffix("s")} - {token}


class Index:
    """An inverted index over reports, small enough to stand in memory."""

    def __init__(self, reports: Iterable[Report]) -> None:
        self._weights: dict[str, dict[int, float]] = defaultdict(dict)
        self._facts: list[tuple[str, str]] = []
        self._headings: list[str] = []
        for report in reports:
            for kind, fact_id, heading, body in _texts(report):
                self._add(kind, fact_id, heading, body)

    def _add(self, kind: str, fact_id: str, heading: str, body: str) -> None:
        number = len(self._facts)
        self._facts.append((kind, fact_id))
        self._headings.append(fold(heading))
        counts: Counter[str] = Counter()
        for text, weight in ((heading, _HEADING), (body, _BODY)):
            for term in set(terms(text)):
                counts[term] += weight  # type: ignore[assignment] # a weight is a fraction
        for term, weight in counts.items():
            self._weights[term][number] = weight

    def search(self, text: str, limit: int) -> tuple[Hit, ...]:
        """The best facts for a question, scored by how rare the matched terms are."""
        wanted = set(terms(text))
        scores: dict[int, float] = defaultdict(float)
        for term in wanted:
            found = self._weights.get(term, {})
            rarity = math.log(1 + len(self._facts) / (1 + len(found))) * (2 if len(term) > 1 else 0.5)
            for number, weight in found.items():
                scores[number] += rarity * weight
        total = sum(self._rarity(term) for term in wanted) or 1.0
        whole = fold(text)
        hits = [self._hit(number, score / total, whole) for number, score in scores.items()]
        threshold = max((hit.score for hit in hits), default=0) * 0.25
        ranked = sorted((hit for hit in hits if hit.score >= threshold), key=lambda hit: (-hit.score, hit.id))
        return tuple(ranked[:limit])

    def _rarity(self, term: str) -> float:
        return math.log(1 + len(self._facts) / (1 + len(self._weights.get(term, ())))) * (
            2 if len(term) > 1 else 0.5
        )

    def _hit(self, number: int, score: float, whole: str) -> Hit:
        kind, fact_id = self._facts[number]
        exact = 2.0 if whole and whole in self._headings[number] else 1.0
        return Hit(kind, fact_id, score * _KIND_WEIGHTS[kind] * exact)


def _both(*texts: Text | None) -> str:
    return " ".join(text[language] for text in texts if text for language in Language)


def _texts(report: Report) -> Iterator[tuple[str, str, str, str]]:
    """Each fact: its kind, id, heading and further words."""
    names = {place.id: _both(place.name) for place in report.places}
    names |= {entry.id: _both(entry.name) for entries in report.lists for entry in entries.entries}
    for place in report.places:
        yield "place", place.id, f"{_both(place.name)} {' '.join(place.keywords)}", _both(place.epithet)
    for milestone in report.milestones:
        linked = " ".join(names.get(name, "") for name in (*milestone.places, *milestone.entries))
        yield (
            "milestone",
            milestone.id,
            f"{_both(milestone.title)} {milestone.date}",
            f"{_both(milestone.summary)} {linked} {milestone.date.year}年",
        )
    yield from _figures(report, names)
    for theme in report.themes:
        yield "theme", theme.id, _both(theme.title), _both(theme.summary)
        for point in theme.points:
            yield "point", point.id, _both(point.title), _both(point.text)
    for entries in report.lists:
        for entry in entries.entries:
            yield "entry", entry.id, _both(entry.name), f"{_both(entry.note, entries.title)}"


def _figures(report: Report, names: dict[str, str]) -> Iterator[tuple[str, str, str, str]]:
    units = {unit.id: unit for unit in report.units}
    subjects = {
        subject.id: f"{_both(subject.name)} {' '.join(subject.keywords)}" for subject in report.subjects
    }
    for metric in report.metrics:
        named = f"{_both(metric.name)} {' '.join(metric.keywords)}"
        for figure in metric.observations:
            unit = units[figure.quantity.unit]
            worded = " ".join(figure.quantity.word(language, unit) for language in Language)
            place = names.get(figure.place or metric.place, "")
            more = _both(metric.note, figure.note, figure.attribution)
            heading = f"{named} {_both(figure.label)} {worded} {_years(figure)}"
            yield "observation", figure.id, heading, f"{place} {subjects.get(metric.subject, '')} {more}"


def _years(observation: Observation) -> str:
    """The years a figure is about, as a question would name them."""
    ends = (observation.period.start, observation.period.end)
    years = sorted({end.year for end in ends if end and end.year})
    return " ".join(f"{year} {year}年" for year in years)
