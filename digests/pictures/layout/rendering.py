"""Draws a finished sheet with matplotlib."""

from __future__ import annotations

from cachetools import LRUCache, cached
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Ellipse, Patch, Rectangle
from matplotlib.patheffects import withStroke

from digests.pictures.layout.boxes import Filled, Outlined, TextBox
from digests.pictures.layout.fonts import font_path
from digests.pictures.layout.metrics import BOLD_EDGE, POINTS_PER_INCH
from digests.pictures.layout.png import png_of
from digests.pictures.layout.sheet import Sheet
from digests.pictures.style import WIDTH

#: What lies on what, from below.
_PANELS, _LINES, _FILLS, _OUTLINES, _TEXTS = range(5)


def render(sheet: Sheet) -> bytes:
    """A finished sheet as PNG; the same sheet gives the same bytes."""
    palette, used = sheet.palette, sheet.colours
    behind = [color for color in (palette.ground, palette.panel, palette.data) if color in used]
    return png_of(figure_of(sheet), behind, used)


def figure_of(sheet: Sheet) -> Figure:
    """A finished sheet as a figure, which belongs to one thread."""
    size = WIDTH / POINTS_PER_INCH, sheet.height / POINTS_PER_INCH
    figure = Figure(figsize=size, facecolor=sheet.palette.ground)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(sheet.height, 0)
    for fill in sheet.fills:
        _draw_fill(axes, fill, _PANELS if fill.color == sheet.palette.panel else _FILLS)
    for outline in sheet.outlines:
        _draw_outline(axes, outline)
    for line in sheet.lines:
        xs, ys = (line.start[0], line.end[0]), (line.start[1], line.end[1])
        axes.add_line(Line2D(xs, ys, color=line.color, linewidth=0.8, zorder=_LINES))
    for text in sheet.texts:
        _draw_text(axes, text, sheet.features)
    return figure


def _draw_fill(axes: Axes, fill: Filled, level: int) -> None:
    box = fill.box
    shape: Patch = Rectangle((box.x, box.y), box.width, box.height)
    if fill.round:
        shape = Ellipse((box.x + box.width / 2, box.y + box.height / 2), box.width, box.height)
    shape.set(facecolor=fill.color, edgecolor="none", linewidth=0, zorder=level)
    axes.add_patch(shape)


def _draw_outline(axes: Axes, outline: Outlined) -> None:
    box, inset = outline.box, outline.width / 2
    width, height = max(box.width - outline.width, 0.1), max(box.height - outline.width, 0.1)
    shape = Rectangle((box.x + inset, box.y + inset), width, height)
    shape.set(facecolor="none", edgecolor=outline.color, linewidth=outline.width, zorder=_OUTLINES)
    axes.add_patch(shape)


def _draw_text(axes: Axes, text: TextBox, features: tuple[str, ...]) -> None:
    edge = text.face.size * BOLD_EDGE
    axes.text(
        *text.anchor,
        text.text,
        ha=text.align,
        color=text.color,
        fontproperties=_font_of(text.face.size),
        parse_math=False,
        fontfeatures=features,
        path_effects=[withStroke(linewidth=edge, foreground=text.color)] if text.face.strong else None,
        zorder=_TEXTS,
    )


@cached(LRUCache(maxsize=64))
def _font_of(size: float) -> FontProperties:
    return FontProperties(fname=str(font_path()), size=size)
