"""Places: who holds which designation, and everything that a library tells about a place."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from digests.queries.figures import Share, all_shares, home_of, place_of
from digests.report.library import Library
from digests.report.model import (
    Designation,
    DesignationKind,
    Entry,
    Milestone,
    Observation,
    Place,
    PlaceLevel,
    Point,
    Theme,
)

#: Places so wide that every other sentence of a report is about them.
_WIDE = (PlaceLevel.WORLD, PlaceLevel.COUNTRY)


@dataclass(frozen=True, slots=True)
class PlaceCard:
    """What a library tells about one place."""

    place: Place
    designations: tuple[Designation, ...]
    shares: tuple[Share, ...]
    observations: tuple[Observation, ...]
    milestones: tuple[Milestone, ...]
    entries: tuple[Entry, ...]
    themes: tuple[Theme | Point, ...]

    @property
    def is_empty(self) -> bool:
        """Whether the library tells no more than the name."""
        told = (self.designations, self.shares, self.observations, self.milestones, self.entries, self.themes)
        return not any(told) and self.place.epithet is None


@dataclass(frozen=True, slots=True)
class Zones:
    """Who holds which designation: by kind, and by place."""

    kinds: tuple[tuple[DesignationKind, tuple[Designation, ...]], ...]
    places: tuple[PlaceCard, ...]


def find_place(library: Library, wanted: str) -> Place | None:
    """The place of that id, name or keyword, however it is spelt, in either language."""
    found = library.place_finder.find(wanted)
    return library.place(found.id) if found and found.id else None


def zones(library: Library) -> Zones:
    """Every designation, by kind and by place; the places that hold most come first."""
    held = {designation.place for designation in library.designations}
    cards = [place_card(library, place) for place in library.places if place.id in held]
    cards.sort(key=_weight)
    kinds = tuple(
        (kind, tuple(d for d in library.designations if d.kind == kind.id))
        for kind in library.designation_kinds
    )
    return Zones(kinds, tuple(cards))


def _weight(card: PlaceCard) -> tuple[bool, int, Decimal]:
    share = card.shares[0].observation.quantity.number if card.shares else Decimal(0)
    return (card.place.level is not PlaceLevel.CITY, -len(card.designations), -share)


def told_places(library: Library) -> tuple[Place, ...]:
    """The places of which more than the name is told, in the order of the packs."""
    return tuple(place for place in library.places if not place_card(library, place).is_empty)


def place_card(library: Library, place: Place) -> PlaceCard:
    """All that is told of a place."""
    shares = tuple(s for s in all_shares(library) if place_of(library, s.observation) == place.id)
    shared = {share.observation.id for share in shares}
    observations = tuple(
        observation
        for metric in library.metrics
        for observation in metric.observations
        if place_of(library, observation) == place.id and observation.id not in shared
    )
    return PlaceCard(
        place,
        library.designations_of(place.id),
        shares,
        observations,
        tuple(m for m in library.milestones if place.id in m.places),
        _entries(library, place),
        _mentions(library, place),
    )


def _entries(library: Library, place: Place) -> tuple[Entry, ...]:
    return tuple(
        entry
        for report in library.reports
        for entries in report.lists
        for entry in entries.entries
        if place.id in entry.places
    )


def _mentions(library: Library, place: Place) -> tuple[Theme | Point, ...]:
    """The arguments about a place; of one with a point about it, the point."""
    homes = {home_of(report) for report in library.reports}
    if place.level in _WIDE or place.id in homes:
        return ()
    found: list[Theme | Point] = []
    for report in library.reports:
        for theme in report.themes:
            points = [point for point in theme.points if _is_about(point, place)]
            found += points or ([theme] if _is_about(theme, place) else [])
    return tuple(found)


def _is_about(argument: Theme | Point, place: Place) -> bool:
    """Whether an argument lists a place, or its words name it."""
    text = argument.text if isinstance(argument, Point) else argument.summary
    return place.id in argument.places or place.name.zh in f"{argument.title.zh}{text.zh}"
