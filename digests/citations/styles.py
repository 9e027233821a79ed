"""The styles of citation; GB/T 7714 and APA are held against their CSL styles by the tests."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from digests.citations.names import AuthorName
from digests.citations.record import CitationRecord, record_of
from digests.report.model import Report, Sourced
from digests.text import Language

#: More authors than this are “et al.” in GB/T 7714.
_MOST_IN_GBT = 3
#: More authors than this are cut by APA: the first nineteen, an ellipsis, the last.
_MOST_IN_APA = 20
#: From this many authors on, APA names only the first in the text.
_ET_AL_IN_APA = 3
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LANGUAGES = {Language.ZH: "chinese", Language.EN: "english"}
_BIBTEX_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "{}&%#$_"},
}


class Style(StrEnum):
    """A style of citation, by the word that asks for it."""

    GBT = "gbt"
    APA = "apa"
    BIBTEX = "bibtex"
    RIS = "ris"

    @property
    def full_name(self) -> str:
        """What the style is called."""
        return {"gbt": "GB/T 7714-2015", "apa": "APA 7", "bibtex": "BibTeX", "ris": "RIS"}[self.value]


@dataclass(frozen=True, slots=True)
class Citation:
    """An entry of a bibliography, and what stands in the text; reference managers make that themselves."""

    entry: str
    in_text: str = ""


def cite(record: CitationRecord, style: Style) -> Citation:
    """The record in a style."""
    return _CITERS[style](record)


def cite_fact(report: Report, style: Style, language: Language, fact: Sourced | None = None) -> Citation:
    """A report, or the place of one of its facts, in a style.

    GB/T 7714 cites a document in its own language, whatever the reader's.
    """
    own = Language(report.document.language)
    return cite(record_of(report, own if style is Style.GBT else language, fact), style)


def _gbt(record: CitationRecord) -> Citation:
    """The numeric form, as entry 1; the place stands behind its number in the text."""
    names = [_gbt_name(author) for author in record.authors[:_MOST_IN_GBT]]
    if len(record.authors) > _MOST_IN_GBT:
        names.append("等" if record.language is Language.ZH else "et al")
    year = str(record.published.year or "")
    issue = f"{year}({record.issue})" if record.issue else year
    entry = f"{', '.join(names)}. {record.title}[J]. {record.journal}, {issue}."
    return Citation(entry, f"[1]{_joined(record)}" if record.places else "[1]")


def _gbt_name(author: AuthorName) -> str:
    initials = author.initials.replace(".", "").replace("-", " ")
    return f"{author.family} {initials}".strip().upper()


def _apa(record: CitationRecord) -> Citation:
    year = str(record.published.year or "n.d.")
    issue = f", ({record.issue})" if record.issue else ""
    authors = _apa_authors([_apa_name(author) for author in record.authors])
    stop = "" if authors.endswith(".") else "."
    entry = f"{authors}{stop} ({year}). {record.title}. {record.journal}{issue}."
    return Citation(entry, f"({', '.join((_apa_short(record), year, *record.places))})")


def _apa_name(author: AuthorName) -> str:
    return f"{author.family}, {author.initials}" if author.given else author.family


def _apa_authors(names: list[str]) -> str:
    if len(names) > _MOST_IN_APA:
        return f"{', '.join(names[: _MOST_IN_APA - 1])}, … {names[-1]}"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])}, & {names[-1]}"


def _apa_short(record: CitationRecord) -> str:
    families = [author.family for author in record.authors]
    if len(families) >= _ET_AL_IN_APA:
        return f"{families[0]} {'等' if record.language is Language.ZH else 'et al.'}"
    return " & ".join(families)


def _bibtex(record: CitationRecord) -> Citation:
    month = record.published.month
    fields = {
        "author": " and ".join(_bibtex_name(author) for author in record.authors),
        "title": f"{{{_escaped(record.title)}}}",
        "journal": _escaped(record.journal),
        "number": record.issue,
        "year": str(record.published.year or ""),
        "publisher": _escaped(record.publisher),
        "language": _LANGUAGES[record.document_language],
        "note": _escaped(_joined(record)),
    }
    lines = [f"{name} = {{{value}}}," for name, value in fields.items() if value]
    lines += [f"month = {_MONTHS[month - 1]},"] if month else []
    return Citation("\n".join([f"@article{{{_key(record)},", *(f"  {line}" for line in lines), "}"]))


def _bibtex_name(author: AuthorName) -> str:
    """A name; braces keep one that is not in parts whole."""
    return _escaped(author.inverted) if author.given else f"{{{_escaped(author.family)}}}"


def _escaped(text: str) -> str:
    return "".join(_BIBTEX_SPECIAL.get(character, character) for character in text)


def _key(record: CitationRecord) -> str:
    """``wang2023``, in every language."""
    plain = unicodedata.normalize("NFKD", record.key_name)
    latin = re.sub(r"[^a-z]", "", plain.encode("ascii", "ignore").decode().lower())
    return f"{latin or 'report'}{record.published.year or ''}"


def _ris(record: CitationRecord) -> Citation:
    published = record.published
    parts = (f"{published.year:04}" if published.year else "", _two(published.month), _two(published.day), "")
    lines = [
        ("TY", "JOUR"),
        *(("AU", author.inverted) for author in record.authors),
        ("TI", record.title),
        ("T2", record.journal),
        ("IS", record.issue),
        ("PY", parts[0]),
        ("DA", "/".join(parts)),
        ("PB", record.publisher),
        ("LA", record.document_language.value),
        ("N1", _joined(record)),
    ]
    return Citation("\n".join([*(f"{tag}  - {value}" for tag, value in lines if value), "ER  - "]))


def _two(number: int | None) -> str:
    return f"{number:02}" if number else ""


def _joined(record: CitationRecord) -> str:
    return ("；" if record.language is Language.ZH else "; ").join(record.places)


_CITERS: dict[Style, Callable[[CitationRecord], Citation]] = {
    Style.GBT: _gbt,
    Style.APA: _apa,
    Style.BIBTEX: _bibtex,
    Style.RIS: _ris,
}
