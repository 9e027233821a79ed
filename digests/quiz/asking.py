"""Questions on figures and on the years of milestones, within Telegram's limits for a quiz."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from digests.pages.catalogs import speaker
from digests.pages.figures import IMPLIED, bracketed, figure_text
from digests.pages.formatting import format_date, places_of
from digests.queries import place_of
from digests.questions import Question
from digests.quiz.options import wrong_figures, wrong_years
from digests.report.library import Library
from digests.report.model import Milestone, Observation, Sourced
from digests.text import Language

_LONGEST_QUESTION = 300
_LONGEST_OPTION = 100
_LONGEST_EXPLANATION = 200


def questions_about(
    library: Library, language: Language, holds: Callable[[Milestone | Observation], bool] = lambda _: True
) -> tuple[Question, ...]:
    """A question on each fact that *holds* and that has clearly wrong answers, in the reports' order."""
    return tuple(_questions(library, language, holds))


def is_about_place(library: Library, fact: Milestone | Observation, place_id: str) -> bool:
    """Whether a fact is about a place."""
    return place_id in (fact.places if isinstance(fact, Milestone) else (place_of(library, fact),))


def _questions(
    library: Library, language: Language, holds: Callable[[Milestone | Observation], bool]
) -> Iterator[Question]:
    for metric in library.metrics:
        for observation in filter(holds, metric.observations):
            if question := _about_figure(library, observation, language):
                yield question
    for milestone in filter(holds, library.milestones):
        if question := _about_year(library, milestone, language):
            yield question


def _about_figure(library: Library, observation: Observation, language: Language) -> Question | None:
    """Which value a figure has; None when it gives its value away or nothing is clearly wrong."""
    say = speaker(language)
    told = figure_text(library, observation, language)
    asked = f"{told.title}{bracketed(told.details(undated=False), language)}".replace(IMPLIED, "")
    wrong = wrong_figures(library, observation, language)
    if not wrong or observation.quantity.value in asked:
        return None
    chosen = sorted((observation, *wrong), key=lambda each: each.quantity.number)
    unit = library.unit(observation.quantity.unit)
    return _question(
        observation,
        text=say("What does the report say? %(figure)s") % {"figure": asked},
        options=[each.quantity.word(language, unit) for each in chosen],
        right=chosen.index(observation),
        explanation=(
            told.value,
            places_of(library, observation, language)[0],
            say("the period follows from the context") if told.mark else "",
        ),
    )


def _about_year(library: Library, milestone: Milestone, language: Language) -> Question | None:
    """In which year a milestone was; None when its title says so or nothing is clearly wrong."""
    year, title = milestone.date.year, milestone.title[language]
    wrong = wrong_years(library, milestone)
    if year is None or not wrong or str(year) in title:
        return None
    years = sorted((year, *wrong))
    return _question(
        milestone,
        text=speaker(language)("In which year? %(milestone)s") % {"milestone": title},
        options=[str(each) for each in years],
        right=years.index(year),
        explanation=(format_date(milestone.date, language), places_of(library, milestone, language)[0]),
    )


def _question(
    fact: Sourced, *, text: str, options: list[str], right: int, explanation: tuple[str, ...]
) -> Question | None:
    """The question, when it keeps the limits and no two options read the same."""
    fits = len(text) <= _LONGEST_QUESTION and all(len(option) <= _LONGEST_OPTION for option in options)
    if not fits or len(set(options)) < len(options):
        return None
    told = " · ".join(part for part in explanation if part)
    shown = told if len(told) <= _LONGEST_EXPLANATION else f"{told[: _LONGEST_EXPLANATION - 1]}…"
    return Question(fact.id, text, tuple(options), right, shown)
