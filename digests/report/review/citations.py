"""Whether dates, illustrations and footnotes that a fact cites are in what it cites."""

from __future__ import annotations

from collections.abc import Iterator

from digests.dates import PartialDate
from digests.report.checks import Complaint, squeeze, walk
from digests.report.document import Document
from digests.report.model import Designation, Milestone, Observation, PeriodBasis, Report, Source
from digests.report.reading import Path_


def uncited(report: Report) -> Iterator[Complaint]:
    """Each place that names an illustration its evidence does not, or a footnote of another section."""
    sections = {footnote.number: footnote.section for footnote in report.footnotes}
    for path, source in walk(report):
        if not isinstance(source, Source):
            continue
        if source.footnote is not None and sections.get(source.footnote, source.section) != source.section:
            holder = sections[source.footnote]
            yield (*path, "footnote"), "footnote", f"footnote {source.footnote} belongs to section {holder!r}"
        if source.figure is not None and not _names_figure(source):
            message = f"no evidence names figure {source.figure}: the fact does not stand there"
            yield (*path, "figure"), "figure", message


def _names_figure(source: Source) -> bool:
    names = (f"图{source.figure}", f"figure{source.figure}", f"fig.{source.figure}")
    return any(name in squeeze(evidence.text).lower() for evidence in source.evidence for name in names)


def undated(report: Report, document: Document) -> Iterator[Complaint]:
    """Each date that its evidence, and each stated period that its section, does not hold.

    Dates are looked for as Chinese prints them, so only a Chinese document is held to this.
    """
    if report.document.language != "zh":
        return
    for path, fact in walk(report):
        if isinstance(fact, Milestone):
            yield from _in_evidence(fact.date, fact.source, (*path, "date"))
        elif isinstance(fact, Designation) and fact.since is not None:
            yield from _in_evidence(fact.since, fact.source, (*path, "since"))
        elif isinstance(fact, Observation) and fact.period.basis is PeriodBasis.STATED:
            text = document.sections.get(fact.source.section, "")
            for end in (fact.period.start, fact.period.end):
                if end is not None and _printed(end) not in text:
                    message = f"{_printed(end)} is not in section {fact.source.section!r}"
                    yield (*path, "period"), "period", message


def _in_evidence(date: PartialDate, source: Source, path: Path_) -> Iterator[Complaint]:
    if not any(_printed(date) in squeeze(evidence.text) for evidence in source.evidence):
        yield path, "date", f"no evidence holds {_printed(date)}"


def _printed(date: PartialDate) -> str:
    parts = ((date.year, "年"), (date.month, "月"), (date.day, "日"))
    return "".join(f"{number}{unit}" for number, unit in parts if number is not None)
