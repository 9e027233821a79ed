"""Whether what a text quotes, bounds or softens is what the sections that it cites say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from digests.report.checks import Complaint, squeeze, walk
from digests.report.document import Document
from digests.report.model import AuditRule, Observation, Report, Source, Sourced
from digests.report.reading import Path_
from digests.text import Text

_QUOTATION = re.compile(r"“([^”]+)”")
#: Words that bound a statement; a text may not drop one that its own evidence holds.
_BOUNDS = re.compile(
    r"较(?=[高低少多小大弱强])|大部分|普遍|一定程度|基本|(?<!不)仅|近(?=\d)|超(?=\d)|不足(?=\d)|左右"
)


def misplaced_quotations(report: Report, document: Document) -> Iterator[Complaint]:
    """Each quotation of a fact that does not stand in a section that the fact cites."""
    places = _Places(report)
    for path, fact in _cited(report):
        text = "\n".join(document.sections.get(source.section, "") for source in places.of(fact))
        for at, words in _words(fact, path, report):
            for quoted in _QUOTATION.findall(words):
                if squeeze(quoted) not in text:
                    yield at, "quotation", _where(quoted, report, document)


def softened(report: Report) -> Iterator[Complaint]:
    """Each text that drops a word of scope (较, 大部分, 基本, …) which its evidence holds."""
    for path, fact in walk(report):
        if not isinstance(fact, Sourced) or isinstance(fact, Observation):
            continue
        said = squeeze("".join(words for _, words in _words(fact, path, report)))
        for evidence in fact.source.evidence:
            for bound in _BOUNDS.findall(squeeze(evidence.text)):
                if bound not in said:
                    yield path, "scope", f"the evidence {evidence.text!r} says {bound!r}, the text does not"


class _Places:
    """Where each fact stands: its own place, the others, and those of the figures that it is about."""

    def __init__(self, report: Report) -> None:
        self._figures = {o.id: o for metric in report.metrics for o in metric.observations}

    def of(self, fact: Sourced | AuditRule) -> list[Source]:
        places = [fact.source, *fact.also]
        if isinstance(fact, AuditRule):
            named = [self._figures[name] for name in (fact.stated, *fact.inputs) if name in self._figures]
            places += [place for figure in named for place in (figure.source, *figure.also)]
        return [place for place in places if place is not None]


def _cited(report: Report) -> Iterator[tuple[Path_, Sourced | AuditRule]]:
    for path, model in walk(report):
        if isinstance(model, Sourced | AuditRule):
            yield path, model


def _words(fact: Sourced | AuditRule, path: Path_, report: Report) -> Iterator[tuple[Path_, str]]:
    """The fact's own texts in the document's language, not those of facts inside it."""
    for name in type(fact).model_fields:
        value = getattr(fact, name)
        if isinstance(value, Text):
            yield (*path, name), value.zh if report.document.language == "zh" else value.en


def _where(quoted: str, report: Report, document: Document) -> str:
    holders = [
        section.id for section in report.sections if squeeze(quoted) in document.sections.get(section.id, "")
    ]
    if not holders:
        return f"{quoted!r} is quoted and stands nowhere in the document"
    return f"{quoted!r} is quoted and stands in {', '.join(holders)}: cite it"
