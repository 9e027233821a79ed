"""What somebody wants of a subscription, in words: ``daily 09:00 Europe/Berlin en``, ``每天9点上海``."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from digests.inputs.normalize import name_key
from digests.inputs.setting_words import (
    Reader,
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
from digests.schedules import Cadence
from digests.subscription_settings import SWITCH_WORDS, SWITCHES, Switch
from digests.subscriptions import Layout, Subscription

_LAYOUTS = {
    "classic": Layout.CLASSIC, "经典": Layout.CLASSIC, "经典版式": Layout.CLASSIC,
    "rich": Layout.RICH, "rich layout": Layout.RICH, "富版式": Layout.RICH,
    "富文本": Layout.RICH, "富文本版式": Layout.RICH,
}  # fmt: skip
_LAYOUT_KEYS = {name_key(word): layout for word, layout in _LAYOUTS.items()}
_ALL_REPORTS = "allreports"
_VOCABULARY = ("daily", "weekly", "monthly", "resume", "pause", *SWITCH_WORDS, *_LAYOUTS)

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


def apply_settings(
    subscription: Subscription, text: str, today: date, reports: Collection[str] = ()
) -> Subscription:
    """The subscription with what the words ask for; *reports* are those that can be followed.

    A date pauses until then; ``+name`` follows a report and ``-name`` no longer does. *today* is the
    day in the subscription's zone.

    Raises:
        UnknownSettingError: something is no setting, or out of bounds; nothing is applied then.
    """
    found = split_settings(text, _readers(today, reports), _VOCABULARY)
    if found.unknown:
        raise UnknownSettingError(found.unknown[0], " ".join(word.text for word in found.known))
    for word in found.known:
        subscription = _apply(subscription, word.setting, word.value, reports)
    return subscription


def _readers(today: date, reports: Collection[str]) -> dict[str, Reader]:
    """The reader of each setting, the first one wins."""
    return {
        "reports": lambda text: _find_report(text, reports),
        "cadence": find_cadence,
        "weekday": find_weekday,
        "at": find_time_setting,
        "language": find_language,
        "layout": lambda text: _LAYOUT_KEYS.get(name_key(text)),
        **{switch.name: _switch_reader(switch) for switch in SWITCHES},
        "resume": is_resume,
        "paused_until": lambda text: find_pause(text, today),
        "timezone": find_zone,
    }


def _switch_reader(switch: Switch) -> Reader:
    exact = {name_key(word): value for word, (name, value) in SWITCH_WORDS.items() if name == switch.name}

    def read(text: str) -> bool | None:
        if (value := exact.get(name_key(text))) is not None:
            return value
        found = find_switch(text, switch.on)
        if found is None and switch.shows_off:
            is_off = find_switch(text, switch.off)
            return None if is_off is None else not is_off
        return found

    return read


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
