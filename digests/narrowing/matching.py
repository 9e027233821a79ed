"""Which facts of a library belong to a choice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from weakref import WeakKeyDictionary

from cachetools import LRUCache

from digests.narrowing import Dimension
from digests.queries.figures import place_of
from digests.report.library import Library, UnknownFact
from digests.report.model import Milestone, Weight

#: The facts of each choice of a library; they go with it.
_FACTS: WeakKeyDictionary[Library, LRUCache[str, frozenset[str]]] = WeakKeyDictionary()
_KEPT = 512


def facts_of(library: Library, only: tuple[str, ...]) -> frozenset[str]:
    """The ids of the milestones and figures that belong to one of some choices.

    A choice that is not in the library, or no longer, has none; neither has what no digest recalls.
    """
    known = _FACTS.setdefault(library, LRUCache(_KEPT))
    for token in only:
        if token not in known:
            known[token] = frozenset(_facts(library, token))
    return frozenset().union(*(known[token] for token in only))


def _facts(library: Library, token: str) -> Iterator[str]:
    dimension, _, name = token.partition(":")
    if dimension in _FINDERS:
        yield from _FINDERS[dimension](library, name)


def _told(library: Library, belongs: Callable[[Milestone], object]) -> Iterator[str]:
    """The milestones that digests recall."""
    for milestone in library.milestones:
        if milestone.weight is not Weight.BACKGROUND and belongs(milestone):
            yield milestone.id


def _of_kind(library: Library, kind: str) -> Iterator[str]:
    yield from _told(library, lambda milestone: milestone.kind == kind)


def _of_place(library: Library, place: str) -> Iterator[str]:
    yield from _told(library, lambda milestone: place in milestone.places)
    for metric in library.metrics:
        yield from (o.id for o in metric.observations if place_of(library, o) == place)


def _of_subject(library: Library, subject: str) -> Iterator[str]:
    figures = {o.id for metric in library.metrics if metric.subject == subject for o in metric.observations}
    yield from figures
    yield from _told(library, lambda milestone: not figures.isdisjoint(milestone.observations))


def _of_theme(library: Library, theme_id: str) -> Iterator[str]:
    try:
        theme = library.theme_of(theme_id)
    except UnknownFact:
        return
    figures = {figure for point in theme.points for figure in point.observations}
    entries = {entry for point in theme.points for entry in point.entries}
    yield from figures
    yield from _told(
        library,
        lambda milestone: (
            not (figures.isdisjoint(milestone.observations) and entries.isdisjoint(milestone.entries))
        ),
    )


_FINDERS: dict[str, Callable[[Library, str], Iterator[str]]] = {
    Dimension.KIND: _of_kind,
    Dimension.PLACE: _of_place,
    Dimension.SUBJECT: _of_subject,
    Dimension.THEME: _of_theme,
}
