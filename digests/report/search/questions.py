"""Reads a question: what it asks for, when and where, and the words that a fact must answer to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from digests.inputs.numbers import with_digits
from digests.report.search.asking import (
    COUNTING,
    FIRST_OF_ALL,
    LAST_OF_ALL,
    LEAST,
    MEASURE,
    MOST,
    STOP_CHARACTERS,
    STOP_WORDS,
    TOTAL,
    Asked,
    Question,
    Slot,
    what_is_asked,
    without_asking,
)
from digests.report.search.moments import read_moments
from digests.report.search.spelling import fold_question, is_chinese, pairs, readings, stem, syllables, tokens
from digests.report.search.vocabulary import Phrasebook, Vocabulary

_MOST_SLOTS = 16
#: An unknown word counts less against a fact than a known one that it lacks.
_UNKNOWN = 0.5
#: A word of one fact weighs no more than this; many rare words are rare in this report only.
_MOST = 4.5
_MOMENT = 4.0
_REPORT = 0.6
_NEAR = 0.8
_HEAD, _LEAST_HEAD, _LEAST_PART = 1.6, 2.0, 3.0
_SHORTEST_JOINED, _PAIR = 5, 2
#: How well a word stands for the phrase that it stands in.
_PART_OF_PHRASE = 0.5
#: The word for a part of the report, such as its problems, in a text that is no such part.
_OTHER_THAN_PART = 0.6


@dataclass(slots=True)
class Reader:
    """Reads questions with the words of one library."""

    phrasebook: Phrasebook
    vocabulary: Vocabulary

    def read(self, text: str) -> Question:
        """Understand a question; what is too long is cut."""
        folded = fold_question(text)
        moments, rest = read_moments(folded, self._is_figure)
        slots = [Slot({moment: 1.0}, _MOMENT, is_moment=True) for moment in moments]
        for superlative in (LAST_OF_ALL, FIRST_OF_ALL, MOST, LEAST):
            rest = superlative.sub(" ", rest)
        slots += self._with_head(self.slots(MEASURE.sub("", rest)), MEASURE.sub("", rest))
        asked = what_is_asked(folded)
        if not slots and Asked.EVENT in asked:
            slots = [Slot({"event:any": 1.0}, _MOMENT)]
        return Question(
            text=folded,
            slots=tuple(slots[:_MOST_SLOTS]),
            asked=asked,
            moments=frozenset(moments),
            places=frozenset(_places(slots)),
            wants_sum=bool(TOTAL.search(folded)),
            extreme=bool(LAST_OF_ALL.search(folded)) - bool(FIRST_OF_ALL.search(folded)),
            magnitude=bool(MOST.search(folded)) - bool(LEAST.search(folded)),
        )

    def _is_figure(self, text: str) -> bool:
        return "." in text and self.vocabulary.knows(text)

    def _with_head(self, slots: list[Slot], rest: str) -> list[Slot]:
        """The slots with more weight on what is counted: how many COMPANIES have warehouses."""
        counting = COUNTING.search(rest)
        head = self.slots(rest[counting.end() :])[:1] if counting else []
        return [self._counted(slot) if slot in head else slot for slot in slots]

    @staticmethod
    def _counted(slot: Slot) -> Slot:
        return replace(slot, weight=max(_LEAST_HEAD, slot.weight * _HEAD), is_counted=True)

    def slots(self, folded: str) -> list[Slot]:
        """The slots of a folded text without its dates."""
        words = tokens(folded)
        found = [slot for word in words if is_chinese(word) for slot in self._chinese(word)]
        found += self._latin([word for word in words if not is_chinese(word)])
        distinct = {frozenset(slot.terms): slot for slot in found}
        return list(distinct.values())[:_MOST_SLOTS]

    def _slot(self, terms: Mapping[str, float], share: float = 1.0, *, is_near: bool = False) -> Slot:
        is_part = any(term.startswith("part:") for term in terms)
        known = {
            term: strength * (_OTHER_THAN_PART if is_part and not term.startswith("part:") else 1.0)
            for term, strength in terms.items()
            if self.vocabulary.knows(term)
        }
        weight = self._rarity(known) * share
        if known:
            weight = min(_MOST, weight)
        if is_part:
            weight = max(weight, _LEAST_PART)
        if "publication:itself" in terms:
            weight = min(weight, _REPORT)
        return Slot(known, weight if known else weight * _UNKNOWN, is_near, is_part=is_part)

    def _rarity(self, terms: Mapping[str, float]) -> float:
        """How rare the words themselves are, and whatever means the same; parts of them do not count."""
        told = [term for term, strength in terms.items() if strength == 1.0]
        meant = [term for term, strength in terms.items() if strength > _PART_OF_PHRASE]
        return sum(self.vocabulary.rarity(group or terms) for group in (told, meant)) / 2

    def _chinese(self, run: str) -> Iterator[Slot]:
        for phrase, terms in self.phrasebook.chinese(run):
            if terms:
                yield self._slot(terms)
            else:
                for rest in without_asking(phrase):
                    yield from self._characters(rest)

    def _characters(self, run: str) -> Iterator[Slot]:
        """The slots of characters between known phrases."""
        if len(run) == 1:
            terms = self.phrasebook.meaning(run) or {run: 1.0}
            if run not in STOP_CHARACTERS:
                yield self._slot(terms, 0.5)
            return
        if not any(self.vocabulary.knows(pair) for pair in pairs(run)):
            meant = self._numbers(run) or self._misheard(run)
            if meant:
                yield from meant
                return
        known = [pair for pair in pairs(run) if self.vocabulary.knows(pair)]
        if not known and len(run) > _PAIR and set(run) - STOP_CHARACTERS:
            yield self._slot({run: 1.0})
            return
        share = (len(run) / 2) / (len(run) - 1)
        covered = set("".join(known))
        for pair in pairs(run):
            if pair in known or not (set(pair) & (STOP_CHARACTERS | covered)):
                yield self._slot({pair: 1.0}, share)

    def _numbers(self, run: str) -> list[Slot]:
        """The figures of the report that characters write: 第十位."""
        numbers = [token for token in tokens(with_digits(run)) if token.isdigit()]
        return [self._slot({number: 1.0}) for number in numbers if self.vocabulary.knows(number)]

    def _misheard(self, run: str) -> list[Slot]:
        """What characters mean that stand nowhere, but are read like what does; a pair only as a phrase."""
        sound = tuple(readings(character)[0] for character in run)
        return self._sounding(sound) if len(run) > _PAIR or self.phrasebook.sounding(sound) else []

    def _sounding(self, sound: tuple[str, ...]) -> list[Slot]:
        """Known phrases and pairs that are read so, from the left; empty when any syllable leads nowhere."""
        found: list[Slot] = []
        start = 0
        while start < len(sound):
            for end in range(min(len(sound), start + 4), start + 1, -1):
                phrase = self.phrasebook.sounding(sound[start:end])
                if phrase:
                    found.append(self._slot(self.phrasebook.meaning(phrase), is_near=True))
                    start = end
                    break
            else:
                alike = self.vocabulary.pairs_sounding(sound[start : start + 2])
                if not alike:
                    return []
                found.append(self._slot(dict.fromkeys(alike, _NEAR), is_near=True))
                start += 2 if start + 3 != len(sound) else 1
        return found

    def _latin(self, words: list[str]) -> Iterator[Slot]:
        stems = [stem(word) for word in words]
        start = 0
        while start < len(words):
            end, slots = self._next(words, stems, start)
            yield from slots
            start = end

    def _next(self, words: list[str], stems: list[str], start: int) -> tuple[int, list[Slot]]:
        """What the words from one on say, and where the next begin."""
        joined = self._joined(words, start)
        if joined:
            return start + 2, [self._slot(joined)]
        if not self._is_known(words[start]):
            end = next((n for n in range(start, len(words)) if self._is_known(words[n])), len(words))
            meant = self._pinyin("".join(words[start:end]))
            if meant:
                return end, meant
        near = self._corrected(words, stems, start)
        end, terms = self.phrasebook.english(near, start)
        is_near = near[start:end] != stems[start:end]
        if end > start and not (end == start + 1 and words[start] in STOP_WORDS):
            share = 1.0 if end == start + 1 else _PART_OF_PHRASE
            return end, [self._slot({**dict.fromkeys(near[start:end], share), **terms}, is_near=is_near)]
        if words[start] in STOP_WORDS or len(words[start]) == 1:
            return start + 1, []
        return start + 1, [self._slot({near[start]: 1.0}, is_near=near[start] != stems[start])]

    def _is_known(self, word: str) -> bool:
        known = self.vocabulary.knows(stem(word)) or self.phrasebook.knows(stem(word))
        return known or word in STOP_WORDS or not word.isalpha()

    def _corrected(self, words: list[str], stems: list[str], start: int) -> list[str]:
        """The stems with the next few misspelt ones put right."""
        near = list(stems)
        for place in range(start, min(len(words), start + 4)):
            if not self._is_known(words[place]):
                near[place] = next(iter(self.vocabulary.near_words(stems[place])), stems[place])
        return near

    def _joined(self, words: list[str], start: int) -> dict[str, float]:
        """The terms of two words that are one elsewhere: Xu Chang."""
        whole = stem("".join(words[start : start + 2]))
        if len(words) < start + 2 or len(whole) < _SHORTEST_JOINED or not self.vocabulary.knows(whole):
            return {}
        return {whole: 1.0, **self.phrasebook.english([whole], 0)[1]}

    def _pinyin(self, letters: str) -> list[Slot]:
        """What letters mean when they are read as pinyin; nothing when they are none."""
        read = syllables(letters, self.vocabulary.syllables)
        return [replace(slot, is_near=False) for slot in self._sounding(read)] if len(read) > 1 else []


def _places(slots: list[Slot]) -> Iterator[str]:
    return (term.removeprefix("place:") for slot in slots for term in slot.terms if term.startswith("place:"))
