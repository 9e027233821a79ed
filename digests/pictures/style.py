"""The visual language of all pictures: type scale, spacing, and a palette for each theme.

Lengths are in units of a phone's screen: a picture is 360 units wide whatever its pixels. Telegram shows
it 390 pixels wide on a common phone, so the smallest text, 10.4 units, is 11.3 pixels there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from digests.report.model import MilestoneKind
from digests.subscriptions import Theme

#: The width of every picture, its outer margin, the gap between its parts, and the room inside, in units.
WIDTH, MARGIN, GAP = 360.0, 16.0, 12.0
INNER = WIDTH - 2 * MARGIN

#: Where a list ends, so that no picture is taller than four times its width: what is left is counted.
LOWEST = 2.6 * WIDTH

#: The distance of two lines of text, as a multiple of its size.
_LEADING = 1.42


@dataclass(frozen=True, slots=True)
class Face:
    """A size of text in units, and whether it is bold."""

    size: float
    strong: bool = False

    @property
    def line(self) -> float:
        """The height of a line."""
        return self.size * _LEADING

    def sized(self, size: float) -> Face:
        """The same face in another size."""
        return replace(self, size=size)


HERO, TITLE = Face(40, strong=True), Face(19, strong=True)
HEADING, STRONG, BODY = Face(13, strong=True), Face(11.2, strong=True), Face(11.2)
SMALL_STRONG, SMALL = Face(10.4, strong=True), Face(10.4)


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a theme.

    All but ``quiet`` and ``line`` are read as text and stand out from ``ground`` and ``panel`` by 4.5:1 at
    least; ``quiet`` fills shapes (3:1); ``line`` only guides the eye. ``data`` fills bars, ``good`` marks
    what agrees. Each kind of milestone has one colour of ``kinds`` in every picture; they are told apart
    with any kind of colour blindness, and never speak by colour alone.
    """

    ground: str
    panel: str
    ink: str
    soft: str
    quiet: str
    line: str
    accent: str
    data: str
    good: str
    kinds: dict[MilestoneKind, str]


PALETTES = {
    Theme.LIGHT: Palette(
        ground="#fbf8f3",
        panel="#f1ece3",
        ink="#1b2530",
        soft="#525c67",
        quiet="#77838e",
        line="#d9d2c6",
        accent="#a3182e",
        data="#1f5c99",
        good="#08735a",
        kinds={
            MilestoneKind.APPROVAL: "#3265bf",
            MilestoneKind.VISIT: "#84526c",
            MilestoneKind.PLATFORM: "#41466b",
            MilestoneKind.POLICY: "#be3c03",
            MilestoneKind.PILOT: "#226340",
            MilestoneKind.CERTIFICATION: "#3f2fad",
            MilestoneKind.FUNDING: "#8257a1",
            MilestoneKind.CONFERENCE: "#741087",
            MilestoneKind.ACCEPTANCE: "#391a5c",
            MilestoneKind.RECOGNITION: "#5a023c",
            MilestoneKind.ATTENTION: "#753404",
            MilestoneKind.PLANNING: "#6d6d38",
            MilestoneKind.REPORT: "#41311c",
        },
    ),
    Theme.DARK: Palette(
        ground="#121a22",
        panel="#1e2a36",
        ink="#f2eee6",
        soft="#aab5bf",
        quiet="#7f8d9a",
        line="#33414f",
        accent="#ff7a59",
        data="#6fb3f2",
        good="#3ecf9a",
        kinds={
            MilestoneKind.APPROVAL: "#4cf6fa",
            MilestoneKind.VISIT: "#eaa7bb",
            MilestoneKind.PLATFORM: "#8194c5",
            MilestoneKind.POLICY: "#f08e0e",
            MilestoneKind.PILOT: "#1ba974",
            MilestoneKind.CERTIFICATION: "#97c56e",
            MilestoneKind.FUNDING: "#64caf5",
            MilestoneKind.CONFERENCE: "#ba70ed",
            MilestoneKind.ACCEPTANCE: "#9df979",
            MilestoneKind.RECOGNITION: "#f2e840",
            MilestoneKind.ATTENTION: "#d1bc99",
            MilestoneKind.PLANNING: "#a19546",
            MilestoneKind.REPORT: "#cef0ba",
        },
    ),
}
