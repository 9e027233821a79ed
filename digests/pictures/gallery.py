"""Every picture by its key: a kind, and what it is of, such as ``timeline:2016`` or ``growth``."""

from __future__ import annotations

from collections.abc import Callable

from digests.pictures.cards import draw_digest, draw_figure, draw_milestone
from digests.pictures.context import Context
from digests.pictures.growth import draw_growth
from digests.pictures.subject import draw_subject
from digests.pictures.timeline import draw_timeline
from digests.pictures.zones import draw_zones

_DRAWINGS: dict[str, Callable[[Context, str], bytes]] = {
    "timeline": draw_timeline,
    "zones": draw_zones,
    "growth": draw_growth,
    "subject": draw_subject,
    "milestone": draw_milestone,
    "figure": draw_figure,
    "digest": draw_digest,
}


def draw(context: Context, key: str) -> bytes:
    """A picture as PNG.

    Raises:
        LookupError: there is no picture of that key in this library.
    """
    asked, kind, subject = context.asked(key)
    return _DRAWINGS[kind](asked, subject)
