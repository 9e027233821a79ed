"""One visual language for all pictures: palette, type scale and spacing.

Lengths are in units of a phone's screen: a picture is 360 units wide whatever its pixels, so a size of
10 is what a phone shows as 10 points.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

#: The width of every picture, its outer margin, and the gap between its parts, in units.
WIDTH, MARGIN, GAP = 360.0, 16.0, 12.0

#: The type scale, in units: the number of a card, a title, a heading, running text, notes.
HERO, TITLE, HEADING, BODY, SMALL, TINY = 40.0, 19.0, 13.0, 10.5, 9.0, 7.5

#: The distance of two lines of text, as a multiple of its size.
LEADING = 1.42


class Theme(StrEnum):
    """Which ground a picture has."""

    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a theme.

    ``ink``, ``soft``, ``accent`` and the ``series`` are read as text and stand out from ``ground`` and
    ``panel`` by 4.5:1 at least; ``quiet`` fills shapes (3:1); ``line`` only guides the eye. The accent
    and the series are told apart with any kind of colour blindness, and never speak by colour alone.
    """

    ground: str
    panel: str
    ink: str
    soft: str
    quiet: str
    line: str
    accent: str
    series: tuple[str, ...]


PALETTES = {
    Theme.LIGHT: Palette(
        ground="#fbf8f3",
        panel="#f1ece3",
        ink="#1b2530",
        soft="#525c67",
        quiet="#77838e",
        line="#d9d2c6",
        accent="#a3182e",
        series=("#1f5c99", "#08735a", "#8f5a00"),
    ),
    Theme.DARK: Palette(
        ground="#121a22",
        panel="#1e2a36",
        ink="#f2eee6",
        soft="#aab5bf",
        quiet="#7f8d9a",
        line="#33414f",
        accent="#ff7a59",
        series=("#6fb3f2", "#3ecf9a", "#f0c24f"),
    ),
}
