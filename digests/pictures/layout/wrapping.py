"""Text in lines: Latin words stay whole, Chinese breaks between characters but not before a closing mark."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

#: A Latin word, figure or anything else without a place to break, with the space behind it.
_PIECE = re.compile(
    r"\d{1,4}[年月日](?:\d{1,2}[月日])*|"
    r"[^ \n\u2e80-\u9fff\uff00-\uffef\u3000-\u303f]+\s*|[\u2e80-\u9fff\uff00-\uffef\u3000-\u303f]\s*|\s+"
)
_NOT_FIRST = tuple("，。、；：！？）》」』”’…·,.;:!?)%〉】")
_NOT_LAST = tuple("（《「『“‘(〈【")


def wrapped(text: str, fits: Callable[[str], bool], limit: int | None = None) -> list[str]:
    """Lines that *fit*; when there are more than *limit*, the last one ends with an ellipsis."""
    lines: list[str] = [""]
    for piece in _pieces(text, fits):
        if fits((lines[-1] + piece).rstrip()) or not lines[-1]:
            lines[-1] += piece
        else:
            lines.append(piece)
    return limited([line.rstrip() for line in lines], fits, limit)


def limited(lines: list[str], fits: Callable[[str], bool], limit: int | None) -> list[str]:
    """The first lines; the last of them ends with an ellipsis when there are more than *limit*."""
    if limit is None or len(lines) <= limit:
        return lines
    return [*lines[: limit - 1], _shortened(lines[limit - 1], fits)]


def joined(
    parts: Sequence[str], separator: str, fits: Callable[[str], bool], limit: int | None = None
) -> list[str]:
    """Parts in lines that *fit*: a line breaks between two parts, within one only when it needs more."""
    lines: list[str] = []
    for part in parts:
        if lines and fits(f"{lines[-1]}{separator}{part}"):
            lines[-1] = f"{lines[-1]}{separator}{part}"
        else:
            lines += wrapped(part, fits)
    return limited(lines, fits, limit)


def _pieces(text: str, fits: Callable[[str], bool]) -> list[str]:
    """The parts between which a line may break; what is longer than a line may break anywhere."""
    pieces: list[str] = []
    for piece in _PIECE.findall(text):
        if pieces and (piece.startswith(_NOT_FIRST) or pieces[-1].rstrip().endswith(_NOT_LAST)):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return [part for piece in pieces for part in (piece if not fits(piece.rstrip()) else [piece])]


def _shortened(line: str, fits: Callable[[str], bool]) -> str:
    while line and not fits(f"{line}…"):
        line = line[:-1]
    return f"{line.rstrip()}…"
