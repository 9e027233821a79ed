"""A report, or a place in it, as a citation to copy: GB/T 7714-2015, APA 7, BibTeX, RIS."""

from digests.citations.names import AuthorName, author_name
from digests.citations.record import CitationRecord, record_of
from digests.citations.styles import Citation, Style, cite, cite_fact

__all__ = [
    "AuthorName",
    "Citation",
    "CitationRecord",
    "Style",
    "author_name",
    "cite",
    "cite_fact",
    "record_of",
]
