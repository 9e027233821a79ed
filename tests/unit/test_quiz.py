"""Quiz questions have one right answer, keep Telegram's limits, and are the same all day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from bot.handlers.research.quiz import find_questions
from bot.views.screen import ViewRequest
from digests.composing.digest import compose
from digests.composing.doubts import doubts_about
from digests.narrowing.matching import facts_of
from digests.pages import Pages
from digests.quiz import Question, question_beside, question_of_day, questions_about
from digests.report.library import Library, UnknownFact
from digests.report.loading import load_pack
from digests.report.model import Milestone, Observation
from digests.schedules import Cadence, Occasion
from digests.text import Language

LIBRARY = Library([load_pack(Path(__file__).parents[2] / "data" / "henan-cbec-2023")])
PAGES = Pages()
DAY = date(2026, 5, 10)
ALL = {language: questions_about(LIBRARY, language) for language in Language}


def fact_of(question: Question) -> Milestone | Observation:
    try:
        return LIBRARY.observation(question.fact)
    except UnknownFact:
        return LIBRARY.milestone(question.fact)


def asked(wanted: str, language: Language = Language.ZH) -> tuple[Question, ...]:
    return find_questions(ViewRequest(wanted, language, DAY, LIBRARY, PAGES))


@pytest.mark.parametrize("language", list(Language))
def test_every_question_keeps_telegrams_limits(language: Language) -> None:
    assert len(ALL[language]) >= 40
    for question in ALL[language]:
        assert 1 <= len(question.text) <= 300
        assert 3 <= len(question.options) <= 10
        assert all(1 <= len(option) <= 100 for option in question.options)
        assert 0 < len(question.explanation) <= 200
        assert len(set(question.options)) == len(question.options)


@pytest.mark.parametrize("language", list(Language))
def test_the_right_answer_is_what_the_report_says_and_the_explanation_says_where(language: Language) -> None:
    for question in ALL[language]:
        fact, right = fact_of(question), question.options[question.right]
        if isinstance(fact, Milestone):
            assert right == str(fact.date.year)
        else:
            unit = LIBRARY.unit(fact.quantity.unit)
            assert right == fact.quantity.word(language, unit)
            assert question.explanation.startswith(right)
        section = next(s for s in LIBRARY.reports[0].sections if s.id == fact.source.section)
        assert section.title[language] in question.explanation


@pytest.mark.parametrize("language", list(Language))
def test_no_wrong_answer_is_near_the_right_one_and_no_doubted_figure_is_asked(language: Language) -> None:
    for question in ALL[language]:
        fact = fact_of(question)
        if isinstance(fact, Milestone):
            alike = [
                m for m in LIBRARY.milestones if m.kind is fact.kind and set(m.places) & set(fact.places)
            ]
            years = {str(m.date.year) for m in alike} - {str(fact.date.year)}
            assert not years & set(question.options)
            continue
        assert not doubts_about(LIBRARY, fact.id)
        values = {
            o.quantity.word(language, LIBRARY.unit(o.quantity.unit)): o.quantity
            for metric in LIBRARY.metrics
            for o in metric.observations
            if o.quantity.unit == fact.quantity.unit
        }
        chosen = [values[option] for option in question.options]
        for low, high in pairwise(chosen):
            assert Decimal(high.value) >= Decimal("1.2") * Decimal(low.upper or low.value)


@pytest.mark.parametrize("language", list(Language))
def test_no_two_questions_ask_the_same_and_none_tells_its_answer(language: Language) -> None:
    texts = [question.text for question in ALL[language]]
    assert len(set(texts)) == len(texts)
    for question in ALL[language]:
        fact = fact_of(question)
        answer = str(fact.date.year) if isinstance(fact, Milestone) else fact.quantity.value
        assert answer not in question.text
        assert "*" not in question.text


def test_a_day_asks_the_same_all_day_and_everything_before_anything_twice() -> None:
    questions = ALL[Language.ZH]
    assert question_of_day(questions, DAY) == question_of_day(questions, DAY)
    order = [question_of_day(questions, DAY, number) for number in range(len(questions) + 1)]
    assert len(set(order[:-1])) == len(questions)
    assert order[-1] == order[0]
    days = {question_of_day(questions, DAY + timedelta(days=n)).fact for n in range(30)}
    assert len(days) > 10


def test_a_place_or_a_topic_narrows_the_questions() -> None:
    for wanted in ("洛阳", "Luoyang", "luoyang"):
        assert {question.fact for question in asked(wanted)} == {
            "share-luoyang-2021",
            "luoyang-zone",
            "retail-pilot-2020",
        }
    subject = {o.id for m in LIBRARY.metrics if m.subject == "trade" for o in m.observations}
    assert {question.fact for question in asked("外贸")} <= subject
    assert asked("外贸")
    assert "wco-model" in {question.fact for question in asked("1210")}
    assert asked("qqqqqqqq") == ()


@pytest.mark.parametrize("language", list(Language))
def test_the_question_with_a_digest_is_chosen_and_not_answered_above_it(
    language: Language,
) -> None:
    only = ("kind:approval", "place:luoyang", "subject:cbec")
    wanted = facts_of(LIBRARY, only)
    asked = set()
    for offset in range(365):
        digest = compose(LIBRARY, Occasion(Cadence.DAILY, DAY + timedelta(days=offset)))
        assert digest is not None
        for chosen in ((), only):
            question = question_beside(LIBRARY, digest, language, chosen)
            assert question is not None
            assert question in ALL[language]
            told = {item.milestone.id for item in digest.items}
            told |= {figure for item in digest.items for figure in item.milestone.observations}
            assert question.fact not in told | ({digest.figure.id} if digest.figure else set())
            assert not chosen or question.fact in wanted
            asked.add(question.fact)
    assert len(asked) > 5


def test_where_nothing_else_is_chosen_there_is_no_question() -> None:
    digest = compose(LIBRARY, Occasion.parse("daily:2026-05-10"))
    assert digest is not None
    assert question_beside(LIBRARY, digest, Language.EN, ("place:atlantis",)) is None


def test_a_question_survives_being_kept() -> None:
    assert {Question.from_json(question.to_json()) for question in ALL[Language.ZH]} == set(ALL[Language.ZH])
