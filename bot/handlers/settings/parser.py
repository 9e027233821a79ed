"""What somebody wants of a subscription, in words: ``daily 09:00 Europe/Berlin en``, ``每天9点上海``."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

from digests.inputs.normalize import is_han, name_key
from digests.inputs.setting_words import (
    Reader,
    SettingWord,
    UnknownWord,
    find_language,
    find_pause,
    find_switch,
    find_time_setting,
    is_resume,
    split_settings,
)
from digests.inputs.times import find_cadence, find_weekday
from digests.inputs.zones import find_zone
from digests.narrowing.reading import UnknownChoiceError, cut_narrowing, read_choices
from digests.pages.catalogs import speaker
from digests.report.library import Library
from digests.schedules import Cadence
from digests.subscription_settings import (
    CHOICE_WORDS,
    CHOICES,
    NARROWING,
    SWITCH_WORDS,
    SWITCHES,
    Choice,
    Switch,
)
from digests.subscriptions import Subscription
from digests.text import Language

_ALL_REPORTS = "allreports"
_VOCABULARY = ("daily", "weekly", "monthly", "resume", "pause", *SWITCH_WORDS, *CHOICE_WORDS)

#: Longest name of a report that a button carries: enough to tell reports apart.
REPORT_ROOM = 24


class UnknownSettingError(ValueError):
    """Words that no setting understands; ``kept`` are the words that would be, as typed."""

    def __init__(self, unknown: UnknownWord, kept: str) -> None:
        super().__init__(unknown.text)
        self.unknown = unknown
        self.kept = kept

    @property
    def suggestions(self) -> tuple[str, ...]:
        """The whole wish with what may have been meant."""
        return tuple(f"{self.kept} {near}".strip() for near in self.unknown.near)


def apply_settings(subscription: Subscription, text: str, today: date, library: Library) -> Subscription:
    """The subscription with what the words ask for, of the reports of *library*.

    A date pauses until then; ``+name`` follows a report and ``-name`` no longer does; what stands behind
    "only" narrows what is told. *today* is the day in the subscription's zone.

    Raises:
        UnknownSettingError: something is no setting, or out of bounds; nothing is applied then.
    """
    reports = [report.id for report in library.reports]
    readers = _readers(today, reports)
    text, wanted = cut_narrowing(text)
    found = split_settings(text, readers, _VOCABULARY)
    kept = " ".join(word.text for word in found.known)
    if found.unknown:
        raise UnknownSettingError(found.unknown[0], f"{kept} {_only(wanted)}{wanted}" if wanted else kept)
    words = found.known
    if wanted is not None:
        only, behind = _read_narrowing(wanted, library, readers, kept)
        subscription, words = replace(subscription, only=only), [*words, *behind]
    for word in words:
        subscription = _apply(subscription, word.setting, word.value, reports)
    return subscription


def _read_narrowing(
    wanted: str, library: Library, readers: Mapping[str, Reader], kept: str
) -> tuple[tuple[str, ...], tuple[SettingWord, ...]]:
    """What stands behind "only", choices and other settings; *kept* are the words before it.

    A city there is no time zone: of a place that the reports do not tell of, nothing else is meant.
    """
    beside = {name: reader for name, reader in readers.items() if name != "timezone"}
    try:
        return read_choices(library, wanted, beside)
    except UnknownChoiceError as error:
        begin = _only(wanted)
        near = tuple(f"{begin}{name}" for name in error.unknown.near)
        unknown = replace(error.unknown, near=near)
        behind = f"{begin}{error.kept}" if error.kept else ""
        raise UnknownSettingError(unknown, f"{kept} {behind}".strip()) from error


def _only(text: str) -> str:
    """The word before what narrows, in the language of *text*."""
    return "只看 " if any(map(is_han, text)) else f"{NARROWING.words[0]} "


def _readers(today: date, reports: Collection[str]) -> dict[str, Reader]:
    """The reader of each setting, the first one wins."""
    return {
        "reports": lambda text: _find_report(text, reports),
        "cadence": find_cadence,
        "weekday": find_weekday,
        "at": find_time_setting,
        "language": find_language,
        **{choice.name: _choice_reader(choice) for choice in CHOICES},
        **{switch.name: _switch_reader(switch) for switch in SWITCHES},
        "resume": is_resume,
        "paused_until": lambda text: find_pause(text, today),
        "timezone": find_zone,
    }


def _switch_reader(switch: Switch) -> Reader:
    exact = {name_key(word): value for word, (name, value) in SWITCH_WORDS.items() if name == switch.name}
    labels = {speaker(language)(named) for language in Language for named in (switch.label, switch.title)}

    def read(text: str) -> bool | None:
        if (value := exact.get(name_key(text))) is not None:
            return value
        found = find_switch(text, switch.on if switch.shows_off else (*switch.on, *labels))
        if found is None and switch.shows_off:
            is_off = find_switch(text, (*switch.off, *labels))
            return None if is_off is None else not is_off
        return found

    return read


def _choice_reader(choice: Choice) -> Reader:
    exact = {name_key(word): value for word, (name, value) in CHOICE_WORDS.items() if name == choice.name}
    return lambda text: exact.get(name_key(text))


def _find_report(text: str, reports: Collection[str]) -> str | None:
    is_named = text[:1] in ("+", "-") and any(report.startswith(text[1:]) for report in reports)
    return text if text[1:] and (is_named or text.casefold() == _ALL_REPORTS) else None


def _apply(subscription: Subscription, setting: str, value: object, reports: Collection[str]) -> Subscription:
    schedule = subscription.schedule
    match setting, value:
        case "reports", str():
            return replace(subscription, reports=_followed(subscription.reports, value, reports))
        case "cadence", Cadence():
            weekday = schedule.weekday if value is Cadence.WEEKLY else 0
            return replace(subscription, schedule=replace(schedule, cadence=value, weekday=weekday))
        case "weekday", int():
            weekly = replace(schedule, cadence=Cadence.WEEKLY, weekday=value)
            return replace(subscription, schedule=weekly)
        case (("at" | "timezone"), _):
            return replace(subscription, schedule=replace(schedule, **{setting: value}))  # type: ignore[arg-type] # the reader's type
        case "resume", _:
            return replace(subscription, paused_until=None)
    return replace(subscription, **{setting: value})  # type: ignore[arg-type] # the reader's type


def _followed(before: tuple[str, ...], word: str, reports: Collection[str]) -> tuple[str, ...]:
    """The reports that are followed after a word; none means all, those to come included."""
    if word.casefold() == _ALL_REPORTS:
        return ()
    named = {report for report in reports if report.startswith(word[1:])}
    followed = set(before) or set(reports)
    kept = followed | named if word[0] == "+" else followed - named
    # to follow none is to unsubscribe
    return () if kept >= set(reports) or not kept else tuple(sorted(kept))
