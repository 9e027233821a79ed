"""Pictures of what is known, as PNG bytes: the same library, language and theme give the same bytes.

Importing this package is cheap; :mod:`digests.pictures.gallery` brings matplotlib.
"""

from digests.pictures.context import Context
from digests.pictures.layout.fonts import FontMissingError, font_path
from digests.subscriptions import Theme

__all__ = ["Context", "FontMissingError", "Theme", "font_path"]
