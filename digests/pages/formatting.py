"""How dates, periods and places in a document are worded in each language."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from digests.dates import PartialDate
from digests.report.library import Library
from digests.report.model import Observation, Period, Source
from digests.text import Language

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def month_name(month: int, language: Language) -> str:
    """``5月`` or ``May``."""
    return f"{month}月" if language is Language.ZH else _MONTHS[month - 1]


def weekday_name(weekday: int, language: Language) -> str:
    """``周一`` or ``Monday``; 0 is Monday."""
    return f"周{'一二三四五六日'[weekday]}" if language is Language.ZH else _WEEKDAYS[weekday]


def format_date(value: PartialDate, language: Language) -> str:
    """A date in its own precision: ``2012年8月``, ``10 May 2014``; an unknown year is said to be so."""
    if language is Language.ZH:
        parts = ((value.year, "年"), (value.month, "月"), (value.day, "日"))
        text = "".join(f"{number}{word}" for number, word in parts if number is not None)
        return text if value.year else f"{text}（年份未载）"
    parts_en = (value.day, _MONTHS[value.month - 1] if value.month else None, value.year)
    text = " ".join(str(part) for part in parts_en if part is not None)
    return text if value.year else f"{text} (year not given)"


def word_date_briefly(value: PartialDate, language: Language) -> str:
    """A date in its own precision where room is scarce: ``2012年8月``, ``10 May 2014``, ``Aug 2012``."""
    if language is Language.ZH or value.month is None:
        return format_date(value, language)
    month = _MONTHS[value.month - 1]
    return format_date(value, language).replace(month, month[:3])


def word_day(day: date, language: Language) -> str:
    """A calendar day: ``2026年5月10日`` or ``10 May 2026``."""
    return format_date(PartialDate(day.year, day.month, day.day), language)


def word_moment(moment: datetime, language: Language) -> str:
    """A local instant with its weekday: ``2026年5月10日（周日）09:00``."""
    weekday = weekday_name(moment.weekday(), language)
    if language is Language.ZH:
        return f"{word_day(moment.date(), language)}（{weekday}）{moment:%H:%M}"
    return f"{weekday}, {word_day(moment.date(), language)}, {moment:%H:%M}"


def word_period(period: Period, language: Language) -> str:
    """The time a figure is about; empty when the document does not say."""
    if period.start is None and period.end is None:
        return ""
    start = format_date(period.start, language) if period.start else ""
    end = format_date(period.end, language) if period.end else ""
    if not start:
        return f"截至{end}" if language is Language.ZH else f"as of {end}"
    return start if start == end else f"{start}–{end}"


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


def figure_title(library: Library, observation: Observation, language: Language) -> str:
    """What a figure measures, with what sets it apart in its metric."""
    name = library.metric_of(observation.id).name[language]
    if observation.label is None:
        return name
    return f"{name}{'：' if language is Language.ZH else ': '}{observation.label[language]}"


def word_percent(value: Decimal) -> str:
    """A percentage with its printed digits."""
    return f"{value:f}%"
