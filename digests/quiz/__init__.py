"""Questions with one right answer, made from the facts of the reports."""

from digests.questions import Question
from digests.quiz.asking import is_about_place, questions_about
from digests.quiz.choosing import question_beside, question_of_day

__all__ = ["Question", "is_about_place", "question_beside", "question_of_day", "questions_about"]
