"""A sheet to draw on: text, boxes, lines and marks in units, from the top left; PNG bytes at the end."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import Literal

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyBboxPatch, Patch, Rectangle
from matplotlib.patheffects import withStroke
from PIL import Image, ImageColor

from digests.pictures.fonts import font_path
from digests.pictures.style import LEADING, WIDTH, Palette
from digests.pictures.wrapping import wrapped
from digests.text import Language

Align = Literal["left", "center", "right"]

_POINTS_PER_INCH = 72
_BASELINE = 1.05
_EMBOLDENING = 0.045

#: Pixels a unit when 3 are too many for an upload at full speed: the first that is small enough. With 3 a
#: picture is 1,080 pixels wide, sharp on a phone and below Telegram's 1,280; 720 still are for a long one.
_SCALES = (2.5, 2.25, 2, 1.75, 1.5)
#: A picture of fewer pixels may be a little smaller than their number says.
_OFTEN_MORE = 1.1
_LARGEST = 99_000
#: How many steps an edge has between two colours.
_STEPS = 3
_DRAWN_AT = 3


@cache
def _font(size: float) -> FontProperties:
    return FontProperties(fname=str(font_path()), size=size)


@cache
def _text_width(text: str, size: float, features: tuple[str, ...]) -> float:
    font = get_font(str(font_path()))
    font.set_size(size, _POINTS_PER_INCH * _DRAWN_AT)
    font.set_text(text, features=features)  # type: ignore[arg-type] # its type says one feature, it takes any
    width, _ = font.get_width_height()
    return float(width) / 64 / _DRAWN_AT


class Sheet:
    """A figure of matplotlib as a sheet of 360 units; its height is known when it is finished.

    The same calls give the same bytes. A sheet belongs to one thread.
    """

    def __init__(self, palette: Palette, language: Language) -> None:
        self.palette = palette
        # the font's quotes and dots are a Chinese character wide unless it is asked for narrow ones
        self._features = ("pwid",) if language is Language.EN else ()
        self._figure = Figure(facecolor=palette.ground)
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()
        self._axes.set_xlim(0, WIDTH)

    def width(self, text: str, size: float) -> float:
        """How wide a line of text is."""
        return _text_width(text, size, self._features)

    def fold(self, text: str, size: float, width: float, limit: int | None = None) -> list[str]:
        """A text in lines no wider than *width*; beyond *limit* lines it ends with an ellipsis."""
        return wrapped(text, lambda line: self.width(line, size) <= width, limit)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        color: str | None = None,
        *,
        align: Align = "left",
        strong: bool = False,
    ) -> float:
        """One line of text whose top is at *y*; where the next line begins."""
        self._write(x, y + size * _BASELINE, text, size, color, align, strong=strong)
        return y + size * LEADING

    def upright(self, x: float, y: float, text: str, size: float, color: str) -> None:
        """A line of text turned to read upwards, centred at *x*, ending above *y*."""
        self._write(x, y, text, size, color, "center", upright=True)

    def _write(
        self,
        x: float,
        baseline: float,
        text: str,
        size: float,
        color: str | None,
        align: Align,
        *,
        strong: bool = False,
        upright: bool = False,
    ) -> None:
        color = color or self.palette.ink
        effects = [withStroke(linewidth=size * _EMBOLDENING, foreground=color)] if strong else None
        self._axes.text(
            x,
            baseline,
            text,
            color=color,
            fontproperties=_font(size),
            ha=align,
            va="bottom" if upright else "baseline",
            rotation=90 if upright else 0,
            parse_math=False,
            fontfeatures=self._features,
            path_effects=effects,
            zorder=4,
        )

    def paragraph(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        width: float,
        color: str | None = None,
        *,
        strong: bool = False,
        limit: int | None = None,
    ) -> float:
        """A text folded to a width; where the next line begins."""
        for line in self.fold(text, size, width, limit):
            y = self.text(x, y, line, size, color, strong=strong)
        return y

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: str | None,
        *,
        edge: str | None = None,
        edge_width: float = 1.0,
        radius: float = 0.0,
        behind: bool = False,
    ) -> None:
        """A rectangle, filled or outlined, with round corners when it has a *radius*; *behind* lines."""
        shape: Patch = Rectangle((x, y), width, height)
        if radius:
            shape = FancyBboxPatch((x, y), width, height, boxstyle=f"round,pad=0,rounding_size={radius}")
        shape.set(facecolor=fill or "none", edgecolor=edge or "none", linewidth=edge_width if edge else 0)
        shape.set_zorder(0 if behind else 2)
        self._axes.add_patch(shape)

    def line(self, points: list[tuple[float, float]], color: str, width: float = 0.8) -> None:
        """A line through points."""
        xs, ys = zip(*points, strict=True)
        self._axes.add_line(Line2D(xs, ys, color=color, linewidth=width, zorder=1))

    def dot(self, x: float, y: float, radius: float, fill: str) -> None:
        """A round mark."""
        self._axes.add_patch(Circle((x, y), radius, facecolor=fill, edgecolor="none", zorder=3))

    def png(self, height: float) -> bytes:
        """The sheet, cut at *height*, as PNG of few colours, without a date or a version in it.

        Telegram slows uploads above 100,000 bytes down; a palette, and fewer pixels for what is long,
        keep below that.
        """
        self._axes.set_ylim(height, 0)
        self._figure.set_size_inches(WIDTH / _POINTS_PER_INCH, height / _POINTS_PER_INCH)
        FigureCanvasAgg(self._figure)
        image = self._drawn()
        made = self._reduced(image)
        likely = _DRAWN_AT * (_LARGEST / len(made)) ** 0.5 * _OFTEN_MORE
        for scale in _SCALES:
            if len(made) > _LARGEST and scale < likely:
                size = round(image.width * scale / _DRAWN_AT), round(image.height * scale / _DRAWN_AT)
                made = self._reduced(image.resize(size, Image.Resampling.LANCZOS))
        return made

    def _drawn(self) -> Image.Image:
        drawn, dots = BytesIO(), _POINTS_PER_INCH * _DRAWN_AT
        self._figure.savefig(
            drawn, format="png", dpi=dots, facecolor=self.palette.ground, metadata={"Software": None}
        )
        with Image.open(drawn) as image:
            return image.convert("RGB")

    def _reduced(self, image: Image.Image) -> bytes:
        reduced = BytesIO()
        few = image.quantize(palette=_colours(self.palette), dither=Image.Dither.NONE)
        few.save(reduced, format="png", optimize=True)
        return reduced.getvalue()


@cache
def _colours(palette: Palette) -> Image.Image:
    """Each colour of the palette, and the steps to it from what lies behind."""
    image = Image.new("P", (1, 1))
    fronts = (palette.ink, palette.soft, palette.quiet, palette.line, palette.accent, *palette.series)
    steps = [
        round(back + (front - back) * step / _STEPS)
        for behind in (palette.ground, palette.panel)
        for before in fronts
        for step in range(_STEPS + 1)
        for back, front in zip(ImageColor.getrgb(behind), ImageColor.getrgb(before), strict=True)
    ]
    image.putpalette(steps)
    return image
