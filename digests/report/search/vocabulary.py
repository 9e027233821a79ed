"""The terms that lead to facts, the phrases that stand for them, and what a misspelt one was meant to be."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import product

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from digests.report.model import Report
from digests.report.search.asking import WORDS
from digests.report.search.spelling import fold, is_chinese, pairs, readings, sounds, stem, tokens

_SHORTEST_MISSPELT = 6
_LONG = 8
_LONGEST_PHRASE = 12
#: How well a part of a phrase stands for the whole.
_PART = 0.5
#: How well a word stands for one of about the same meaning.
_SAME = 0.85


Stems = tuple[str, ...]


class Vocabulary:
    """Term to facts, each with the strength of the best field that holds the term there."""

    def __init__(self) -> None:
        self.postings: dict[str, dict[int, float]] = defaultdict(dict)
        self.size = 0

    def add(self, number: int, terms: Iterable[str], strength: float) -> None:
        """Note that a fact is found by these terms."""
        self.size = max(self.size, number + 1)
        for term in terms:
            known = self.postings[term]
            if strength > known.get(number, 0.0):
                known[number] = strength

    def knows(self, term: str) -> bool:
        """Whether any fact is found by a term."""
        return term in self.postings

    def rarity(self, terms: Iterable[str]) -> float:
        """How much it tells that a fact has one of these terms: 0 for all facts, about 6 for one."""
        having = [self.postings[term] for term in terms if term in self.postings]
        found = len(having[0]) if len(having) == 1 else len(set().union(*having))
        return math.log(1 + (self.size - found + 0.5) / (found + 0.5))

    def near_words(self, word: str) -> list[str]:
        """The known words that a misspelt one may mean: one slip, in a long word two."""
        if len(word) < _SHORTEST_MISSPELT or not word.isalpha():
            return []
        slips = 2 if len(word) >= _LONG else 1
        known = self._words_by_letter.get(word[0], [])
        distance = DamerauLevenshtein.distance
        found = process.extract(word, known, scorer=distance, score_cutoff=slips, limit=3)
        best = min((distance for _, distance, _ in found), default=0)
        return [near for near, distance, _ in found if distance == best]

    def pairs_sounding(self, syllables: Stems) -> list[str]:
        """The known pairs of Chinese characters that are read so."""
        return self._pairs_by_sound.get(syllables, [])

    def prepare(self) -> None:
        """Build what the first misspelt word needs, so that its reader does not wait."""
        self.near_words("prepare")
        self.pairs_sounding(tuple(self.syllables)[:2])

    @cached_property
    def syllables(self) -> frozenset[str]:
        """Every syllable of the index, in pinyin without tones."""
        return frozenset(syllable for pair in self._pairs_by_sound for syllable in pair)

    @cached_property
    def _words_by_letter(self) -> dict[str, list[str]]:
        words: dict[str, list[str]] = defaultdict(list)
        for term in self.postings:
            if term.isalpha() and term.isascii():
                words[term[0]].append(term)
        return words

    @cached_property
    def _pairs_by_sound(self) -> dict[Stems, list[str]]:
        pairs: dict[Stems, list[str]] = defaultdict(list)
        for term in self.postings:
            if len(term) == 2 and is_chinese(term):  # noqa: PLR2004 - a pair
                for sound in set(product(readings(term[0]), readings(term[1]))):
                    pairs[sound].append(term)
        return pairs


class Phrasebook:
    """Each phrase with the terms that it stands for: its own words, its meaning, a sort of thing."""

    def __init__(self, reports: Iterable[Report]) -> None:
        self._chinese: dict[str, dict[str, float]] = defaultdict(dict)
        self._english: dict[Stems, dict[str, float]] = defaultdict(dict)
        self._words: set[str] = set()
        self._by_sound: dict[Stems, str] = {}
        for sort in ("part", "metric", "event", "publication", "level", "doubt", "same"):
            for name, forms in WORDS[sort].items():
                for form in forms:
                    self._add(form, {f"term:{name}": _SAME} if sort == "same" else {f"{sort}:{name}": 1.0})
        for report in reports:
            self._learn(report)
        for phrase in self._chinese:
            if 1 < len(phrase) <= 4:  # noqa: PLR2004 - the readings of longer ones are too many
                self._by_sound |= dict.fromkeys(sounds(phrase), phrase)

    def _learn(self, report: Report) -> None:
        for number, term in enumerate(report.glossary):
            for form in (term.name.zh, term.name.en, *term.synonyms):
                self._add(form, {f"term:{report.id}:{number}": _SAME})
        for place in report.places:
            for form in (place.name.zh, place.name.en, *place.keywords):
                self._add(form, {f"place:{place.id}": 1.0, f"at:{place.id}": 0.9})
        named = [word for subject in report.subjects for word in subject.keywords]
        named += [word for metric in report.metrics for word in metric.keywords]
        for form in named:
            self._add(form, {})

    def _add(self, form: str, terms: dict[str, float]) -> None:
        words = tokens(fold(form))
        if len(words) == 1 and is_chinese(words[0]) and len(words[0]) <= _LONGEST_PHRASE:
            self._chinese[words[0]] |= {f"={words[0]}": 1.0, **terms}
        elif words and not any(map(is_chinese, words)):
            stems = tuple(map(stem, words))
            self._words |= set(stems)
            self._english[stems] |= {f"={' '.join(stems)}": 1.0, **terms}

    def knows(self, word: str) -> bool:
        """Whether the stem of a word stands in any English phrase."""
        return word in self._words

    def terms_in(self, words: list[str]) -> Iterator[str]:
        """The terms of every phrase that a text holds; of a place or a glossary's term, also its meaning."""
        for word in filter(is_chinese, words):
            for start in range(len(word)):
                for end in range(start + 1, min(len(word), start + _LONGEST_PHRASE) + 1):
                    if end - start > 1 or len(word) == 1:
                        yield from _told(self._chinese.get(word[start:end], {}))
        stems = [stem(word) for word in words]
        for start in range(len(stems)):
            for end in range(start + 1, min(len(stems), start + _LONGEST_PHRASE) + 1):
                yield from _told(self._english.get(tuple(stems[start:end]), {}))

    def chinese(self, run: str) -> Iterator[tuple[str, dict[str, float]]]:
        """A run cut into the longest phrases and what stands between them, the latter without terms."""
        start = rest = 0
        while start < len(run):
            end = next((e for e in range(min(len(run), start + _LONGEST_PHRASE), start + 1, -1)
                        if run[start:e] in self._chinese), None)  # fmt: skip
            if end is None:
                start += 1
                continue
            if rest < start:
                yield run[rest:start], {}
            yield run[start:end], self.meaning(run[start:end])
            start = rest = end
        if rest < len(run):
            yield run[rest:], {}

    def meaning(self, phrase: str) -> dict[str, float]:
        """The terms of a Chinese phrase, its parts included; empty when it is none."""
        terms = self._chinese.get(phrase)
        if not terms:
            return {}
        parts = dict.fromkeys(pairs(phrase), _PART) if len(phrase) > 2 else dict.fromkeys(pairs(phrase), 1.0)  # noqa: PLR2004 - a pair is whole
        return {**parts, **terms}

    def english(self, stems: list[str], start: int) -> tuple[int, dict[str, float]]:
        """The longest phrase that begins at a word: its end and its terms; the start when there is none."""
        for end in range(min(len(stems), start + _LONGEST_PHRASE), start, -1):
            if terms := self._english.get(tuple(stems[start:end])):
                return end, terms
        return start, {}

    def sounding(self, syllables: Stems) -> str | None:
        """The Chinese phrase that is read so."""
        return self._by_sound.get(syllables)


def _told(terms: dict[str, float]) -> Iterator[str]:
    return (term for term in terms if term.startswith(("=", "term:", "place:")))
