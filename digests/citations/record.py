"""What every style of citation is made from: the publication in one language, and the places cited."""

from __future__ import annotations

import re
from dataclasses import dataclass

from digests.citations.names import AuthorName, author_name
from digests.dates import PartialDate
from digests.pages.formatting import word_section_number
from digests.report.model import Publication, Report, Source, Sourced
from digests.text import Language

_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class CitationRecord:
    """A publication as a bibliography knows it.

    ``key_name`` is the first author's family name in Latin letters, ``issue`` the number of the issue
    alone. A title that the reader's language translates follows the original one, in square brackets.
    ``places`` are where the cited fact stands, the first one first; none when the whole is cited.
    """

    language: Language
    authors: tuple[AuthorName, ...]
    key_name: str
    title: str
    journal: str
    issue: str
    published: PartialDate
    publisher: str
    document_language: Language
    places: tuple[str, ...] = ()


def record_of(report: Report, language: Language, fact: Sourced | None = None) -> CitationRecord:
    """What to cite of a report, in a language; with the places of a fact, when one is given."""
    publication, original = report.publication, Language(report.document.language)
    title = publication.title[original]
    return CitationRecord(
        language=language,
        authors=tuple(author_name(author.name, language) for author in publication.authors),
        key_name=author_name(publication.authors[0].name, Language.EN).family,
        title=title if language is original else f"{title} [{publication.title[language]}]",
        journal=publication.journal[language],
        issue=_issue_number(publication),
        published=publication.published,
        publisher=publication.publisher[language],
        document_language=original,
        places=_places(report, fact, language) if fact else (),
    )


def _issue_number(publication: Publication) -> str:
    """``1`` of ``2023, No. 1``: the last number that is not the year; empty when there is none."""
    numbers = _NUMBER.findall(publication.issue.en)
    return next((n for n in reversed(numbers) if n != str(publication.published.year)), "")


def _places(report: Report, fact: Sourced, language: Language) -> tuple[str, ...]:
    places = (_place(report, source, language) for source in (fact.source, *fact.also))
    return tuple(dict.fromkeys(places))


def _place(report: Report, source: Source, language: Language) -> str:
    """``Section 1.2.3, Figure 2``, ``一（二）3，图2``; a part without a number goes by its title."""
    section = next(section for section in report.sections if section.id == source.section)
    number = word_section_number(section.number, language).removeprefix("§ ")
    if language is Language.ZH:
        parts = [number]
        parts += [f"图{source.figure}"] if source.figure is not None else []
        parts += [f"脚注{source.footnote}"] if source.footnote is not None else []
        return "，".join(parts)
    parts = [f"Section {number}" if number else section.title.en]
    parts += [f"Figure {source.figure}"] if source.figure is not None else []
    parts += [f"Footnote {source.footnote}"] if source.footnote is not None else []
    return ", ".join(parts)
