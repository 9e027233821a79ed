"""Telegram's HTML without its entities."""

from __future__ import annotations

import re
from html import unescape

_TAG = re.compile(r"<[^>]+>")


def plain_text(html: str) -> str:
    """The words of a classic message."""
    return unescape(_TAG.sub("", html))
