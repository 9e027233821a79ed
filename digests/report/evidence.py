"""Holds a report's evidence against the text of its document.

White space, page breaks and ``**`` are ignored on both sides. The text is cut into sections at the
exact heading lines, in their order. A footnote that a page puts between two lines is taken out, so
that a sentence may run across the page's end, and counted to the section that refers to it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from digests.report.checks import Complaint, sources_of, squeeze, walk
from digests.report.model import Evidence, Footnote, Report
from digests.report.reading import Path_


@dataclass(frozen=True, slots=True)
class Verified:
    """What was held against the document, and what did not hold."""

    strings: int
    complaints: tuple[Complaint, ...]


def verify(report: Report, document: bytes) -> Verified:
    """Check the document's SHA-256, every heading, and every string of evidence.

    *document* is the file as published, UTF-8.
    """
    complaints: list[Complaint] = []
    digest = hashlib.sha256(document).hexdigest()
    if digest != report.document.sha256:
        complaints.append((("document", "sha256"), "document", f"this document has SHA-256 {digest}"))
    text = document.decode("utf-8")
    sections, missing = _sections(report, text)
    complaints += missing
    checked = list(_evidence(report))
    whole = squeeze(text)
    for path, section, evidence in checked:
        complaints += _hold(path, evidence, sections.get(section or "", "") if section else whole, section)
    for position, footnote in enumerate(report.footnotes):
        if squeeze(footnote.printed) not in whole:
            complaints.append(
                (("footnotes", position), "evidence", f"{footnote.printed!r} is not in the document")
            )
    return Verified(len(checked) + len(report.footnotes), tuple(complaints))


def _evidence(report: Report) -> Iterator[tuple[Path_, str | None, Evidence]]:
    """Each string with the section that must hold it; None for the whole document."""
    for path, source in sources_of(report):
        for position, evidence in enumerate(source.evidence):
            yield (*path, "evidence", position), source.section, evidence
    for path, model in walk(report.publication, ("publication",)):
        if isinstance(model, Evidence):
            yield path, None, model


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
            complaints.append(
                (
                    ("sections", position, "heading"),
                    "heading",
                    f"no line reads {section.heading!r} after the heading before it",
                )
            )
            continue
        starts.append((section.id, found))
        cursor = found + 1
    ends = [start for _, start in starts[1:]] + [len(lines)]
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


def _hold(path: Path_, evidence: Evidence, text: str, section: str | None) -> Iterator[Complaint]:
    where = f"section {section!r}" if section else "the document"
    count = text.count(squeeze(evidence.text))
    if count == 0:
        yield path, "evidence", f"{evidence.text!r} is not in {where}"
    elif evidence.occurrence is None and count > 1:
        yield (
            path,
            "evidence",
            f"{evidence.text!r} is {count} times in {where}: make it longer or say which occurrence",
        )
    elif evidence.occurrence is not None and evidence.occurrence > count:
        yield path, "evidence", f"{evidence.text!r} is only {count} times in {where}"
