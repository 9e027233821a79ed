"""The facts of several reports, found by what people ask."""

from __future__ import annotations

from collections.abc import Iterable

from digests.report.model import Report
from digests.report.search.asking import Asked, Question, is_answer
from digests.report.search.document import BODY, LABEL, NAME, Document, Hit, HitKind, SearchResult
from digests.report.search.facts import documents
from digests.report.search.moments import moments_of
from digests.report.search.questions import Reader
from digests.report.search.ranking import RARE, Fact, Ranked, Ranking, Weights
from digests.report.search.spelling import fold, has_chinese, is_chinese, pairs, stem, tokens
from digests.report.search.vocabulary import Phrasebook, Vocabulary

#: A hit reaches this share of the best one's score; it is near when it covers less than that of the question.
_BESIDE_BEST, _COVERED = 0.4, 0.65
#: An answer has the next hit this far behind; farther when nothing was asked and only a name typed.
_LEAD, _LEAD_OF_A_NAME = 0.97, 0.93


class Index:
    """The facts of several reports, found by words, dates and places; small enough to stand in memory."""

    def __init__(self, reports: Iterable[Report]) -> None:
        reports = tuple(reports)
        self._vocabulary = Vocabulary()
        self._phrasebook = Phrasebook(reports)
        self._reader = Reader(self._phrasebook, self._vocabulary)
        owned = [(report.id, document) for report in reports for document in documents(report)]
        folded = [tuple((told, fold(text)) for told, text in document.fields) for _, document in owned]
        for number, (_, document) in enumerate(owned):
            self._add(number, document, folded[number])
        self._vocabulary.prepare()
        self._facts = tuple(
            self._fact(report, document, folded[number]) for number, (report, document) in enumerate(owned)
        )
        self._ranking = Ranking(self._facts, self._vocabulary)

    def _add(self, number: int, document: Document, fields: tuple[tuple[float, str], ...]) -> None:
        for strength, text in fields:
            for part in text.split("|"):
                self._vocabulary.add(number, self._terms(part), strength)
        self._vocabulary.add(number, (f"at:{place}" for place in document.places), NAME)
        for term, strength in (*document.facets, *moments_of(document.dates)):
            self._vocabulary.add(number, (term,), strength)

    def _terms(self, folded: str) -> set[str]:
        words = tokens(folded)
        found = set(self._phrasebook.terms_in(words))
        for word in words:
            found |= {*word, *pairs(word)} if is_chinese(word) else {stem(word)}
        return found

    def _fact(self, report: str, document: Document, fields: tuple[tuple[float, str], ...]) -> Fact:
        text = " ".join(text for told, text in fields if BODY <= told < LABEL)
        names = [text for told, text in fields if told >= NAME]
        labels = [text for told, text in fields if told >= LABEL]
        return Fact(report, document, text, self._weights(names), self._weights(labels))

    def _weights(self, texts: list[str]) -> Weights:
        parts = [part for text in texts for part in text.split("|")]
        return {
            chinese: sum(
                min(RARE, slot.weight)
                for slot in self._reader.slots(" ".join(p for p in parts if has_chinese(p) is chinese))
            )
            for chinese in (True, False)
        }

    def search(self, text: str, limit: int) -> SearchResult:
        """The facts that answer a question, the best first."""
        question = self._reader.read(text)
        total = sum(slot.weight for slot in question.slots)
        if not total:
            return SearchResult()
        found = self._ranking.rank(question, total)
        kept = [ranked for ranked in found if ranked.score >= _BESIDE_BEST * found[0].score]
        hits = [self._hit(ranked, total) for ranked in kept]
        return SearchResult(tuple(hits[:limit]), len(hits), self._answer(kept, hits, question))

    def holding(self, text: str, kind: HitKind) -> tuple[str, ...]:
        """The ids of all facts of a kind that tell of everything that words name, in the reports' order."""
        question = self._reader.read(text)
        return tuple(
            self._facts[number].document.id
            for number in self._ranking.holding(question.slots)
            if self._facts[number].document.kind is kind
        )

    def _hit(self, ranked: Ranked, total: float) -> Hit:
        fact, match = self._facts[ranked.number], ranked.match
        is_near = match.is_near or match.covered < _COVERED * total
        return Hit(fact.document.kind, fact.document.id, fact.report, round(ranked.score, 4), is_near)

    def _answer(self, found: list[Ranked], hits: list[Hit], question: Question) -> Hit | None:
        """The first hit, when it is what was asked for and stands before the others."""
        if not hits or hits[0].is_near or Asked.LIST in question.asked:
            return None
        lead = _LEAD if question.asked else _LEAD_OF_A_NAME
        if len(hits) > 1 and hits[1].score > lead * hits[0].score:
            return None
        answers = self._facts[found[0].number].document.answers
        return hits[0] if is_answer(question.asked, answers) else None
