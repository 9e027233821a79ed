"""How much of a document a pack tells: its sentences, numbers, dates and names, and what nothing tells.

A stretch of the document is used when a fact's evidence touches it, and left when the pack says why it
tells nothing of it. A name is also used when any text of the pack holds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from digests.report.checks import Complaint, sources_of, squeeze, walk
from digests.report.document import Document
from digests.report.model import Report
from digests.text import Text

_KINDS = {
    "sentences": re.compile(r"[^。；！？.;!?\n]+(?:\.(?=\d)[^。；！？.;!?\n]+)*"),
    "clauses": re.compile(r"[^。；！？，：;!?,\n]+"),
    "dates": re.compile(r"(?:\d{4}年)(?:\d{1,2}月)?(?:\d{1,2}日)?|\d{1,2}月\d{1,2}日"),
    "numbers": re.compile(
        r"(?<![A-Z\d.])\d+(?:\.\d+)?(?![A-Z\d年月日])[%万亿余多]*"
        r"|[二三四五六七八九十两]+(?=[批种条个家位部])"
    ),
    "names": re.compile(r"“[^”]+”|《[^》]+》|[A-Za-z][A-Za-z0-9]+"),
}
#: What is shorter only joins sentences, such as 目前 or 另一方面.
_SHORTEST = 6


@dataclass(frozen=True, slots=True)
class Unused:
    """A stretch of the document that no fact uses."""

    kind: str
    section: str
    text: str


@dataclass(frozen=True, slots=True)
class Count:
    """Of one kind: how many there are, how many facts use, how many are left with a reason."""

    kind: str
    total: int
    used: int
    left: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """The counts of each kind, and everything that is neither used nor left."""

    counts: tuple[Count, ...]
    unused: tuple[Unused, ...]


def cover(report: Report, document: Document) -> Coverage:
    """Hold each section of a document against the facts of its report."""
    told = squeeze("".join(model.zh + model.en for _, model in walk(report) if isinstance(model, Text)))
    marks = {section: _Marks(text) for section, text in document.sections.items()}
    for section, words, occurrence, state in _spans(report):
        if section in marks:
            marks[section].mark(words, occurrence, state)
    counts, unused = [], []
    for kind in _KINDS:
        states = [
            (section, stretch, "used" if kind == "names" and _bare(stretch) in told else state)
            for section, mark in marks.items()
            for stretch, state in mark.stretches(kind)
        ]
        used = sum(state == "used" for _, _, state in states)
        left = sum(state == "left" for _, _, state in states)
        counts.append(Count(kind, len(states), used, left))
        unused += [Unused(kind, section, stretch) for section, stretch, state in states if state == "unused"]
    return Coverage(tuple(counts), tuple(unused))


def check_left(report: Report, document: Document) -> Iterator[Complaint]:
    """Each stretch that a pack leaves stands in the section that it names."""
    for position, left in enumerate(report.left):
        if squeeze(left.text) not in document.sections.get(left.section, ""):
            yield ("left", position), "left", f"{left.text!r} is not in section {left.section!r}"


class _Marks:
    """A section's text, and which of its characters are used or left."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._states = [""] * len(text)

    def mark(self, words: str, occurrence: int, state: str) -> None:
        words = squeeze(words)
        start = -1
        for _ in range(occurrence):
            start = self._text.find(words, start + 1)
        if start >= 0:
            for position in range(start, start + len(words)):
                self._states[position] = self._states[position] or state

    def stretches(self, kind: str) -> Iterator[tuple[str, str]]:
        """Each stretch of a kind with its state."""
        for match in _KINDS[kind].finditer(self._text):
            if kind in ("sentences", "clauses") and len(match[0]) < _SHORTEST:
                continue
            states = set(self._states[match.start() : match.end()])
            yield match[0], "used" if "used" in states else "left" if "left" in states else "unused"


def _spans(report: Report) -> Iterator[tuple[str, str, int, str]]:
    """Each marked stretch: its section, its words, which occurrence, and used or left."""
    for _, source in sources_of(report):
        for evidence in source.evidence:
            yield source.section, evidence.text, evidence.occurrence or 1, "used"
    for section in report.sections:
        yield section.id, section.heading, 1, "used"
        for evidence in report.publication.evidence:
            yield section.id, evidence.text, evidence.occurrence or 1, "used"
    for figure in report.figures:
        yield from (
            (figure.section, line, 1, "used") for line in (figure.caption, figure.source_line) if line
        )
    for footnote in report.footnotes:
        yield footnote.section, f"{footnote.number}{footnote.printed}", 1, "used"
        yield footnote.section, f"{footnote.number}。", 1, "used"
    for left in report.left:
        yield left.section, left.text, 1, "left"


def _bare(name: str) -> str:
    return name.strip("“”《》")
