"""Which figure an empty day tells, the same for everybody."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import lru_cache

from digests.composing.quiet_days import ToldDays, quiet_days_before, told_days
from digests.queries import compare
from digests.report.library import Library
from digests.report.model import Observation, Weight


def figure_of_the_day(library: Library, day: date) -> Observation | None:
    """The figure that an empty day tells, the same for everybody; None when no figure is worth a day.

    Rotated by the count of such days, so that all figures appear before one repeats.
    """
    figures, told = _rotation(library)
    return figures[quiet_days_before(told, day) % len(figures)] if figures else None


def figures_of_days(library: Library) -> tuple[Observation, ...]:
    """The figures worth a day, in the order in which empty days tell them."""
    return _rotation(library)[0]


@lru_cache(maxsize=8)
def _rotation(library: Library) -> tuple[tuple[Observation, ...], ToldDays]:
    """The figures worth a day, subject after subject in turns, and the days that recall something."""
    turns: Counter[str] = Counter()
    placed: list[tuple[int, Observation]] = []
    for metric in library.metrics:
        for observation in metric.observations:
            if _is_worth_a_day(library, observation):
                turns[metric.subject] += 1
                placed.append((turns[metric.subject], observation))
    told = told_days(m.date for m in library.milestones if m.weight is not Weight.BACKGROUND)
    return tuple(observation for _, observation in sorted(placed, key=lambda each: each[0])), told


def _is_worth_a_day(library: Library, observation: Observation) -> bool:
    """Whether a figure may be told alone: a headline, or one that can be compared with another."""
    if observation.weight is Weight.NORMAL:
        return compare(library, observation) is not None
    return observation.weight is Weight.HEADLINE
