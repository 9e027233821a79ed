"""What templates say of facts: figures, places and lists by id, in one language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher

from digests.composing.digest import Digest, Recalled
from digests.pages.catalogs import speaker
from digests.pages.figures import VERDICT_MARKS, FigureText, figure_text, word_times
from digests.pages.formatting import join, word_percent
from digests.pages.headings import digest_heading, digest_span
from digests.queries import Comparison, Recomputed, compare, place_of
from digests.report.audit import Finding, Verdict
from digests.report.library import Library
from digests.report.model import AuditKind, Observation, Point, Report, Theme
from digests.schedules import Cadence, Occasion
from digests.text import Language, Text

#: So many characters in common mean that a text names a thing.
_ALIKE = {Language.ZH: 3, Language.EN: 10}


class Words:
    """The words of one library in one language; a page without facts has no library."""

    def __init__(self, language: Language, library: Library | None) -> None:
        self._language = language
        self._maybe_library = library

    @property
    def _library(self) -> Library:
        if self._maybe_library is None:
            raise LookupError("this page was rendered without a library")
        return self._maybe_library

    def figure(
        self, observation: Observation | str, *, beside_a_date: bool = False, here: str = ""
    ) -> FigureText:
        """A figure, whole; an id names it as well."""
        known = self._library.observation(observation) if isinstance(observation, str) else observation
        return figure_text(self._library, known, self._language, beside_a_date=beside_a_date, here=here)

    def are_undated(self, observations: list[Observation | str]) -> bool:
        """Whether the report states the time of none of several figures."""
        figures = [self.figure(observation) for observation in observations]
        return len(figures) > 1 and not any(figure.is_dated for figure in figures)

    def by_dating(self, observations: Iterable[Observation]) -> list[list[Observation]]:
        """Figures in two groups: those whose time the report states or implies, then the others."""
        groups: dict[bool, list[Observation]] = {True: [], False: []}
        for observation in observations:
            groups[self.figure(observation).is_dated].append(observation)
        return [group for group in groups.values() if group]

    def comparison(self, observation: Observation) -> Comparison | None:
        """What a figure is compared with."""
        return compare(self._library, observation)

    def ratio(self, comparison: Comparison) -> str:
        """How many times the smaller of two figures the larger is."""
        say = speaker(self._language)
        times = word_times(comparison.times or Decimal(1), self._language)
        least = say("more than %(times)s") % {"times": times} if comparison.is_at_least else times
        larger = say("%(times)s the other") if comparison.is_larger else say("the other is %(times)s this")
        return larger % {"times": least}

    def amount(self, number: Decimal, unit_id: str) -> str:
        """A computed number in a unit."""
        return self._library.unit(unit_id).word(self._language, number)

    def verdict(self, finding: Finding) -> str:
        """The mark of what was found."""
        return VERDICT_MARKS[finding.verdict]

    def recomputed(self, finding: Finding) -> str:
        """What was recomputed, in the unit of what is stated, else of what it follows from."""
        value, stated = finding.recomputed, finding.stated
        if value is None:
            return ""
        if finding.rule.kind is AuditKind.GROWTH:
            return f"+{word_percent((value * 100).normalize())}"
        if finding.rule.kind in (AuditKind.AVERAGE_RATE, AuditKind.REMAINDER):
            return word_percent(value)
        held = stated or self._library.observation(finding.rule.inputs[0])
        return self.amount(value, held.quantity.unit)

    def verdict_name(self, verdict: Verdict) -> str:
        """A verdict with its mark."""
        say = speaker(self._language)
        names = {
            Verdict.INCONSISTENT: say("does not follow"),
            Verdict.NOT_CHECKABLE: say("cannot be checked from the text"),
            Verdict.CONSISTENT: say("follows"),
            Verdict.COMPUTED: say("computed by this bot, not printed in the report"),
        }
        return f"{VERDICT_MARKS[verdict]} {names[verdict]}"

    def verdict_counts(self, parts: Iterable[Recomputed]) -> str:
        """How many findings there are of each verdict."""
        counts = Counter(finding.verdict for part in parts for finding in part.findings)
        return " · ".join(
            f"{self.verdict_name(verdict)} {counts[verdict]}" for verdict in VERDICT_MARKS if counts[verdict]
        )

    def by_verdict(self, findings: Iterable[Finding]) -> list[tuple[Verdict, list[Finding]]]:
        """Findings in groups: contradictions, what cannot be checked, what follows, what is computed."""
        listed = list(findings)
        groups = {verdict: [f for f in listed if f.verdict is verdict] for verdict in VERDICT_MARKS}
        return [(verdict, group) for verdict, group in groups.items() if group]

    def heading(self, digest: Digest) -> str:
        """What a digest is headed, as precisely as what it recalls is known."""
        return digest_heading(digest, self._language)

    def heading_of_day(self, day: date, items: tuple[Recalled, ...]) -> str:
        """The heading of what a day recalls."""
        return digest_heading(_of_day(day, items), self._language)

    def span_of_day(self, day: date, items: tuple[Recalled, ...]) -> str:
        """The day, or the month when what it recalls is known to the month only."""
        return digest_span(_of_day(day, items), self._language)

    def is_observation(self, fact: object) -> bool:
        """Whether a found fact is a figure."""
        return isinstance(fact, Observation)

    def place(self, place_id: str) -> str:
        """A place's name."""
        return self._library.place(place_id).name[self._language]

    def place_beside(self, observation: Observation) -> str:
        """The place that a figure is about; empty when its title or its scope tells it."""
        place, figure = self.place_of(observation), self.figure(observation)
        return "" if place in figure.title or figure.scope else place

    def place_of(self, observation: Observation) -> str:
        """The name of the place that a figure is about."""
        return self.place(place_of(self._library, observation))

    def told(self, argument: Theme | Point) -> str:
        """What an argument or one of its points says."""
        text = argument.text if isinstance(argument, Point) else argument.summary
        return text[self._language]

    def further_entries(self, point: Point) -> str:
        """The entries of lists that belong to a point and that its text does not name already."""
        text = f"{point.title[self._language]} {point.text[self._language]}"
        names = [self._library.entry(entry_id).name[self._language] for entry_id in point.entries]
        return self.join([name for name in names if not self._is_named(name, text)])

    def _is_named(self, name: str, text: str) -> bool:
        alike = SequenceMatcher(None, name, text, autojunk=False).find_longest_match()
        return alike.size >= min(len(name), _ALIKE[self._language])

    def places(self, ids: tuple[str, ...]) -> str:
        """Places in a row."""
        return self.join([self.place(place_id) for place_id in ids])

    def entries(self, ids: tuple[str, ...]) -> dict[str, list[str]]:
        """Entries grouped under the titles of their lists."""
        grouped: dict[str, list[str]] = {}
        for entry_id in ids:
            title = self._library.entry_list_of(entry_id).title[self._language]
            grouped.setdefault(title, []).append(self._library.entry(entry_id).name[self._language])
        return grouped

    def corrected(self, report: Report, fact_id: str) -> str:
        """What a fact that a correction names is called."""
        facts = [(milestone.id, milestone.title) for milestone in report.milestones]
        facts += [(theme.id, theme.title) for theme in report.themes]
        facts += [(point.id, point.title) for theme in report.themes for point in theme.points]
        facts += [(entry.id, entry.name) for entries in report.lists for entry in entries.entries]
        facts += [(fact.id, metric.name) for metric in report.metrics for fact in metric.observations]
        kinds = {kind.id: kind.name for kind in report.designation_kinds}
        facts += [(held.id, kinds[held.kind]) for held in report.designations]
        named = dict(facts) | {place.id: place.name for place in report.places}
        return named[fact_id][self._language] if fact_id in named else fact_id

    def join(self, names: list[str]) -> str:
        """Names in a row."""
        return join(names, self._language)

    def names(self, texts: list[Text]) -> str:
        """Texts in a row."""
        return self.join([text[self._language] for text in texts])


def _of_day(day: date, items: tuple[Recalled, ...]) -> Digest:
    return Digest(Occasion(Cadence.DAILY, day), items)
