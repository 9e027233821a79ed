"""The notes of a page: where its facts stand in the document, and what its marks mean."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from digests.pages.catalogs import speaker
from digests.pages.figures import COMPUTED, IMPLIED, SEMICOLONS, UNDATED, VERDICT_MARKS, FigureText, bracketed
from digests.pages.formatting import place_of_source
from digests.report.audit import Verdict
from digests.report.library import Library
from digests.report.model import AuditRule, Place, Source, Sourced
from digests.text import Language


class Notes:
    """The notes of one page: each place gets one number, in order of first use; each mark one line."""

    def __init__(self, library: Library, language: Language) -> None:
        self._library = library
        self._language = language
        self._numbers: dict[str, int] = {}
        self._marks: dict[str, None] = {}

    def mark(self, fact: Sourced) -> Markup:
        """The footnote marks of a fact: one for each place that tells it."""
        return self._mark_places((fact.source, *fact.also), fact.id)

    def place(self, fact: Sourced) -> str:
        """Where the document tells a fact first, in words."""
        return place_of_source(self._library, fact.source, fact.id, self._language)

    def mark_rule(self, rule: AuditRule) -> Markup:
        """The footnote marks of a recomputed statement: its own places, else those of its figures."""
        if rule.source:
            return self._mark_places((rule.source, *rule.also), rule.id)
        named = (rule.stated,) if rule.stated else rule.inputs
        facts = [self._library.observation(name) for name in named]
        return self._mark_places([s for fact in facts for s in (fact.source, *fact.also)], rule.id)

    def _mark_places(self, sources: Iterable[Source], fact_id: str) -> Markup:
        places = [place_of_source(self._library, source, fact_id, self._language) for source in sources]
        numbers = dict.fromkeys(self._numbers.setdefault(place, len(self._numbers) + 1) for place in places)
        links = (Markup('<a href="#note-{0}">{0}</a>').format(number) for number in numbers)
        return Markup("<sup>{}</sup>").format(Markup(", ").join(links)) if numbers else Markup()

    def mark_epithet(self, place: Place) -> Markup:
        """The footnote marks of what the document calls a place."""
        return self._mark_places((place.epithet_source,) if place.epithet_source else (), place.id)

    def value(self, figure: FigureText, *, undated: str = "words") -> Markup:
        """A figure's value with all that qualifies it, and its footnote marks.

        *undated*: how to say that no time is stated: in “words”, by a “mark” that the notes explain, or
        not at all, where the line says it of several figures at once.
        """
        is_worded = figure.is_dated or undated == "words"
        when = Markup("{}{}").format(figure.period, self.explain(figure.mark))
        when = when if figure.when and is_worded else Markup()
        mark = UNDATED if undated == "mark" and not figure.is_dated else ""
        parts = [
            part for part in (when, Markup.escape(figure.scope), Markup.escape(figure.attribution)) if part
        ]
        separator = Markup.escape(SEMICOLONS[self._language])
        fact = self._library.observation(figure.id)
        return Markup("<b>{}</b>{}{}{}{}").format(
            figure.value,
            self.explain(mark),
            bracketed(separator.join(parts), self._language),
            self.explain(figure.doubt),
            self.mark(fact),
        )

    def explain(self, mark: str) -> Markup:
        """A mark that the notes explain; nothing when it is empty."""
        if not mark:
            return Markup()
        self._marks[mark] = None
        return Markup('<a href="#note-{0}">{0}</a>').format(mark)

    def listed(self) -> list[tuple[int, str]]:
        """The places in order: number and words."""
        return [(number, place) for place, number in self._numbers.items()]

    def explained(self) -> list[tuple[str, str]]:
        """The marks that the page used, and what each means."""
        say = speaker(self._language)
        meanings = {
            UNDATED: say("the report states no date"),
            IMPLIED: say("the period follows from the context"),
            COMPUTED: say("computed by this bot, not printed in the report"),
            VERDICT_MARKS[Verdict.INCONSISTENT]: say("at odds with other figures of the report: /audit"),
            VERDICT_MARKS[Verdict.NOT_CHECKABLE]: say("in doubt, for it cannot be checked: /audit"),
        }
        return [(mark, meanings[mark]) for mark in self._marks]
