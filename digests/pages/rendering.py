"""Renders a view to a neutral HTML page: headings, paragraphs, lists, tables, foldable details, notes."""

from __future__ import annotations

from gettext import NullTranslations
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from digests.pages import formatting as wording
from digests.pages.catalogs import translations
from digests.quantities import Quantity
from digests.report.library import Library
from digests.report.model import Observation, Source, Sourced
from digests.text import Language

_TEMPLATES = Path(__file__).parent / "templates"


class Notes:
    """The source notes of one page: each place in a document gets one number, in order of first use."""

    def __init__(self, library: Library, language: Language) -> None:
        self._library = library
        self._language = language
        self._numbers: dict[str, int] = {}

    def mark(self, fact: Sourced) -> Markup:
        """The footnote mark of a fact."""
        return self.mark_source(fact.source, fact.id)

    def mark_source(self, source: Source, fact_id: str) -> Markup:
        """The footnote mark of a place in the document that tells *fact_id*."""
        number = self._numbers.setdefault(self.place(source, fact_id), len(self._numbers) + 1)
        return Markup('<sup><a href="#note-{0}">{0}</a></sup>').format(number)

    def place(self, source: Source, fact_id: str) -> str:
        """The place in words; the report is named when the library holds several."""
        report = self._library.report_of(fact_id)
        section = next(section for section in report.sections if section.id == source.section)
        place = wording.locator(source, section.number, section.title[self._language], self._language)
        if len(self._library.reports) == 1:
            return place
        return f"{report.name[self._language]}, {place}"

    def listed(self) -> list[tuple[int, str]]:
        """The notes in order: number and place."""
        return [(number, place) for place, number in self._numbers.items()]


class Pages:
    """Renders templates in each language."""

    def __init__(self) -> None:
        self._translations = {language: translations(language) for language in Language}
        self._environments = {
            language: _environment(language, catalog) for language, catalog in self._translations.items()
        }

    def render(self, view: str, language: Language, library: Library | None = None, **values: Any) -> str:
        """The page of a view as neutral HTML.

        *values* are what the template ``<view>.html`` asks for.
        """
        environment = self._environments[language]
        notes = Notes(library, language) if library else None
        words = _Words(language, library)
        template = environment.get_template(f"{view}.html")
        return template.render(library=library, notes=notes, words=words, language=language, **values)

    def say(self, language: Language, phrase: str, **values: object) -> str:
        """A phrase in plain text, for buttons and short notices; ``%(name)s`` is filled from *values*."""
        return self._translations[language].gettext(phrase) % values

    def say_count(self, language: Language, singular: str, plural: str, number: int, **values: object) -> str:
        """A phrase with a number, ``%(count)s``, in plain text."""
        phrase = self._translations[language].ngettext(singular, plural, number)
        return phrase % {"count": number, **values}


def _environment(language: Language, catalog: NullTranslations) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n", "jinja2.ext.loopcontrols"],
    )
    # newstyle would take a percent sign in a figure for a placeholder
    environment.install_gettext_translations(catalog, newstyle=False)  # type: ignore[attr-defined] # added by the i18n extension
    environment.filters["t"] = lambda text: text[language]
    environment.filters["date"] = lambda value: wording.format_date(value, language)
    environment.filters["day"] = lambda value: wording.word_day(value, language)
    environment.filters["moment"] = lambda value: wording.word_moment(value, language)
    environment.filters["month_name"] = lambda value: wording.month_name(value, language)
    environment.filters["weekday_name"] = lambda value: wording.weekday_name(value, language)
    environment.filters["period"] = lambda value: wording.word_period(value, language)
    environment.filters["years_ago"] = lambda years: years_ago(years, catalog)
    environment.filters["names"] = lambda texts: _join([text[language] for text in texts], language)
    return environment


def years_ago(years: int, catalog: NullTranslations) -> str:
    """``12 years ago``."""
    return catalog.ngettext("%(years)s year ago", "%(years)s years ago", years) % {"years": years}


def _join(names: list[str], language: Language) -> str:
    return ("、" if language is Language.ZH else ", ").join(names)


class _Words:
    """What templates say of facts: quantities with their units, places and lists by id."""

    def __init__(self, language: Language, library: Library | None) -> None:
        self._language = language
        self._maybe_library = library

    @property
    def _library(self) -> Library:
        if self._maybe_library is None:
            raise LookupError("this page was rendered without a library")
        return self._maybe_library

    def quantity(self, quantity: Quantity) -> str:
        """As printed in Chinese; converted exactly in English."""
        return quantity.word(self._language, self._library.unit(quantity.unit))

    def amount(self, number: Any, unit_id: str) -> str:
        """A computed number in a unit."""
        return self._library.unit(unit_id).word(self._language, number)

    def title(self, observation: Observation) -> str:
        """What a figure measures, with what sets it apart."""
        return wording.figure_title(self._library, observation, self._language)

    def place(self, place_id: str) -> str:
        """A place's name."""
        return self._library.place(place_id).name[self._language]

    def place_of(self, observation: Observation) -> str:
        """The name of the place that a figure is about."""
        return self.place(observation.place or self._library.metric_of(observation.id).place)

    def entries(self, ids: tuple[str, ...]) -> dict[str, list[str]]:
        """Entries grouped under the titles of their lists."""
        grouped: dict[str, list[str]] = {}
        for entry_id in ids:
            title = self._library.entry_list_of(entry_id).title[self._language]
            grouped.setdefault(title, []).append(self._library.entry(entry_id).name[self._language])
        return grouped

    def join(self, names: list[str]) -> str:
        """Names in a row."""
        return _join(names, self._language)
