"""A sheet to lay a picture out on: text, shapes and lines in units, from the top left, each recorded."""

from __future__ import annotations

from collections.abc import Sequence

from digests.pictures.layout.boxes import Align, Box, Filled, Line, Outlined, TextBox
from digests.pictures.layout.metrics import BOLD_EDGE, features_of, text_width
from digests.pictures.layout.wrapping import joined, wrapped
from digests.pictures.style import PALETTES, Face
from digests.subscriptions import Theme
from digests.text import Language

#: Of a size: the baseline below the top of a line, and how far ink goes above and below it.
_BASELINE, _ABOVE, _BELOW = 1.05, 0.92, 0.28
_SHARE_OF_WIDTH = {"left": 0.0, "center": 0.5, "right": 1.0}
#: Hinting makes a text in one size a little wider than the ratio to another size says.
_SAFE = 0.98


class Sheet:
    """What a picture of 360 units shows, in the order in which it is drawn; its height comes at the end.

    The same calls give the same sheet. It measures by the font's own metrics.
    """

    def __init__(self, theme: Theme, language: Language) -> None:
        self.theme = theme
        self.palette = PALETTES[theme]
        self.features = features_of(language)
        self.height = 0.0
        self.texts: list[TextBox] = []
        self.fills: list[Filled] = []
        self.outlines: list[Outlined] = []
        self.lines: list[Line] = []

    @property
    def colours(self) -> list[str]:
        """Every colour in it, the ground first."""
        marks: tuple[TextBox | Filled | Outlined | Line, ...] = (
            *self.texts,
            *self.fills,
            *self.outlines,
            *self.lines,
        )
        return list(dict.fromkeys((self.palette.ground, *(mark.color for mark in marks))))

    def width(self, text: str, face: Face) -> float:
        """How wide a line of text is."""
        edge = face.size * BOLD_EDGE if face.strong else 0.0
        return text_width(text, face.size, self.features) + edge

    def fitted(self, text: str, face: Face, width: float) -> Face:
        """The face, smaller when the text would be wider than *width*."""
        return face.sized(min(face.size, face.size * _SAFE * width / max(self.width(text, face), 1.0)))

    def fold(self, text: str, face: Face, width: float, limit: int | None = None) -> list[str]:
        """A text in lines no wider than *width*; beyond *limit* lines it ends with an ellipsis."""
        return wrapped(text, lambda line: self.width(line, face) <= width, limit)

    def text(
        self, x: float, y: float, text: str, face: Face, color: str | None = None, align: Align = "left"
    ) -> float:
        """One line of text whose top is at *y*; where the next line begins."""
        baseline, width = y + face.size * _BASELINE, self.width(text, face)
        top, height = baseline - face.size * _ABOVE, face.size * (_ABOVE + _BELOW)
        box = Box(x - width * _SHARE_OF_WIDTH[align], top, width, height)
        self.texts.append(TextBox(box, text, (x, baseline), align, face, color or self.palette.ink))
        return y + face.line

    def paragraph(
        self, box: Box, text: str, face: Face, color: str | None = None, limit: int | None = None
    ) -> float:
        """A text folded to the width of *box*, from its top; where the next line begins."""
        y = box.y
        for line in self.fold(text, face, box.width, limit):
            y = self.text(box.x, y, line, face, color)
        return y

    def row(
        self,
        box: Box,
        parts: Sequence[str],
        face: Face,
        color: str | None = None,
        limit: int | None = None,
    ) -> float:
        """Parts with dots between them; a line breaks between two parts where it can."""
        y = box.y
        for line in joined(parts, " · ", lambda line: self.width(line, face) <= box.width, limit):
            y = self.text(box.x, y, line, face, color)
        return y

    def fill(self, box: Box, color: str) -> None:
        """A filled rectangle."""
        self.fills.append(Filled(box, color))

    def dot(self, x: float, y: float, radius: float, color: str) -> None:
        """A round mark."""
        self.fills.append(Filled(Box(x - radius, y - radius, 2 * radius, 2 * radius), color, round=True))

    def outline(self, box: Box, color: str, width: float = 0.9) -> None:
        """A rectangle's edge, inside it."""
        self.outlines.append(Outlined(box, color, width))

    def line(self, start: tuple[float, float], end: tuple[float, float], color: str) -> None:
        """A thin line, below everything but panels."""
        self.lines.append(Line(start, end, color))

    def finish(self, height: float) -> Sheet:
        """The sheet, cut at *height*."""
        self.height = height
        return self
