"""The notes of a picture: each text gets one mark, and stands once below what it is about."""

from __future__ import annotations

from digests.pictures.layout.boxes import Box
from digests.pictures.layout.sheet import Sheet
from digests.pictures.style import INNER, MARGIN, SMALL

_MARKS = "①②③④⑤⑥⑦⑧⑨⑩"
_INDENT = 15.0
_LINES = 3


class Notes:
    """Texts in the order in which they were marked; those beyond *most* get no mark."""

    def __init__(self, most: int = len(_MARKS)) -> None:
        self._most = most
        self._texts: dict[str, None] = {}

    def mark(self, *texts: str) -> str:
        """The marks of texts, to stand behind what they are about."""
        for text in texts:
            if len(self._texts) < self._most:
                self._texts[text] = None
        places = list(self._texts)
        return "".join(_MARKS[places.index(text)] for text in dict.fromkeys(texts) if text in places)

    def draw(self, sheet: Sheet, y: float) -> float:
        """The notes one under the other; where the next part begins."""
        for mark, text in zip(_MARKS, self._texts, strict=False):
            sheet.text(MARGIN, y, mark, SMALL, sheet.palette.soft)
            box = Box(MARGIN + _INDENT, y, INNER - _INDENT, 0)
            y = sheet.paragraph(box, text, SMALL, sheet.palette.soft, _LINES) + 1
        return y
