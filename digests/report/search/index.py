"""Ranks facts by how much of a question they answer."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from digests.report.model import Report
from digests.report.search.asking import Asked, is_answer, preference
from digests.report.search.document import BODY, LABEL, NAME, Document
from digests.report.search.facts import documents
from digests.report.search.hits import Hit, HitKind, SearchResult
from digests.report.search.moments import moments_of
from digests.report.search.phrases import Phrasebook
from digests.report.search.questions import Question, Reader, Slot
from digests.report.search.spelling import fold, is_chinese, pairs, stem, tokens
from digests.report.search.vocabulary import Vocabulary

#: A hit must cover this share of the question's weight, more if it matches one word of several, ...
_FLOOR, _FLOOR_OF_ONE = 0.45, 0.6
#: ... and reach this share of the best hit's score; below ``_WHOLE`` it is called near.
_BESIDE_BEST, _WHOLE = 0.4, 0.75
#: An answer stands this far before the next hit.
_LEAD = 0.93
_OTHER_TIME, _NO_TIME, _OTHER_PLACE, _NO_PLACE, _OTHER_THAN_HOME = 0.5, 0.85, 0.65, 0.85, 0.93
_SUM_NOT_ASKED, _SUM_ASKED = 0.8, 1.25
_EXTREME = 2.5
#: A name that holds the whole question as it was typed.
_VERBATIM, _TOLD_VERBATIM, _SHORTEST_VERBATIM = 1.3, 1.3, 3
_WHOLE_NAME = 0.9
#: A figure that a label sets apart comes after the plain one when the label is not asked for.
_LABEL_NOT_ASKED, _LABEL_ONLY = 0.97, 0.85
#: A rare word in a name makes it no longer than this.
_RARE = 3.5
#: What is a problem or a hope answers a question a little less than what is.
_ASSESSMENTS, _ASSESSED = frozenset({"problems", "outlook"}), 0.93
_NAMED = 0.9
_FACETS = ("at:", "part:", "event:", "publication:", "level:", "doubt:")
#: A question of less weight says too little for more than names.
_LITTLE = 2.0


@dataclass(slots=True)
class _Match:
    score: float = 0.0
    covered: float = 0.0
    named: float = 0.0
    slots: int = 0
    is_near: bool = False
    in_time: bool = False
    is_part: bool = False
    labelled: float = 0.0


class Index:
    """The facts of several reports, found by words, dates and places; small enough to stand in memory."""

    def __init__(self, reports: Iterable[Report]) -> None:
        reports = tuple(reports)
        owned = [(report.id, document) for report in reports for document in documents(report)]
        self._report_ids = tuple(report_id for report_id, _ in owned)
        self._documents = tuple(document for _, document in owned)
        self._phrasebook = Phrasebook(reports)
        self._vocabulary = Vocabulary()
        for number, document in enumerate(self._documents):
            self._add(number, document)
        self._reader = Reader(self._phrasebook, self._vocabulary)
        self._vocabulary.prepare()
        self._name_weights = tuple(self._name_weight(d, NAME) for d in self._documents)
        self._names = tuple(_text(document, NAME) for document in self._documents)
        self._texts = tuple(_text(document, BODY) for document in self._documents)
        self._label_weights = tuple(self._name_weight(d, LABEL) for d in self._documents)
        self._positions = _positions(self._documents)
        places = Counter(p for d in self._documents if d.kind is HitKind.OBSERVATION for p in d.places)
        self._home = next((place for place, _ in places.most_common(1)), "")

    def _add(self, number: int, document: Document) -> None:
        for strength, text in document.fields:
            for part in text.split("|"):
                self._vocabulary.add(number, self._terms(part), strength)
        self._vocabulary.add(number, (f"at:{place}" for place in document.places), NAME)
        for term, strength in (*document.facets, *moments_of(document.dates)):
            self._vocabulary.add(number, (term,), strength)

    def _terms(self, text: str) -> set[str]:
        words = tokens(fold(text))
        found = set(self._phrasebook.terms_in(words))
        for word in words:
            found |= {*word, *pairs(word)} if is_chinese(word) else {stem(word)}
        return found

    def _name_weight(self, document: Document, least: float) -> dict[bool, float]:
        """How much there is to the name of a fact, or to its label, in Chinese (True) and in English."""
        parts = [fold(part) for told, text in document.fields if told >= least for part in text.split("|")]
        names = {
            chinese: " ".join(p for p in parts if _has_chinese(p) is chinese) for chinese in (True, False)
        }
        return {
            chinese: sum(min(_RARE, slot.weight) for slot in self._reader.slots(name))
            for chinese, name in names.items()
        }

    def search(self, text: str, limit: int) -> SearchResult:
        """The facts that answer a question, the best first."""
        question = self._reader.read(text)
        in_chinese = _has_chinese(question.text)
        total = sum(slot.weight for slot in question.slots)
        if not total:
            return SearchResult()
        has_unknown = any(not slot.terms for slot in question.slots)
        ranked = []
        for number, match in self._matches(question.slots).items():
            is_named = match.named >= _WHOLE_NAME * self._name_weights[number][in_chinese] > 0
            if is_named or self._is_enough(match, total, has_unknown=has_unknown):
                score = self._score(number, match, question, total, in_chinese)
                ranked.append((score, number, match))
        ranked.sort(key=lambda found: (-round(found[0], 2), found[1]))
        hits = [self._hit(found, total) for found in ranked if found[0] >= _BESIDE_BEST * ranked[0][0]]
        return SearchResult(tuple(hits[:limit]), len(hits), self._answer(ranked, hits, question))

    @staticmethod
    def _is_enough(match: _Match, total: float, *, has_unknown: bool) -> bool:
        """Whether a fact has to do with a question at all."""
        floor = _FLOOR_OF_ONE if match.slots == 1 and has_unknown else _FLOOR
        return match.covered >= floor * total and (match.named + match.labelled > 0 or total > _LITTLE)

    def _matches(self, slots: tuple[Slot, ...]) -> dict[int, _Match]:
        matches: dict[int, _Match] = {}
        for slot in slots:
            best: dict[int, float] = {}
            named: set[int] = set()
            for term, strength in slot.terms.items():
                is_facet = term.startswith(_FACETS)
                for number, told in self._vocabulary.postings[term].items():
                    if told * strength > best.get(number, 0.0):
                        best[number] = told * strength
                    if told >= _NAMED and not is_facet:
                        named.add(number)
            is_part = any(term.startswith("part:") for term in slot.terms)
            is_moment = any(term.startswith(("year:", "month:", "day:")) for term in slot.terms)
            for number, strength in best.items():
                match = matches.setdefault(number, _Match())
                match.score += slot.weight * strength
                match.covered += slot.weight * min(1.0, 0.4 + strength)
                match.named += slot.weight if number in named and strength <= NAME else 0.0
                match.slots += 1
                match.labelled += slot.weight if strength > NAME else 0.0
                match.is_near |= slot.is_near
                match.in_time |= is_moment
                match.is_part |= is_part
        return matches

    def _score(self, number: int, match: _Match, question: Question, total: float, in_chinese: bool) -> float:
        document = self._documents[number]
        score = match.score / total * self._name_factor(number, match, in_chinese) * document.weight
        score *= preference(question.asked, document.answers)
        if len(question.text) >= _SHORTEST_VERBATIM and question.text in self._names[number]:
            score *= _VERBATIM
        elif len(question.text) >= _SHORTEST_VERBATIM and question.text in self._texts[number]:
            score *= _TOLD_VERBATIM
        if question.moments and not match.in_time:
            score *= _OTHER_TIME if document.dates else _NO_TIME
        if question.extreme and document.kind is HitKind.MILESTONE:
            score *= self._extremity(number, question.extreme)
        if document.answers & _ASSESSMENTS and not match.is_part:
            score *= _ASSESSED
        if document.is_sum:
            score *= _SUM_ASKED if question.wants_sum else _SUM_NOT_ASKED
        return score * self._place_factor(document, number, question)

    def _name_factor(self, number: int, match: _Match, in_chinese: bool) -> float:
        """More, the more of a fact's name was asked for; a label counts as a whole."""
        weight, label = self._name_weights[number][in_chinese], self._label_weights[number][in_chinese]
        if not weight:
            return 0.85
        is_labelled = label > 0 and match.labelled >= label / 2
        factor = 0.7 + 0.3 * min(1.0, (match.named + (label if is_labelled else match.labelled)) / weight)
        if not label:
            return factor
        return factor * (1.0 if is_labelled else _LABEL_NOT_ASKED) * (1.0 if match.named else _LABEL_ONLY)

    def _extremity(self, number: int, extreme: int) -> float:
        """More for the first events (extreme -1) or for the last ones (1)."""
        position = self._positions.get(number, 0.5)
        return math.pow(_EXTREME, 2 * position - 1 if extreme > 0 else 1 - 2 * position)

    def _place_factor(self, document: Document, number: int, question: Question) -> float:
        if not document.places:
            return (
                _NO_PLACE if question.places - {self._home} and not self._mentions(number, question) else 1.0
            )
        if not question.places:
            is_figure = document.kind is HitKind.OBSERVATION
            return _OTHER_THAN_HOME if is_figure and self._home not in document.places else 1.0
        is_there = question.places & document.places or self._mentions(number, question)
        return 1.0 if is_there else _OTHER_PLACE

    def _mentions(self, number: int, question: Question) -> bool:
        postings = self._vocabulary.postings
        return any(number in postings[f"place:{place}"] for place in question.places)

    def _hit(self, found: tuple[float, int, _Match], total: float) -> Hit:
        score, number, match = found
        document = self._documents[number]
        is_near = match.is_near or match.covered < _WHOLE * total
        return Hit(document.kind, document.id, self._report_ids[number], round(score, 4), is_near)

    def _answer(
        self, ranked: list[tuple[float, int, _Match]], hits: list[Hit], question: Question
    ) -> Hit | None:
        """The first hit, when it is what was asked for and stands before the others."""
        if not hits or hits[0].is_near or Asked.LIST in question.asked:
            return None
        if len(hits) > 1 and hits[1].score > _LEAD * hits[0].score:
            return None
        return hits[0] if is_answer(question.asked, self._documents[ranked[0][1]].answers) else None


def _text(document: Document, least: float) -> str:
    return " ".join(fold(text) for strength, text in document.fields if least <= strength < LABEL)


def _positions(documents: tuple[Document, ...]) -> dict[int, float]:
    """Where each event stands among all, from 0 for the first to 1 for the last."""
    events = [n for n, d in enumerate(documents) if d.kind is HitKind.MILESTONE and d.dates[0].year]
    events.sort(key=lambda number: documents[number].dates[0].sort_key)
    return {number: place / max(1, len(events) - 1) for place, number in enumerate(events)}


def _has_chinese(folded: str) -> bool:
    return any(map(is_chinese, folded))
