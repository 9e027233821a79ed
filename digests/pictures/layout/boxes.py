"""Rectangles, and what a sheet holds in them: texts, filled and outlined shapes, lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from digests.pictures.style import Face

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in units, from the top left."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height

    def overlaps(self, other: Box, slack: float = 0.0) -> bool:
        """Whether both share more than *slack* units in both directions."""
        across = min(self.right, other.right) - max(self.x, other.x)
        down = min(self.bottom, other.bottom) - max(self.y, other.y)
        return across > slack and down > slack

    def holds(self, other: Box, slack: float = 0.0) -> bool:
        """Whether the other lies inside, but for *slack* units."""
        return (
            self.x - slack <= other.x
            and self.y - slack <= other.y
            and other.right <= self.right + slack
            and other.bottom <= self.bottom + slack
        )


@dataclass(frozen=True, slots=True)
class TextBox:
    """One line of text: where its ink may be, the point that it is written at, face and colour.

    *anchor* lies on the baseline, at the left end, the middle or the right end as *align* says.
    """

    box: Box
    text: str
    anchor: tuple[float, float]
    align: Align
    face: Face
    color: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled rectangle, or a dot in it when it is *round*."""

    box: Box
    color: str
    round: bool = False


@dataclass(frozen=True, slots=True)
class Outlined:
    """A rectangle's edge, as wide as *width*, inside it."""

    box: Box
    color: str
    width: float


@dataclass(frozen=True, slots=True)
class Line:
    """A thin line between two points."""

    start: tuple[float, float]
    end: tuple[float, float]
    color: str
