"""Whether each language has its own punctuation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from digests.report.checks import Complaint, walk
from digests.report.model import Report
from digests.text import Text

_HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:?!()\"]|[,;:?!()\"][\u4e00-\u9fff]")
_FOREIGN_IN_ENGLISH = re.compile(r"[，。；：？！（）、《》]|\"|\s{2}|(?<=\s)[,;:.?!](?=\s|$)")
_DOUBLED = re.compile(r"\b([a-z]{2,})\s+\1\b", re.IGNORECASE)


def wrong_punctuation(report: Report) -> Iterator[Complaint]:
    """Each text with the other language's punctuation, straight quotation marks or a doubled word."""
    for path, model in walk(report):
        if not isinstance(model, Text) or path[0] == "errata":
            continue
        for text, pattern in ((model.zh, _HALF_WIDTH), (model.en, _FOREIGN_IN_ENGLISH)):
            if found := pattern.search(text):
                yield path, "punctuation", f"{found.group(0)!r} in {text[:40]!r}"
        if found := _DOUBLED.search(model.en):
            yield path, "punctuation", f"{found.group(0)!r} doubles a word"
