"""Pictures of what is known, as PNG bytes: the same library and language give the same bytes."""

from digests.pictures.growth import draw_growth
from digests.pictures.style import FontMissingError, font_path

__all__ = ["FontMissingError", "draw_growth", "font_path"]
