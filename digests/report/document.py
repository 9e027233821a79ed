"""The text of a report's document, cut into its sections.

White space, page breaks and ``**`` are ignored. The text is cut at the exact heading lines, in their
order. A footnote that a page puts between two lines is taken out, so that a sentence may run across the
page's end, and counted to the section that refers to it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from digests.report.checks import Complaint, squeeze
from digests.report.model import Footnote, Report


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it is compared: squeezed, whole and by section.

    ``joined`` keeps the spaces inside lines, for what must stand exactly as printed.
    """

    sha256: str
    joined: str
    whole: str
    sections: Mapping[str, str]
    complaints: tuple[Complaint, ...]


def read_document(report: Report, content: bytes) -> Document:
    """Cut *content*, the file as published in UTF-8, into the sections of *report*.

    Raises:
        UnicodeDecodeError: it is not UTF-8.
    """
    text = content.decode("utf-8")
    joined = "".join(line.strip() for line in text.replace("**", "").splitlines())
    sections, missing = _sections(report, text)
    return Document(hashlib.sha256(content).hexdigest(), joined, squeeze(text), sections, tuple(missing))


def _sections(report: Report, text: str) -> tuple[dict[str, str], list[Complaint]]:
    """The squeezed text of each section, from its heading to the next one's."""
    lines = [squeeze(line) for line in text.splitlines()]
    starts: list[tuple[str, int]] = []
    complaints: list[Complaint] = []
    cursor = 0
    for position, section in enumerate(report.sections):
        heading = squeeze(section.heading)
        found = next((number for number in range(cursor, len(lines)) if lines[number] == heading), None)
        if found is None:
            message = f"no line reads {section.heading!r} after the heading before it"
            complaints.append((("sections", position, "heading"), "heading", message))
            continue
        starts.append((section.id, found))
        cursor = found + 1
    ends = [*(start for _, start in starts[1:]), len(lines)][: len(starts)]
    texts = {name: lines[start:end] for (name, start), end in zip(starts, ends, strict=True)}
    return _with_footnotes_in_place(texts, report.footnotes), complaints


def _with_footnotes_in_place(
    sections: dict[str, list[str]], footnotes: tuple[Footnote, ...]
) -> dict[str, str]:
    """Each section's lines in one, and behind them the footnotes that it refers to."""
    notes: dict[str, list[str]] = {}
    texts: dict[str, str] = {}
    for name, lines in sections.items():
        kept: list[str] = []
        for line in lines:
            footnote = next((footnote for footnote in footnotes if _is_footnote(line, footnote)), None)
            (notes.setdefault(footnote.section, []) if footnote else kept).append(line)
        texts[name] = "".join(kept)
    return {name: "\n".join([text, *notes.get(name, [])]) for name, text in texts.items()}


def _is_footnote(line: str, footnote: Footnote) -> bool:
    return line.startswith(str(footnote.number)) and squeeze(footnote.printed) in line
