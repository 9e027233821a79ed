"""What an editor mends before publishing; a pack loads without it, so that an upgrade never stops a bot."""

from __future__ import annotations

from collections.abc import Iterator

from digests.report.checks import Complaint, walk
from digests.report.document import Document
from digests.report.model import Milestone, Place, Report
from digests.report.reading import Path_
from digests.report.review.bilingual import compare_languages
from digests.report.review.citations import uncited, undated
from digests.report.review.copying import copied_runs
from digests.report.review.punctuation import wrong_punctuation
from digests.report.review.quotations import misplaced_quotations, softened
from digests.report.review.terms import worded_otherwise
from digests.text import Language, columns

__all__ = ["SHORT_COLUMNS", "review", "review_against"]

#: A short title fits a button across a phone of 390 px, behind an icon and a month (12 columns).
SHORT_COLUMNS = 32


def review(report: Report) -> Iterator[Complaint]:
    """Everything in a sound report that a reader would stumble over."""
    for path, model in walk(report):
        if isinstance(model, Milestone):
            yield from _short_fits(model, (*path, "short"))
        elif isinstance(model, Place) and (model.epithet is None) != (model.epithet_source is None):
            yield path, "epithet", f"{model.id!r} needs an epithet and its epithet_source, or neither"
    yield from uncited(report)
    yield from compare_languages(report)
    yield from worded_otherwise(report)
    yield from wrong_punctuation(report)


def review_against(report: Report, document: Document) -> Iterator[Complaint]:
    """What only the document shows: dates that it lacks, what is copied, misquoted or softened."""
    yield from undated(report, document)
    yield from copied_runs(report, document)
    yield from misplaced_quotations(report, document)
    yield from softened(report)


def _short_fits(milestone: Milestone, path: Path_) -> Iterator[Complaint]:
    for language in Language:
        text = milestone.short_title[language]
        if columns(text) > SHORT_COLUMNS:
            wide = f"{text!r} is {columns(text)} columns wide"
            yield path, "short", f"{wide}: give a short form of {SHORT_COLUMNS} at most"
