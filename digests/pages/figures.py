"""A figure in words, whole: what every page, post, picture, hit and button tells of it.

One place decides how a figure is told, so that none is told without its name, time, scope and origin.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from digests.composing.doubts import doubts_about
from digests.pages.catalogs import speaker
from digests.pages.formatting import format_date, month_name, word_period
from digests.queries import home_of, place_of
from digests.report.audit import Verdict
from digests.report.library import Library
from digests.report.model import Observation, PeriodBasis, Report
from digests.text import Language

#: Stands behind a time that the report does not state but that follows from its context.
IMPLIED = "*"
#: Stands behind a value whose time the report does not state, in a list of several such.
UNDATED = "†"
#: Stands before a number that the report does not print.
COMPUTED = "🧮"
#: What was found when a statement was recomputed; the first two also mark the figure that is in doubt.
VERDICT_MARKS = {
    Verdict.INCONSISTENT: "⚠️",
    Verdict.NOT_CHECKABLE: "❔",
    Verdict.CONSISTENT: "✅",
    Verdict.COMPUTED: COMPUTED,
}

_BRACKETS = {Language.ZH: Markup("（{}）"), Language.EN: Markup(" ({})")}
#: Between clauses of one bracket.
SEMICOLONS = {Language.ZH: "；", Language.EN: "; "}
_COMMAS = {Language.ZH: "，", Language.EN: ", "}
_COLONS = {Language.ZH: "：", Language.EN: ": "}

#: The digits, and the Chinese words for number and counting, that a label need not repeat.
_COUNTED = re.compile(
    r"[\d.,%\s]+|over|nearly|less than|more than|about|[一二三四五六七八九十百千万亿余多超近个第]"
)
_LEAST_NOUN = {Language.ZH: 2, Language.EN: 4}


@dataclass(frozen=True, slots=True)
class FigureText:
    """One figure in one language; what is not empty must be shown together.

    name: what is measured. label: what sets it apart in its metric. value: as printed, or exactly
    converted. period: its time; says so when the report states none. mark: `IMPLIED`, when the time
    follows from the context only. scope: the place, when it is not the report's own and the name does
    not tell it. attribution: who says so, when it is not the report. doubt: a mark of `VERDICT_MARKS`.
    """

    id: str
    language: Language
    name: str
    label: str
    value: str
    period: str
    is_dated: bool
    mark: str
    scope: str
    attribution: str
    doubt: str

    @property
    def title(self) -> str:
        """What the figure measures: name and label."""
        return _row((self.name, self.label), self.language)

    @property
    def when(self) -> str:
        """Its time with the mark; empty when the title tells it."""
        return "" if self.is_dated and self.period in self.title else f"{self.period}{self.mark}"

    def details(self, *, undated: bool = True) -> str:
        """Time, scope and origin in a row; without *undated* the words for an unknown time are left out."""
        when = self.when if undated or self.is_dated else ""
        return SEMICOLONS[self.language].join(part for part in (when, self.scope, self.attribution) if part)

    @property
    def told(self) -> str:
        """The value and all that qualifies it: ``54.13% (2021)``."""
        details = str(_BRACKETS[self.language]).format(self.details()) if self.details() else ""
        return f"{self.value}{details}{self.doubt}"

    @property
    def line(self) -> str:
        """The whole figure in plain text: ``Share, Luoyang: 3.06% (2021)``."""
        return f"{self.title}{_COLONS[self.language]}{self.told}"

    @property
    def short(self) -> str:
        """For a button: the value first, for its end may be cut: ``3.06% · 2021 · Share, Luoyang``."""
        return " · ".join(
            part for part in (self.value, self.when if self.is_dated else "", self.title) if part
        )


def figure_text(
    library: Library,
    observation: Observation,
    language: Language,
    *,
    beside_a_date: bool = False,
    here: str = "",
) -> FigureText:
    """A figure in words.

    *beside_a_date*: it is told below a dated event, so that one without a time is said to be the report's.
    *here*: the id of the place that the page is about, which need not be said again.
    """
    metric = library.metric_of(observation.id)
    value = observation.quantity.word(language, library.unit(observation.quantity.unit))
    name = metric.name[language]
    label = _label(observation, value, language)
    is_dated = observation.period.basis is not PeriodBasis.NOT_STATED
    return FigureText(
        id=observation.id,
        language=language,
        name=name,
        label=label,
        value=value,
        period=_period(library, observation, language, beside_a_date=beside_a_date),
        is_dated=is_dated,
        mark=IMPLIED if observation.period.basis is PeriodBasis.IMPLIED else "",
        scope=_scope(library, observation, language, f"{name} {label}", here),
        attribution=observation.attribution[language] if observation.attribution else "",
        doubt=_doubt(library, observation),
    )


def figure_title(library: Library, observation: Observation, language: Language) -> str:
    """What a figure measures, with what sets it apart in its metric."""
    return figure_text(library, observation, language).title


def bracketed(text: str, language: Language) -> Markup:
    """A text in the brackets of a language, to be put behind a word; empty when it is."""
    return _BRACKETS[language].format(text) if text else Markup()


def _row(parts: tuple[str, ...], language: Language) -> str:
    return _COMMAS[language].join(part for part in parts if part)


def _label(observation: Observation, value: str, language: Language) -> str:
    """What sets a figure apart; nothing when its value says the same (“firms: 77 firms”)."""
    label = observation.label[language] if observation.label else ""
    noun = _COUNTED.sub("", value).strip()
    is_most_of_it = len(noun) >= max(_LEAST_NOUN[language], 0.6 * len(label))
    is_said = is_most_of_it and noun.casefold() in label.casefold()
    return "" if is_said or (label and label.casefold() in value.casefold()) else label


def _period(library: Library, observation: Observation, language: Language, *, beside_a_date: bool) -> str:
    say = speaker(language)
    if observation.period.basis is not PeriodBasis.NOT_STATED:
        return word_period(observation.period, language)
    if not beside_a_date:
        return say("date not stated")
    return say("as in the report of %(month)s") % {
        "month": _published(library.report_of(observation.id), language)
    }


def _published(report: Report, language: Language) -> str:
    published = report.publication.published
    if published.month is None or published.year is None:
        return format_date(published, language)
    year = f"{published.year}年" if language is Language.ZH else f" {published.year}"
    month = month_name(published.month, language)
    return year + month if language is Language.ZH else month + year


def _scope(library: Library, observation: Observation, language: Language, told: str, here: str) -> str:
    place_id = place_of(library, observation)
    place = library.place(place_id).name[language]
    is_own = place_id in (here, home_of(library.report_of(observation.id)))
    return "" if is_own or place in told else place


def _doubt(library: Library, observation: Observation) -> str:
    verdicts = {finding.verdict for finding in doubts_about(library, observation.id)}
    return next((mark for verdict, mark in VERDICT_MARKS.items() if verdict in verdicts), "")


def word_times(ratio: Decimal, language: Language) -> str:
    """A computed ratio: ``2.51倍`` or ``2.51 times``; large ones are whole."""
    number = f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.2f}".rstrip("0").rstrip(".")  # noqa: PLR2004 - three digits say enough
    return f"{number}倍" if language is Language.ZH else f"{number} times"
