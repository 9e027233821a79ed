"""What posts and their cards are headed: never more precise than the dates of what they recall.

A month is never told as a day: an event known to its month is recalled “this month in history”.
"""

from __future__ import annotations

from digests.composing.digest import Digest, Recalled
from digests.pages.catalogs import speaker
from digests.pages.figures import figure_text
from digests.pages.formatting import format_date, month_name, word_day, word_days
from digests.report.library import Library
from digests.schedules import Cadence
from digests.text import Language

_TITLES_IN_A_SUMMARY = 2


def digest_heading(digest: Digest, language: Language) -> str:
    """The heading of a digest, with its day, days or month."""
    return f"{digest_kind(digest, language)} · {digest_span(digest, language)}"


def card_heading(digest: Digest, language: Language) -> str:
    """The heading of a digest's card: without the day, for what it recalls stands there with its own."""
    is_of_a_day = digest.occasion.cadence is Cadence.DAILY and not _is_of_a_month(digest)
    return digest_kind(digest, language) if is_of_a_day else digest_heading(digest, language)


def digest_kind(digest: Digest, language: Language) -> str:
    """What sort of digest it is: “on this day”, “this month in history”, “figure of the day”."""
    say = speaker(language)
    if digest.figure:
        return say("Figure of the day")
    if _is_of_a_month(digest):
        return say("This month in history")
    is_mixed = any(item.on is None for item in digest.items)
    if digest.occasion.cadence is Cadence.DAILY:
        return say("On this day and in this month") if is_mixed else say("On this day")
    return say("This week and month in history") if is_mixed else say("This week in history")


def digest_span(digest: Digest, language: Language) -> str:
    """The day, the days or the month that the heading names."""
    occasion = digest.occasion
    if _is_of_a_month(digest):
        return month_name(_month(digest), language)
    if occasion.cadence is Cadence.DAILY:
        return word_day(occasion.first_day, language)
    return word_days(occasion.first_day, occasion.last_day, language)


def item_heading(item: Recalled, language: Language) -> str:
    """When it was, in its own precision: ``10 May 2014``, ``In May 2014``."""
    say = speaker(language)
    day = format_date(item.milestone.date, language)
    return day if item.on else say("In %(month)s") % {"month": day}


def digest_summary(library: Library, digest: Digest, language: Language) -> str:
    """One line on a post to come: its kind, and the first of what it tells; the others are counted."""
    told = [item.milestone.title[language] for item in digest.items]
    told += [figure_text(library, digest.figure, language).line] if digest.figure else []
    shown = ("；" if language is Language.ZH else "; ").join(told[:_TITLES_IN_A_SUMMARY])
    more = len(told) - _TITLES_IN_A_SUMMARY
    colon = "：" if language is Language.ZH else ": "
    return f"{digest_kind(digest, language)}{colon}{shown}{f' +{more}' if more > 0 else ''}"


def _is_of_a_month(digest: Digest) -> bool:
    is_known_to_months = bool(digest.items) and all(item.on is None for item in digest.items)
    return digest.occasion.cadence is Cadence.MONTHLY or is_known_to_months


def _month(digest: Digest) -> int:
    """The month recalled: a week may end in another one than it began."""
    if digest.occasion.cadence is not Cadence.MONTHLY and digest.items:
        return digest.items[0].milestone.date.month or digest.occasion.first_day.month
    return digest.occasion.first_day.month
