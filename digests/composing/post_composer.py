"""Digests become posts: the neutral page that a messenger makes its own message of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from cachetools import LRUCache

from digests.composing.digest import Digest, compose
from digests.pages import Pages
from digests.posts import Audience, Post, PostKind
from digests.quiz import question_beside
from digests.report.library import Library
from digests.schedules import Occasion
from digests.text import Language

#: How many posts are kept at hand: most narrowings tell the same few of an occasion.
_KEPT = 256


class PostComposer:
    """Writes the posts of the current library; *current* gives it."""

    def __init__(self, current: Callable[[], Library], pages: Pages) -> None:
        self._current = current
        self._pages = pages
        self._posts: LRUCache[tuple[str, str, Language, tuple[str, ...]], Post] = LRUCache(_KEPT)

    def compose(self, occasion: Occasion, audience: Audience) -> Post | None:
        """The post of an occasion; None when there is nothing for anybody."""
        library = self._current().following(audience.reports)
        digest = compose(library, occasion, audience.only)
        if digest is None:
            return None
        key = library.version, digest.key, audience.language, audience.reports
        if key not in self._posts:
            reports = audience.reports
            self._posts[key] = post(digest, library, audience.language, self._pages, reports=reports)
        if not audience.quiz:
            return self._posts[key]
        quiz = question_beside(library, digest, audience.language, audience.only)
        return replace(self._posts[key], quiz=quiz)


def post(
    digest: Digest, library: Library, language: Language, pages: Pages, *, reports: tuple[str, ...] = ()
) -> Post:
    """A digest in one language, with the ids of the facts in it, and the key of its card.

    *library* is that of *reports*; none mean all.
    """
    html = pages.render("digest", language, library, digest=digest, occasion=digest.occasion)
    facts = [item.milestone.id for item in digest.items]
    facts += [figure for item in digest.items for figure in item.milestone.observations]
    if digest.figure:
        facts.append(digest.figure.id)
    followed = f"@{','.join(reports)}" if reports else ""
    kind = PostKind.RECALL if digest.items else PostKind.FIGURE
    return Post(kind, html, f"digest:{digest.key}{followed}", tuple(dict.fromkeys(facts)))
