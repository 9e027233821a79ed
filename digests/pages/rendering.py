"""Renders a view to a neutral HTML page: headings, paragraphs, lists, tables, foldable details, notes."""

from __future__ import annotations

from gettext import NullTranslations
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from digests.pages import formatting
from digests.pages.catalogs import translations
from digests.pages.figures import COMPUTED, bracketed
from digests.pages.headings import item_heading
from digests.pages.notes import Notes
from digests.pages.words import Words
from digests.report.library import Library
from digests.text import Language, embedded, isolated

_TEMPLATES = Path(__file__).parent / "templates"


class Pages:
    """Renders templates in each language."""

    def __init__(self) -> None:
        self._translations = {language: translations(language) for language in Language}
        self._environments = {
            language: _environment(language, catalog) for language, catalog in self._translations.items()
        }

    def render(self, view: str, language: Language, library: Library | None = None, **values: Any) -> Markup:
        """The page of a view as neutral HTML: the one way to make it, in which every value is escaped.

        *values* are what the template ``<view>.html`` asks for.
        """
        environment = self._environments[language]
        notes = Notes(library, language) if library else None
        words = Words(language, library)
        template = environment.get_template(f"{view}.html")
        return Markup(  # noqa: S704 - the environment escapes
            template.render(library=library, notes=notes, words=words, language=language, **values)
        )

    def say(self, language: Language, phrase: str, **values: object) -> str:
        """A phrase in plain text, for buttons and short notices; ``%(name)s`` is filled from *values*."""
        return self._translations[language].gettext(phrase) % _embedded(values)

    def say_count(self, language: Language, singular: str, plural: str, number: int, **values: object) -> str:
        """A phrase with a number, ``%(count)s``, in plain text."""
        phrase = self._translations[language].ngettext(singular, plural, number)
        return phrase % {"count": number, **values}


def _embedded(values: dict[str, object]) -> dict[str, object]:
    return {name: embedded(value) if isinstance(value, str) else value for name, value in values.items()}


def _finalize(value: object) -> object:
    """What every expression of a template passes through: foreign text reorders nothing around it."""
    return embedded(value) if type(value) is str else value


def _environment(language: Language, catalog: NullTranslations) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        finalize=_finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n", "jinja2.ext.loopcontrols"],
    )
    # newstyle would take a percent sign in a figure for a placeholder
    environment.install_gettext_translations(catalog, newstyle=False)  # type: ignore[attr-defined] # added by the i18n extension
    environment.globals["COMPUTED"] = COMPUTED
    environment.filters["isolated"] = isolated
    environment.filters["t"] = lambda text: text[language]
    environment.filters["date"] = lambda value: formatting.format_date(value, language)
    environment.filters["date_of_any_year"] = lambda value: formatting.date_of_any_year(value, language)
    environment.filters["day"] = lambda value: formatting.word_day(value, language)
    environment.filters["moment"] = lambda value: formatting.word_moment(value, language)
    environment.filters["month_name"] = lambda value: formatting.month_name(value, language)
    environment.filters["weekday_name"] = lambda value: formatting.weekday_name(value, language)
    environment.filters["period"] = lambda value: formatting.word_period(value, language)
    environment.filters["years_ago"] = lambda years: years_ago(years, catalog)
    environment.filters["recalled_on"] = lambda item: item_heading(item, language)
    environment.filters["bracketed"] = lambda text: bracketed(text, language)
    environment.filters["names"] = lambda texts: Words(language, None).names(texts)
    return environment


def years_ago(years: int, catalog: NullTranslations) -> str:
    """``12 years ago``."""
    return catalog.ngettext("%(years)s year ago", "%(years)s years ago", years) % {"years": years}
