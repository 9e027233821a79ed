"""Ranks the facts of an index by how much of a question they answer."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from digests.report.search.asking import Question, Slot, preference
from digests.report.search.document import NAME, Document, HitKind
from digests.report.search.spelling import has_chinese
from digests.report.search.vocabulary import Vocabulary

#: A hit covers at least this share of a question's weight; more when it has but one of several words.
_FLOOR, _FLOOR_OF_ONE = 0.45, 0.6
#: A question of less weight says too little for more than names.
_LITTLE = 2.0
#: From this strength on a field names the fact, and a name is asked for as a whole.
_NAMED, _WHOLE_NAME = 0.9, 0.9
#: From this strength on a fact's own words tell of something.
_HELD = 0.45
#: A term of no more is a part of a phrase only.
_PART = 0.5
#: What the score of a fact is multiplied with.
_OTHER_TIME, _NO_TIME = 0.5, 0.85
_OTHER_PLACE, _NO_PLACE, _NOT_HOME = 0.65, 0.85, 0.93
_SUM_NOT_ASKED, _SUM_ASKED = 0.7, 1.25
_LABEL_COUNTED, _LABEL_ASKED, _LABEL_NOT_ASKED, _LABEL_ONLY = 1.25, 1.12, 0.97, 0.85
#: What must be asked for of a label.
_WHOLE_LABEL = 0.65
#: No word makes a name longer than this.
RARE = 3.5
_NO_NAME = 0.95
_FIRST_OR_LAST = 2.5
_MOST_OR_LEAST = 1.5
#: Each thing that a question names and a fact does not tell of.
_MISSING = 0.92
_ASSESSED = 0.93
_VERBATIM, _SHORTEST_VERBATIM = 1.3, 3
#: Problems and hopes, which answer a little less than what is.
_ASSESSMENTS = frozenset({"problems", "outlook"})
#: Terms that say what sort of thing a fact is, and do not name it.
_SORTS = ("at:", "part:", "event:", "publication:", "level:", "doubt:")


#: How much there is to a name, in Chinese (True) and in English (False).
Weights = dict[bool, float]


@dataclass(frozen=True, slots=True)
class Fact:
    """A document with what is computed once: its texts as they are compared and the weight of its name."""

    report: str
    document: Document
    text: str
    name: Weights
    label: Weights


@dataclass(slots=True)
class Match:
    """How a fact answers to the slots of a question; the numbers are weights of slots.

    Attributes:
        score: matched, each by how well.
        covered: matched at all, what is matched weakly a little less.
        named: matched by the name, without what its label matches.
        labelled: matched by the label.
        slots: how many are matched.
        is_near: a spelling was corrected.
        in_time: a date that was asked for is matched.
        is_counted: its label names what is counted.
        is_part: the word for a part of the report is matched.
    """

    score: float = 0.0
    covered: float = 0.0
    named: float = 0.0
    labelled: float = 0.0
    slots: int = 0
    is_near: bool = False
    in_time: bool = False
    is_part: bool = False
    is_counted: bool = False


@dataclass(frozen=True, slots=True)
class Ranked:
    score: float
    number: int
    match: Match


class Ranking:
    """Ranks facts; their numbers are those of the vocabulary."""

    def __init__(self, facts: tuple[Fact, ...], vocabulary: Vocabulary) -> None:
        self._facts = facts
        self._vocabulary = vocabulary
        self._positions = _positions(facts)
        self._home = _home(facts)

    def rank(self, question: Question, total: float) -> list[Ranked]:
        """What has to do with a question, the best first; in the report's order within a hundredth."""
        chinese = has_chinese(question.text)
        has_unknown = any(not slot.terms for slot in question.slots)
        found = []
        for number, match in self._matches(question.slots).items():
            is_whole = match.named >= _WHOLE_NAME * self._facts[number].name[chinese] > 0
            if is_whole or _is_enough(match, total, has_unknown=has_unknown):
                score = match.score / total * self._factor(number, match, question)
                found.append(Ranked(score, number, match))
        return sorted(found, key=lambda ranked: (-round(ranked.score, 2), ranked.number))

    def holding(self, slots: tuple[Slot, ...]) -> list[int]:
        """The facts whose own words or links hold each slot, in order."""
        held = [{n for n, told in self._found(slot)[0].items() if told >= _HELD} for slot in slots]
        return sorted(set.intersection(*held)) if held else []

    def _matches(self, slots: tuple[Slot, ...]) -> dict[int, Match]:
        matches: dict[int, Match] = {}
        for slot in slots:
            best, naming = self._found(slot)
            for number, strength in best.items():
                match = matches.setdefault(number, Match())
                _note(match, slot, strength, 0.0 if slot.is_part else naming.get(number, 0.0))
        return matches

    def _found(self, slot: Slot) -> tuple[dict[int, float], dict[int, float]]:
        """The facts that a slot leads to: how well each, and how well its name or label says it."""
        best: dict[int, float] = {}
        naming: dict[int, float] = {}
        for term, strength in slot.terms.items():
            is_name = not term.startswith(_SORTS)
            for number, told in self._vocabulary.postings[term].items():
                if told * strength > best.get(number, 0.0):
                    best[number] = told * strength
                if is_name and strength > _PART and told > naming.get(number, 0.0):
                    naming[number] = told
        return best, naming

    def _factor(self, number: int, match: Match, question: Question) -> float:
        """How well a fact suits a question, beyond its words."""
        fact = self._facts[number]
        document = fact.document
        factor = document.weight * _name_factor(fact, match, chinese=has_chinese(question.text))
        factor *= preference(question.asked, document.answers) * self._place_factor(number, question)
        if len(question.text) >= _SHORTEST_VERBATIM and question.text in fact.text and not match.is_part:
            factor *= _VERBATIM
        if question.moments and not match.in_time:
            factor *= _OTHER_TIME if document.dates else _NO_TIME
        if question.extreme:
            factor *= math.pow(
                _FIRST_OR_LAST, question.extreme * self._positions.get(number, -question.extreme)
            )
        factor *= math.pow(_MISSING, sum(1 for slot in question.slots if slot.terms) - match.slots)
        if question.magnitude and document.magnitude:
            factor *= math.pow(_MOST_OR_LEAST, question.magnitude * document.magnitude)
        if document.answers & _ASSESSMENTS and not match.is_part:
            factor *= _ASSESSED
        if document.is_sum:
            factor *= _SUM_ASKED if question.wants_sum else _SUM_NOT_ASKED
        return factor

    def _place_factor(self, number: int, question: Question) -> float:
        document = self._facts[number].document
        if not question.places:
            is_elsewhere = document.kind is HitKind.OBSERVATION and self._home not in document.places
            return _NOT_HOME if is_elsewhere else 1.0
        postings = self._vocabulary.postings
        is_told = any(number in postings[f"place:{place}"] for place in question.places)
        if is_told or question.places & document.places:
            return 1.0
        if document.places:
            return _NO_PLACE if self._home in question.places else _OTHER_PLACE
        return _NO_PLACE if question.places - {self._home} else 1.0


def _note(match: Match, slot: Slot, strength: float, naming: float) -> None:
    """Add a slot to what a fact matches."""
    match.score += slot.weight * strength
    match.covered += slot.weight * min(1.0, 0.4 + strength)
    match.slots += 1
    match.is_near |= slot.is_near
    match.in_time |= slot.is_moment
    match.is_part |= slot.is_part
    if naming > NAME:
        match.labelled += min(RARE, slot.weight)
        match.is_counted |= slot.is_counted
    elif naming >= _NAMED:
        match.named += slot.weight


def _is_enough(match: Match, total: float, *, has_unknown: bool) -> bool:
    """Whether a fact has to do with a question at all."""
    floor = _FLOOR_OF_ONE if match.slots == 1 and has_unknown else _FLOOR
    return match.covered >= floor * total and (match.named + match.labelled > 0 or total > _LITTLE)


def _name_factor(fact: Fact, match: Match, *, chinese: bool) -> float:
    """More, the more of a fact's name was asked for; a label that was asked for counts as a whole.

    A figure that a label sets apart comes after the plain one when the label was not asked for.
    """
    name, label = fact.name[chinese], fact.label[chinese]
    if not name:
        return _NO_NAME
    is_whole = label > 0 and match.labelled >= _WHOLE_LABEL * label
    factor = 0.7 + 0.3 * min(1.0, (match.named + (label if is_whole else match.labelled)) / name)
    if not label:
        return factor
    asked = _LABEL_COUNTED if match.is_counted else _LABEL_ASKED if is_whole else _LABEL_NOT_ASKED
    return factor * asked * (1.0 if match.named else _LABEL_ONLY)


def _positions(facts: tuple[Fact, ...]) -> dict[int, float]:
    """Where each event stands in time, from -1 for the first to 1 for the last."""
    dates = {
        n: fact.document.dates[0] for n, fact in enumerate(facts) if fact.document.kind is HitKind.MILESTONE
    }
    events = sorted((n for n, moment in dates.items() if moment.year), key=lambda n: dates[n].sort_key)
    return {number: 2 * place / max(1, len(events) - 1) - 1 for place, number in enumerate(events)}


def _home(facts: tuple[Fact, ...]) -> str:
    """The place that most figures are about."""
    figures = (fact.document for fact in facts if fact.document.kind is HitKind.OBSERVATION)
    places = Counter(place for figure in figures for place in figure.places)
    return next((place for place, _ in places.most_common(1)), "")
