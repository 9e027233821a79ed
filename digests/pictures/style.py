"""One visual language for all pictures: font, palette, sizes."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from PIL import Image

INK, SOFT, GROUND, LINE = "#14212b", "#5b6b77", "#ffffff", "#dbe3e9"
#: Told apart by people who see few colours; checked against the ground for contrast.
ACCENT, QUIET = "#a8321f", "#8ba3b3"

TITLE, HEADING, BODY, SMALL = 17, 13, 11, 9
_DOTS_PER_INCH = 160
_COLOURS = 64


class FontMissingError(RuntimeError):
    """The font with Chinese glyphs is not installed; pictures would show empty boxes."""


def font_path() -> Path:
    """Noto Sans SC (OFL-1.1), a file in the wheel of ``zhplot``, which is never imported.

    Raises:
        FontMissingError: the package or the file is not there.
    """
    spec = find_spec("zhplot")
    path = Path(spec.origin or "").parent / "fonts" / "NotoSansSC-Regular.ttf" if spec else Path()
    if not path.is_file():
        raise FontMissingError("the font Noto Sans SC is missing: install the package zhplot")
    return path


@cache
def font(size: int) -> FontProperties:
    """The font at a size in points."""
    return FontProperties(fname=str(font_path()), size=size)


def png(figure: Figure) -> bytes:
    """A figure as PNG of few colours, without a date or a version in it.

    Telegram slows uploads above 100,000 bytes down; a palette keeps well under that.
    """
    drawn, reduced = BytesIO(), BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(drawn, format="png", dpi=_DOTS_PER_INCH, facecolor=GROUND, metadata={"Software": None})
    with Image.open(drawn) as image:
        image.convert("RGB").quantize(_COLOURS).save(reduced, format="png", optimize=True)
    return reduced.getvalue()
