"""What every picture is drawn from, and how it words what it shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from digests.dates import PartialDate
from digests.pages import Pages
from digests.pages.figures import IMPLIED
from digests.pages.formatting import format_date, locator, word_period
from digests.queries import place_of
from digests.report.library import Library
from digests.report.model import Observation, PeriodBasis, Report, Sourced
from digests.subscriptions import Theme
from digests.text import Language, Text

#: A straight apostrophe or closing quotation mark, behind a letter.
_APOSTROPHE = re.compile(r"(?<=\w)'")


@dataclass(frozen=True, slots=True)
class Context:
    """A library seen in one language and one theme."""

    library: Library
    language: Language
    theme: Theme
    pages: Pages

    def asked(self, key: str) -> tuple[Context, str, str]:
        """A picture's key, taken apart: the library of the reports that it names, kind and subject.

        A key is ``kind``, ``kind:subject`` or ``kind:subject@report,report``.
        """
        wanted, _, reports = key.partition("@")
        kind, _, subject = wanted.partition(":")
        followed = tuple(reports.split(",")) if reports else ()
        return replace(self, library=self.library.following(followed)), kind, subject

    def say(self, phrase: str, **values: object) -> str:
        """A phrase in the picture's language."""
        return self.pages.say(self.language, phrase, **values)

    def say_count(self, singular: str, plural: str, number: int, **values: object) -> str:
        """A phrase with a number in the picture's language: ``1 milestone``, ``2 milestones``."""
        return self.pages.say_count(self.language, singular, plural, number, **values)

    def read(self, text: Text) -> str:
        """A text in the picture's language."""
        return _APOSTROPHE.sub("’", text[self.language])

    def date(self, date: PartialDate) -> str:
        """A date in its own precision."""
        return format_date(date, self.language)

    def quantity(self, observation: Observation) -> str:
        """A figure as printed; converted exactly in English."""
        unit = self.library.unit(observation.quantity.unit)
        return observation.quantity.word(self.language, unit)

    def when(self, observation: Observation) -> str:
        """The time a figure is about, marked as on the pages; says so when the report states none."""
        return self.when_briefly(observation) or self.say("date not stated")

    def when_briefly(self, observation: Observation) -> str:
        """The time a figure is about, marked when it follows from the context; empty when not stated."""
        period = word_period(observation.period, self.language)
        return f"{period}{IMPLIED}" if period and observation.period.basis is PeriodBasis.IMPLIED else period

    def scope(self, observation: Observation) -> str:
        """The name of the place that a figure is about."""
        return self.read(self.library.place(place_of(self.library, observation)).name)

    def row(self, words: Iterable[str]) -> str:
        """Words in a row with dots between them, but for what stands in brackets."""
        return " · ".join(word for word in words if word).replace(" · (", " (").replace(" · （", "（")

    def bracketed(self, words: str) -> str:
        """Words in the brackets of the language, to stand behind others."""
        return f"（{words}）" if self.language is Language.ZH else f" ({words})"

    def amount(self, number: Decimal, unit_id: str) -> str:
        """A computed number in a unit."""
        return self.library.unit(unit_id).word(self.language, number)

    def places_in_report(self, fact: Sourced) -> list[str]:
        """Everywhere a fact stands: section, figure and footnote, its main place first."""
        sections = {section.id: section for section in self.library.report_of(fact.id).sections}
        return [
            locator(
                source,
                sections[source.section].number,
                self.read(sections[source.section].title),
                self.language,
            )
            for source in (fact.source, *fact.also)
        ]

    def citation(self, report: Report, places: Sequence[str] = ()) -> list[str]:
        """What survives a screenshot: publication, places in it, and the revision of the data."""
        publication = report.publication
        title = self.read(publication.title)
        revision = self.say("data revision %(revision)s", revision=report.revision)
        quoted = f"《{title}》" if self.language is Language.ZH else f"“{title}”"
        journal, issue = self.read(publication.journal), self.read(publication.issue)
        return [self.say("Source: %(source)s", source=quoted), journal, issue, *places, revision]
