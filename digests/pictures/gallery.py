"""Every picture by its key: a kind, and what it is of, such as ``timeline:2016`` or ``growth``."""

from __future__ import annotations

from collections.abc import Callable

from digests.pictures.cards.digest import draw_digest
from digests.pictures.cards.figure import draw_figure
from digests.pictures.cards.milestone import draw_milestone
from digests.pictures.charts.growth import draw_growth
from digests.pictures.charts.subject import draw_subject
from digests.pictures.charts.zones import draw_zones
from digests.pictures.context import Context
from digests.pictures.layout.rendering import render
from digests.pictures.layout.sheet import Sheet
from digests.pictures.timeline.timeline import draw_timeline

_DRAWINGS: dict[str, Callable[[Context, str], Sheet]] = {
    "timeline": draw_timeline,
    "zones": draw_zones,
    "growth": draw_growth,
    "subject": draw_subject,
    "milestone": draw_milestone,
    "figure": draw_figure,
    "digest": draw_digest,
}


def lay_out(context: Context, key: str) -> Sheet:
    """A picture as a finished sheet, which knows its texts and where they lie.

    Raises:
        LookupError: there is no picture of that key in this library.
    """
    asked, kind, subject = context.asked(key)
    return _DRAWINGS[kind](asked, subject)


def draw(context: Context, key: str) -> bytes:
    """A picture as PNG.

    Raises:
        LookupError: there is no picture of that key in this library.
    """
    return render(lay_out(context, key))
