"""The terms of an index with the facts that they lead to, and what a misspelt one was meant to be."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import product

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from digests.report.search.spelling import is_chinese, readings

_SHORTEST_MISSPELT = 6
_LONG = 8
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

    def rarity(self, terms: Mapping[str, float]) -> float:
        """How much it tells that a fact has one of these terms: 0 for all facts, about 6 for one."""
        found = {number for term in terms for number in self.postings.get(term, ())}
        return math.log(1 + (self.size - len(found) + 0.5) / (len(found) + 0.5))

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
        self.pairs_sounding(("zhun", "bei"))

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
