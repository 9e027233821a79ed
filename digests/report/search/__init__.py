"""Finds the facts that answer a question in Chinese or English; no network, no model, bounded work.

`Index` is built once for a library: `facts` says what each is found by, `vocabulary` knows the
words that mean one thing, `questions` reads what was typed, and `ranking` puts the facts in order.
"""

from digests.report.search.document import Hit, HitKind, SearchResult
from digests.report.search.index import Index
from digests.report.search.spelling import fold

__all__ = ["Hit", "HitKind", "Index", "SearchResult", "fold"]
