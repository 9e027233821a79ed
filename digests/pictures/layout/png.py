"""A figure as PNG of few colours, small enough for an upload at full speed."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

from matplotlib.figure import Figure
from PIL import Image, ImageColor

from digests.pictures.layout.metrics import DRAWN_AT, POINTS_PER_INCH

#: Pixels a unit when a picture is too many bytes for an upload at full speed: the first that is few enough.
_SCALES = (2.75, 2.5, 2.25, 2, 1.75, 1.5)
#: A picture of fewer pixels may be a little smaller than their number says.
_OFTEN_MORE = 1.1
#: Bytes; Telegram slows uploads above 100,000 down.
_LARGEST = 99_000
#: How many steps an edge has between two colours.
_STEPS = 3


def png_of(figure: Figure, backs: Iterable[str], fronts: Iterable[str]) -> bytes:
    """The figure as PNG of the colours of *fronts* on *backs*, without a date or a version in it.

    The same figure gives the same bytes.
    """
    colours = _colours(list(backs), list(fronts))
    made = _drawn(figure, DRAWN_AT, colours)
    likely = DRAWN_AT * _LARGEST / len(made) * _OFTEN_MORE
    for scale in _SCALES:
        if len(made) > _LARGEST and scale < likely:
            made = _drawn(figure, scale, colours)
    return made


def _drawn(figure: Figure, scale: float, colours: Image.Image) -> bytes:
    drawn, reduced, dots = BytesIO(), BytesIO(), POINTS_PER_INCH * scale
    figure.savefig(drawn, format="png", dpi=dots, facecolor="auto", metadata={"Software": None})
    with Image.open(drawn) as image:
        few = image.convert("RGB").quantize(palette=colours, dither=Image.Dither.NONE)
    few.save(reduced, format="png", optimize=True)
    return reduced.getvalue()


def _colours(backs: list[str], fronts: list[str]) -> Image.Image:
    """Each colour, and the steps to it from what lies behind; no more than a PNG's palette holds."""
    image = Image.new("P", (1, 1))
    steps: dict[tuple[int, ...], None] = {}
    for behind in backs:
        for before in fronts:
            pairs = list(zip(ImageColor.getrgb(behind), ImageColor.getrgb(before), strict=True))
            for step in range(_STEPS + 1):
                steps[tuple(round(back + (front - back) * step / _STEPS) for back, front in pairs)] = None
    image.putpalette([part for colour in list(steps)[:256] for part in colour])
    return image
