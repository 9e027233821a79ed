"""What somebody wishes of a subscription, in words: ``daily 09:00 Europe/Berlin en``."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any

from digests.schedules import Cadence
from digests.subscription_settings import SWITCH_WORDS
from digests.subscriptions import Layout, Subscription
from digests.text import Language
from digests.timeparse import UnknownTimezoneError, parse_time, parse_timezone

_CADENCES = {
    "daily": Cadence.DAILY, "每日": Cadence.DAILY, "每天": Cadence.DAILY,
    "weekly": Cadence.WEEKLY, "每周": Cadence.WEEKLY,
    "monthly": Cadence.MONTHLY, "每月": Cadence.MONTHLY,
}  # fmt: skip
_DAY_NAMES = {
    name[:length]: day
    for day, name in enumerate(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
    for length in range(3, len(name) + 1)
}
#: A word, and the setting that it gives a value.
_WORDS: dict[str, tuple[str, Any]] = {
    **SWITCH_WORDS,
    "zh": ("language", Language.ZH), "中文": ("language", Language.ZH),
    "en": ("language", Language.EN), "english": ("language", Language.EN),
    "classic": ("layout", Layout.CLASSIC), "rich": ("layout", Layout.RICH),
    "resume": ("paused_until", None), "恢复": ("paused_until", None),
    "allreports": ("reports", ()),
}  # fmt: skip

#: Longest name of a report that a button carries: enough to tell reports apart.
REPORT_ROOM = 24


class UnknownSettingError(ValueError):
    """A word that no setting understands; ``near`` holds zones that may have been meant."""

    def __init__(self, word: str, near: tuple[str, ...] = ()) -> None:
        super().__init__(word)
        self.word = word
        self.near = near


def apply_settings(subscription: Subscription, text: str, reports: Collection[str] = ()) -> Subscription:
    """The subscription with what each word asks for; *reports* are those that can be followed.

    A date pauses until then; ``+name`` follows a report and ``-name`` no longer does.

    Raises:
        UnknownWishError: a word is no cadence, weekday, time, time zone, language, date or switch.
    """
    for word in text.split():
        subscription = _apply(subscription, word, reports)
    return subscription


def _apply(subscription: Subscription, word: str, reports: Collection[str]) -> Subscription:
    if word[0] in "+-" and any(report.startswith(word[1:]) for report in reports):
        return _report(subscription, word, reports)
    for reader in (_cadence, _weekday, _switch, _pause, _time):
        changed = reader(subscription, word.casefold())
        if changed is not None:
            return changed
    return _timezone(subscription, word)


def _report(subscription: Subscription, word: str, reports: Collection[str]) -> Subscription:
    named = {report for report in reports if report.startswith(word[1:])}
    followed = set(subscription.reports) or set(reports)
    kept = followed | named if word[0] == "+" else followed - named
    # to follow all is to follow those that will come, too; to follow none is to unsubscribe
    chosen = () if kept >= set(reports) or not kept else tuple(sorted(kept))
    return replace(subscription, reports=chosen)


def _cadence(subscription: Subscription, word: str) -> Subscription | None:
    cadence = _CADENCES.get(word)
    if cadence is None:
        return None
    weekday = subscription.schedule.weekday if cadence is Cadence.WEEKLY else 0
    return replace(subscription, schedule=replace(subscription.schedule, cadence=cadence, weekday=weekday))


def _weekday(subscription: Subscription, word: str) -> Subscription | None:
    day = _DAY_NAMES.get(word)
    for prefix in ("周", "星期"):
        if word.startswith(prefix) and len(word) == len(prefix) + 1 and word[-1] in "一二三四五六日":
            day = "一二三四五六日".index(word[-1])
    if day is None:
        return None
    return replace(subscription, schedule=replace(subscription.schedule, cadence=Cadence.WEEKLY, weekday=day))


def _switch(subscription: Subscription, word: str) -> Subscription | None:
    if word not in _WORDS:
        return None
    name, value = _WORDS[word]
    return replace(subscription, **{name: value})


def _pause(subscription: Subscription, word: str) -> Subscription | None:
    try:
        return replace(subscription, paused_until=date.fromisoformat(word)) if "-" in word else None
    except ValueError:
        return None


def _time(subscription: Subscription, word: str) -> Subscription | None:
    if not word[0].isdigit():
        return None
    try:
        return replace(subscription, schedule=replace(subscription.schedule, at=parse_time(word)))
    except ValueError:
        raise UnknownSettingError(word) from None


def _timezone(subscription: Subscription, word: str) -> Subscription:
    try:
        return replace(subscription, schedule=replace(subscription.schedule, timezone=parse_timezone(word)))
    except UnknownTimezoneError as error:
        raise UnknownSettingError(word, error.near) from None
