"""Milestones and designations as rows, and what all rows have."""

from __future__ import annotations

from decimal import Decimal

from digests.report.library import Library
from digests.report.model import Designation, Milestone, Report, Source
from digests.text import Text

Row = dict[str, "str | Decimal | int | bool | None"]


def milestone_row(library: Library, milestone: Milestone) -> Row:
    """A milestone."""
    report = library.report_of(milestone.id)
    places = [library.place(place).name for place in milestone.places]
    return {
        **identity(report, milestone.id),
        "date": str(milestone.date),
        "kind": milestone.kind.value,
        "origin": milestone.origin.value,
        **both("title", milestone.title),
        **both("summary", milestone.summary),
        "places": ";".join(milestone.places),
        "place_names_zh": "、".join(place.zh for place in places),
        "place_names_en": "; ".join(place.en for place in places),
        "figures": ";".join(milestone.observations),
        **where(report, milestone.source, milestone.also),
    }


def designation_row(library: Library, designation: Designation) -> Row:
    """That a place holds a status."""
    report = library.report_of(designation.id)
    return {
        **identity(report, designation.id),
        "place": designation.place,
        **both("place_name", library.place(designation.place).name),
        "kind": designation.kind,
        **both("kind_name", library.designation_kind(designation.kind).name),
        "since": str(designation.since) if designation.since else None,
        "milestone": designation.milestone,
        **both("note", designation.note),
        **where(report, designation.source, designation.also),
    }


def identity(report: Report, fact_id: str) -> Row:
    """What a row is, and of which revision."""
    return {"report": report.id, "revision": report.revision, "id": fact_id}


def both(name: str, text: Text | None) -> Row:
    """A text in both languages; empty when there is none."""
    return {f"{name}_zh": text.zh if text else None, f"{name}_en": text.en if text else None}


def where(report: Report, source: Source, also: tuple[Source, ...] = ()) -> Row:
    """The place in the document, and the other sections that tell the same."""
    sections = {section.id: section for section in report.sections}
    others = dict.fromkeys(sections[other.section].number for other in also)
    return {
        "section": sections[source.section].number,
        **both("section_title", sections[source.section].title),
        "figure": source.figure,
        "footnote": source.footnote,
        "also_in": ";".join(others),
    }
