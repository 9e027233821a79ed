"""How dates, periods and places in a document are worded in each language."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from babel import dates as babel_dates

from digests.dates import PartialDate, Precision
from digests.pages.catalogs import speaker
from digests.report.library import Library
from digests.report.model import Period, Source, Sourced
from digests.text import Language

#: Whose names and order of day, month and year are used; British, for the day comes first.
_LOCALES = {Language.ZH: "zh", Language.EN: "en_GB"}
#: Chinese writes 5月 and 周一, which Unicode counts as abbreviated.
_WIDTHS: dict[Language, Literal["abbreviated", "wide"]] = {
    Language.ZH: "abbreviated",
    Language.EN: "wide",
}
#: The fields of a less precise date that are known, as Unicode's date patterns name them.
_SKELETONS = {
    Precision.MONTH: "yMMMM",
    Precision.YEAR: "y",
    Precision.DAY_OF_UNKNOWN_YEAR: "MMMMd",
}
_LEAP_YEAR = 2000


def month_name(month: int, language: Language) -> str:
    """``5月`` or ``May``."""
    names = babel_dates.get_month_names(_WIDTHS[language], locale=_LOCALES[language])
    return str(names[month])


def weekday_name(weekday: int, language: Language) -> str:
    """``周一`` or ``Monday``; 0 is Monday."""
    names = babel_dates.get_day_names(_WIDTHS[language], locale=_LOCALES[language])
    return str(names[weekday])


@lru_cache(maxsize=1024)
def format_date(value: PartialDate, language: Language) -> str:
    """A date in its own precision: ``2012年8月``, ``10 May 2014``; an unknown year is said to be so."""
    if value.year is None:
        say = speaker(language)
        return say("%(date)s (year not given)") % {"date": date_of_any_year(value, language)}
    if value.precision is Precision.DAY:
        return babel_dates.format_date(_first_of(value), "long", _LOCALES[language])
    return date_of_any_year(value, language)


def date_of_any_year(value: PartialDate, language: Language) -> str:
    """A date where the page says that its year is not known: ``28 August``."""
    skeleton = _SKELETONS[value.precision]
    return str(babel_dates.format_skeleton(skeleton, _first_of(value), locale=_LOCALES[language]))


def _first_of(value: PartialDate) -> date:
    return date(value.year or _LEAP_YEAR, value.month or 1, value.day or 1)


def word_date_briefly(value: PartialDate, language: Language) -> str:
    """A date in its own precision where room is scarce: ``2012年8月``, ``10 May 2014``, ``Aug 2012``."""
    if language is Language.ZH or value.precision not in (Precision.DAY, Precision.MONTH):
        return format_date(value, language)
    pattern = "d MMM y" if value.precision is Precision.DAY else "MMM y"
    return babel_dates.format_date(_first_of(value), pattern, locale="en")


def word_day(day: date, language: Language) -> str:
    """A calendar day: ``2026年5月10日`` or ``10 May 2026``."""
    return format_date(PartialDate(day.year, day.month, day.day), language)


def word_days(first: date, last: date, language: Language) -> str:
    """A span of calendar days: ``2026年5月4日至10日`` or ``4–10 May 2026``."""
    return str(babel_dates.format_interval(first, last, "yMMMMd", locale=_LOCALES[language]))


def word_moment(moment: datetime, language: Language) -> str:
    """A local instant with its weekday: ``2026年5月10日（周日）09:00``."""
    weekday = weekday_name(moment.weekday(), language)
    if language is Language.ZH:
        return f"{word_day(moment.date(), language)}（{weekday}）{moment:%H:%M}"
    return f"{weekday}, {word_day(moment.date(), language)}, {moment:%H:%M}"


def word_period(period: Period, language: Language) -> str:
    """The time a figure is about; empty when the document does not say.

    One date stands alone, two are a span, an end without a start is “as of” it.
    """
    start, end = period.start, period.end
    say = speaker(language)
    if start is None:
        return say("as of %(date)s") % {"date": format_date(end, language)} if end else ""
    if end is None:
        return say("since %(date)s") % {"date": format_date(start, language)}
    if start == end:
        return format_date(start, language)
    if language is Language.ZH and {start.precision, end.precision} == {Precision.YEAR}:
        return f"{start.year}–{end.year}年"
    return f"{format_date(start, language)}–{format_date(end, language)}"


_CHINESE_NUMERALS = {numeral: str(number) for number, numeral in enumerate("零一二三四五六七八九十")}


def word_section_number(number: str, language: Language) -> str:
    """``一（二）3`` as printed, or ``§ 1.2.3``; empty in English for a part without a number."""
    if language is Language.ZH:
        return number
    counted = [
        _CHINESE_NUMERALS.get(character, character) for character in number if character not in "（）()、"
    ]
    return f"§ {'.'.join(counted)}" if all(part.isdigit() for part in counted) else ""


def locator(source: Source, section_number: str, section_title: str, language: Language) -> str:
    """Where a fact stands: section, figure and footnote."""
    number = word_section_number(section_number, language)
    parts = [number if section_number == section_title else f"{number} {section_title}".strip()]
    if source.figure is not None:
        parts.append(f"图{source.figure}" if language is Language.ZH else f"figure {source.figure}")
    if source.footnote is not None:
        parts.append(f"脚注{source.footnote}" if language is Language.ZH else f"footnote {source.footnote}")
    return " · ".join(parts)


def places_of(library: Library, fact: Sourced, language: Language) -> list[str]:
    """Every place of the document that tells a fact, the first one first."""
    return [place_of_source(library, source, fact.id, language) for source in (fact.source, *fact.also)]


def place_of_source(library: Library, source: Source, fact_id: str, language: Language) -> str:
    """One place in the document of *fact_id* in words; the report is named when there are several."""
    report = library.report_of(fact_id)
    section = next(section for section in report.sections if section.id == source.section)
    place = locator(source, section.number, section.title[language], language)
    return place if len(library.reports) == 1 else f"{report.name[language]}{speaker(language)(', ')}{place}"


def join(names: list[str], language: Language) -> str:
    """Names in a row: ``洛阳、南阳`` or ``Luoyang, Nanyang``."""
    return ("、" if language is Language.ZH else ", ").join(names)


def word_percent(value: Decimal) -> str:
    """A percentage with its printed digits."""
    return f"{value:f}%"
