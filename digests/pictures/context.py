"""What every picture is drawn from, and how it words what it shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from digests.dates import PartialDate
from digests.pages import Pages
from digests.pages.formatting import format_date, locator, word_period
from digests.pictures.style import PALETTES, Palette, Theme
from digests.report.library import Library
from digests.report.model import Observation, PeriodBasis, Report, Sourced
from digests.text import Language, Text


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

    @property
    def palette(self) -> Palette:
        """The colours of the theme."""
        return PALETTES[self.theme]

    def say(self, phrase: str, **values: object) -> str:
        """A phrase in the picture's language."""
        return self.pages.say(self.language, phrase, **values)

    def read(self, text: Text) -> str:
        """A text in the picture's language."""
        return text[self.language]

    def date(self, date: PartialDate) -> str:
        """A date in its own precision."""
        return format_date(date, self.language)

    def quantity(self, observation: Observation) -> str:
        """A figure as printed; converted exactly in English."""
        unit = self.library.unit(observation.quantity.unit)
        return observation.quantity.word(self.language, unit)

    def when(self, observation: Observation) -> str:
        """The time a figure is about, and whether the report states it."""
        basis = {
            PeriodBasis.STATED: "",
            PeriodBasis.IMPLIED: self.say("(period implied)"),
            PeriodBasis.NOT_STATED: self.say("(period not stated)"),
        }[observation.period.basis]
        period = word_period(observation.period, self.language)
        return " ".join(part for part in (period, basis) if part)

    def row(self, words: Iterable[str]) -> str:
        """Words in a row with dots between them, but for what stands in brackets."""
        return " · ".join(word for word in words if word).replace(" · (", " (").replace(" · （", "（")

    def amount(self, number: Decimal, unit_id: str) -> str:
        """A computed number in a unit."""
        return self.library.unit(unit_id).word(self.language, number)

    def place_in_report(self, fact: Sourced) -> str:
        """Where a fact stands: section, figure and footnote."""
        report, source = self.library.report_of(fact.id), fact.source
        section = next(section for section in report.sections if section.id == source.section)
        return locator(source, section.number, self.read(section.title), self.language)

    def citation(self, report: Report, place: str = "") -> str:
        """What survives a screenshot: publication, place in it, and the revision of the data."""
        publication = report.publication
        title = self.read(publication.title)
        revision = self.say("data revision %(revision)s", revision=report.revision)
        parts = [
            f"《{title}》" if self.language is Language.ZH else f"“{title}”",
            self.read(publication.journal),
            self.read(publication.issue),
            place,
            revision,
        ]
        return self.say("Source: %(source)s", source=" · ".join(part for part in parts if part))
