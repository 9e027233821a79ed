"""Which question a day asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from random import Random

from digests.composing.digest import Digest
from digests.narrowing.matching import facts_of
from digests.questions import Question
from digests.quiz.asking import questions_about
from digests.report.library import Library
from digests.text import Language


def question_of_day(questions: Sequence[Question], day: date, number: int = 0) -> Question:
    """The question of that number on a day; all are asked once before one comes again.

    Raises:
        IndexError: there are no questions.
    """
    order = list(range(len(questions)))
    Random(day.toordinal()).shuffle(order)
    return questions[order[number % len(order)] if order else 0]


def question_beside(
    library: Library, digest: Digest, language: Language, only: tuple[str, ...] = ()
) -> Question | None:
    """The question that goes with a digest, within what is chosen; None when there is none.

    It asks of what the digest does not tell, since its answer would stand right above it.
    """
    told = {item.milestone.id for item in digest.items}
    told |= {figure for item in digest.items for figure in item.milestone.observations}
    told |= {digest.figure.id} if digest.figure else set()
    wanted = facts_of(library, only) if only else None
    asked = [
        question
        for question in _questions(library, language)
        if question.fact not in told and (wanted is None or question.fact in wanted)
    ]
    return question_of_day(asked, digest.occasion.first_day) if asked else None


_questions = lru_cache(maxsize=16)(questions_about)
