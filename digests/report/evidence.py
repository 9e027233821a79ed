"""Holds a report's evidence against the text of its document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from digests.quantities import Quantity
from digests.report.checks import Complaint, sources_of, squeeze, walk
from digests.report.document import Document, read_document
from digests.report.model import Evidence, Report
from digests.report.reading import Path_


@dataclass(frozen=True, slots=True)
class Verified:
    """What was held against the document, and what did not hold."""

    strings: int
    complaints: tuple[Complaint, ...]


def verify(report: Report, content: bytes) -> Verified:
    """Check the document's SHA-256, every heading, every printed value and every string of evidence.

    *content* is the file as published, UTF-8.
    """
    document = read_document(report, content)
    complaints: list[Complaint] = []
    if document.sha256 != report.document.sha256:
        message = f"this document has SHA-256 {document.sha256}"
        complaints.append((("document", "sha256"), "document", message))
    complaints += document.complaints
    checked = list(_evidence(report))
    for path, section, evidence in checked:
        text = document.sections.get(section, "") if section else document.whole
        complaints += _hold(path, evidence, text, section)
    complaints += _as_printed(report, document)
    return Verified(len(checked) + len(report.footnotes), tuple(complaints))


def _evidence(report: Report) -> Iterator[tuple[Path_, str | None, Evidence]]:
    """Each string with the section that must hold it; None for the whole document."""
    for path, source in sources_of(report):
        for position, evidence in enumerate(source.evidence):
            yield (*path, "evidence", position), source.section, evidence
    for path, model in walk(report.publication, ("publication",)):
        if isinstance(model, Evidence):
            yield path, None, model


def _hold(path: Path_, evidence: Evidence, text: str, section: str | None) -> Iterator[Complaint]:
    where = f"section {section!r}" if section else "the document"
    count = text.count(squeeze(evidence.text))
    if count == 0:
        yield path, "evidence", f"{evidence.text!r} is not in {where}"
    elif evidence.occurrence is None and count > 1:
        wanted = "make it longer or say which occurrence"
        yield path, "evidence", f"{evidence.text!r} is {count} times in {where}: {wanted}"
    elif evidence.occurrence is not None and evidence.occurrence > count:
        yield path, "evidence", f"{evidence.text!r} is only {count} times in {where}"


def _as_printed(report: Report, document: Document) -> Iterator[Complaint]:
    """What readers see as printed stands so in the document, to the space."""
    for position, footnote in enumerate(report.footnotes):
        if squeeze(footnote.printed) not in document.whole:
            yield ("footnotes", position), "evidence", f"{footnote.printed!r} is not in the document"
    for path, model in walk(report):
        if not isinstance(model, Quantity) or model.printed in document.joined:
            continue
        if squeeze(model.printed) in document.whole:
            yield (*path, "printed"), "spacing", f"the document prints {model.printed!r} with other spaces"
