"""What the arguments, lists and sections of a report, and statements about it, are found by."""

from __future__ import annotations

from collections.abc import Iterator

from digests.report.model import Entry, Report, Theme
from digests.report.search.document import (
    ALIAS,
    BODY,
    CONTEXT,
    EVIDENCE,
    LINK,
    NAME,
    Document,
    HitKind,
    Names,
    both,
    evidence_of,
)


def argument(theme: Theme, names: Names) -> Iterator[Document]:
    """A theme and its points; in a part that numbers its themes, the others come after those."""
    part = str(theme.part)
    title = both(theme.title)
    heading = names.sections.get(theme.source.section, "")
    fields = (
        (NAME, title),
        (ALIAS, f"{heading} | {names.headings.get(theme.source.section, '')}"),
        (BODY, both(theme.summary)),
        (CONTEXT, both(*(point.title for point in theme.points))),
        (EVIDENCE, evidence_of(theme)),
    )
    facets, sorts = ((f"part:{part}", 1.0),), frozenset({"theme", part})
    yield Document(
        HitKind.THEME,
        theme.id,
        fields,
        facets=facets,
        answers=sorts,
        places=frozenset(theme.places),
        weight=0.9 if theme.number is None and theme.part in names.numbered else 0.98,
    )
    for point in theme.points:
        fields = (
            (NAME, both(point.title)),
            (BODY, both(point.text)),
            (LINK, title),
            (EVIDENCE, evidence_of(point)),
            (CONTEXT, names.linked(point.entries)),
        )
        facets, sorts = ((f"part:{part}", 0.8),), frozenset({"point", part})
        yield Document(
            HitKind.POINT,
            point.id,
            fields,
            facets=facets,
            answers=sorts,
            places=frozenset(point.places),
            weight=0.93,
        )


def lists(report: Report, names: Names) -> Iterator[Document]:
    for entries in report.lists:
        members = names.linked(entry.id for entry in entries.entries)
        fields = ((NAME, both(entries.title)), (BODY, both(entries.note)), (CONTEXT, members))
        yield Document(HitKind.LIST, entries.id, fields, answers=frozenset({"list"}))
        yield from (_entry(entry, both(entries.title), names) for entry in entries.entries)


def _entry(entry: Entry, title: str, names: Names) -> Document:
    fields = (
        (NAME, both(entry.name)),
        (LINK, both(entry.note)),
        (LINK, names.linked(entry.places)),
        (LINK, title),
        (EVIDENCE, evidence_of(entry)),
    )
    places = frozenset(entry.places)
    return Document(HitKind.ENTRY, entry.id, fields, answers=frozenset({"entry"}), places=places)


def sections(report: Report) -> Iterator[Document]:
    """The sections that no theme tells: a theme is found by its section's heading."""
    told = {theme.source.section for theme in report.themes}
    parts = {section.parent for section in report.sections}
    for section in report.sections:
        if section.id not in told | parts:
            fields = ((NAME, both(section.title)), (ALIAS, section.heading))
            yield Document(HitKind.SECTION, section.id, fields)


def statements(report: Report) -> Iterator[Document]:
    work = report.publication
    people = {"author": work.authors, "editor": (work.editor,) if work.editor else ()}
    said: dict[str, str] = {
        part: both(*(text for person in persons for text in (person.name, person.role)))
        for part, persons in people.items()
    }
    said |= {
        "journal": both(work.journal, work.issue, work.running_number),
        "published": f"{work.published} | {both(work.issue)}",
        "publisher": both(work.publisher),
        "contact": " | ".join(
            filter(None, (both(work.address), work.postcode, work.telephone, work.email, work.site))
        ),
        "distribution": both(work.distribution),
        "summary": both(work.title, report.name),
    }
    further = {"summary": both(work.summary)}
    named = ("author", "editor", "journal", "publisher", "summary")
    for part, text in said.items():
        if text:
            yield Document(
                HitKind.PUBLICATION,
                part,
                (
                    (ALIAS if part in named else BODY, text),
                    (BODY, further.get(part, "")),
                    (CONTEXT, both(work.title, work.publisher)),
                ),
                facets=((f"publication:{part}", 1.0), ("publication:itself", LINK)),
                answers=frozenset({"publication", part}),
            )
