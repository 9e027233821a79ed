"""Telegram's HTML without its entities."""

from __future__ import annotations

import re
from html import unescape

_TAG = re.compile(r"<[^>]+>")


def plain_text(html: str) -> str:
    """The words of a classic message."""
    return unescape(_TAG.sub("", html))


_LINE_ENDS = re.compile(r"</(?:h\d|p|pre|li|tr|summary|blockquote|footer|figcaption)>|<br/>")
_CELL_ENDS = re.compile(r"</(?:td|th)>(?=<t)")


def plain_rich_text(html: str) -> str:
    """The text of a rich message: a line for each paragraph, list item and table row."""
    lines = _LINE_ENDS.sub("\n", _CELL_ENDS.sub(" | ", html)).replace("<h2>", "\n").replace("<hr/>", "\n")
    return plain_text(lines).strip()
