"""The font of the pictures, found without importing what is heavy."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path


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
