"""Which question a day asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from random import Random

from digests.quiz.asking import Question


def question_of_day(questions: Sequence[Question], day: date, number: int = 0) -> Question:
    """The question of that number on a day; all are asked once before one comes again.

    Raises:
        IndexError: there are no questions.
    """
    order = list(range(len(questions)))
    Random(day.toordinal()).shuffle(order)
    return questions[order[number % len(order)] if order else 0]
