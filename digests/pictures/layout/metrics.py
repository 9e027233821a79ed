"""How wide a text is, from the font's own metrics."""

from __future__ import annotations

from cachetools import LRUCache, cached
from matplotlib.font_manager import get_font

from digests.pictures.layout.fonts import font_path
from digests.text import Language

POINTS_PER_INCH = 72
#: Pixels a unit at which a picture is drawn: 1,080 pixels wide, sharp on a phone, below Telegram's 1,280.
DRAWN_AT = 3
#: Hinting makes a text wider or narrower with the scale that it is drawn at; the widest counts.
_HINTED = 1.015
#: How much a bold text is wider than a plain one, as a multiple of its size.
BOLD_EDGE = 0.045


def features_of(language: Language) -> tuple[str, ...]:
    """OpenType's: the font's quotes and dots are as wide as a Chinese character unless told otherwise."""
    return ("pwid",) if language is Language.EN else ()


@cached(LRUCache(maxsize=8192))
def text_width(text: str, size: float, features: tuple[str, ...]) -> float:
    """The width of a line of text in units."""
    font = get_font(str(font_path()))
    font.set_size(size, POINTS_PER_INCH * DRAWN_AT)
    font.set_text(text, features=features)  # type: ignore[arg-type] # its type says one feature, it takes any
    width, _ = font.get_width_height()
    return float(width) / 64 / DRAWN_AT * _HINTED
