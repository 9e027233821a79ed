"""Wrong answers: other figures of the same unit and kind, other years; each clearly wrong."""

from __future__ import annotations

from decimal import Decimal

from digests.composing.doubts import doubts_about
from digests.pages.figures import figure_text
from digests.report.library import Library
from digests.report.model import Milestone, Observation, PeriodBasis
from digests.text import Language

_MOST = 3
#: With fewer wrong answers than this there is no question.
_LEAST = 2
#: Of two options the larger is at least so many times the smaller, so that no qualifier covers both.
_APART = Decimal("1.2")


def wrong_figures(library: Library, asked: Observation, language: Language) -> tuple[Observation, ...]:
    """Printed figures whose values cannot be taken for the asked one's; none when there are too few.

    Doubted figures are neither asked for nor offered, nor those whose value says what it counts. Of the
    same metric those are offered that the question tells apart: by label, or by time where both state it.
    """
    if not _is_plain(library, asked, language):
        return ()
    chosen: list[Observation] = []
    for other in _alike(library, asked):
        if _is_plain(library, other, language) and all(_is_apart(other, each) for each in (asked, *chosen)):
            chosen.append(other)
    return tuple(chosen[:_MOST]) if len(chosen) >= _LEAST else ()


def _alike(library: Library, asked: Observation) -> list[Observation]:
    """Figures of the same unit and kind, the nearest in size first."""
    metric = library.metric_of(asked.id)
    found = [
        other
        for each in library.metrics
        if each.kind is metric.kind
        for other in each.observations
        if other.quantity.unit == asked.quantity.unit
        and other.id != asked.id
        and (each is not metric or _is_told_apart(asked, other))
    ]
    return sorted(found, key=lambda other: (_ratio(asked, other), other.id))


def _is_plain(library: Library, observation: Observation, language: Language) -> bool:
    """Whether a figure is in no doubt, and its value does not name what it counts instead of its label."""
    told = figure_text(library, observation, language)
    return not doubts_about(library, observation.id) and (observation.label is None or bool(told.label))


def _is_told_apart(asked: Observation, other: Observation) -> bool:
    """Whether a question on the one cannot be taken for one on the other of the same metric."""
    if asked.label is not None and other.label is not None and asked.label != other.label:
        return True
    are_dated = all(each.period.basis is not PeriodBasis.NOT_STATED for each in (asked, other))
    return are_dated and asked.period.end != other.period.end


def _is_apart(one: Observation, other: Observation) -> bool:
    return _ratio(one, other) >= _APART


def _ratio(one: Observation, other: Observation) -> Decimal:
    """The larger over the smaller, between the nearest ends of their ranges; 0 when they touch."""
    low, high = sorted((one.quantity, other.quantity), key=lambda quantity: quantity.number)
    smaller = Decimal(low.upper) if low.upper else low.number
    return high.number / smaller if 0 < smaller < high.number else Decimal(0)


def wrong_years(library: Library, asked: Milestone) -> tuple[int, ...]:
    """Years of other milestones, the nearest first; none that had one of the same kind in a same place."""
    year = asked.date.year
    if year is None:
        return ()
    alike = {
        other.date.year
        for other in library.milestones
        if other.kind is asked.kind and set(other.places) & set(asked.places)
    }
    others = {other.date.year for other in library.milestones if other.date.year is not None} - alike
    chosen = sorted(others - {year}, key=lambda other: (abs(other - year), other))
    return tuple(chosen[:_MOST]) if len(chosen) >= _LEAST else ()
