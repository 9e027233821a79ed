"""What somebody wishes of a subscription, in words: ``daily 09:00 Europe/Berlin en``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from digests.schedules import Cadence
from digests.subscriptions import Subscription
from digests.text import Language
from digests.wallclock import UnknownTimezoneError, parse_time, parse_timezone

_CADENCES = {
    "daily": Cadence.DAILY, "每日": Cadence.DAILY, "每天": Cadence.DAILY,
    "weekly": Cadence.WEEKLY, "每周": Cadence.WEEKLY,
    "monthly": Cadence.MONTHLY, "每月": Cadence.MONTHLY,
}  # fmt: skip
_ENGLISH_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LANGUAGES = {"zh": Language.ZH, "中文": Language.ZH, "en": Language.EN, "english": Language.EN}
_SWITCHES: dict[str, tuple[str, bool]] = {
    "silent": ("silent", True), "sound": ("silent", False),
    "figures": ("figure_on_empty_days", True), "nofigures": ("figure_on_empty_days", False),
}  # fmt: skip


class UnknownWishError(ValueError):
    """A word that no setting understands; ``near`` holds zones that may have been meant."""

    def __init__(self, word: str, near: tuple[str, ...] = ()) -> None:
        super().__init__(word)
        self.word = word
        self.near = near


def apply_wishes(subscription: Subscription, text: str) -> Subscription:
    """The subscription with what each word asks for.

    Raises:
        UnknownWishError: a word is no cadence, weekday, time, time zone, language or switch.
    """
    for word in text.split():
        subscription = _apply(subscription, word)
    return subscription


def _apply(subscription: Subscription, word: str) -> Subscription:
    for reader in (_cadence, _weekday, _language, _switch, _time):
        changed = reader(subscription, word.casefold())
        if changed is not None:
            return changed
    return _timezone(subscription, word)


def _cadence(subscription: Subscription, word: str) -> Subscription | None:
    cadence = _CADENCES.get(word)
    if cadence is None:
        return None
    weekday = subscription.schedule.weekday if cadence is Cadence.WEEKLY else 0
    return replace(subscription, schedule=replace(subscription.schedule, cadence=cadence, weekday=weekday))


def _weekday(subscription: Subscription, word: str) -> Subscription | None:
    day = (
        _ENGLISH_DAYS.index(word[:3])
        if word.isalpha() and word[:3] in _ENGLISH_DAYS and "/" not in word
        else None
    )
    for prefix in ("周", "星期"):
        if word.startswith(prefix) and word.removeprefix(prefix) in "一二三四五六日":
            day = "一二三四五六日".index(word.removeprefix(prefix))
    if day is None:
        return None
    return replace(subscription, schedule=replace(subscription.schedule, cadence=Cadence.WEEKLY, weekday=day))


def _language(subscription: Subscription, word: str) -> Subscription | None:
    language = _LANGUAGES.get(word)
    return None if language is None else replace(subscription, language=language)


def _switch(subscription: Subscription, word: str) -> Subscription | None:
    if word not in _SWITCHES:
        return None
    name, value = _SWITCHES[word]
    setters: dict[str, Callable[[], Subscription]] = {
        "silent": lambda: replace(subscription, silent=value),
        "figure_on_empty_days": lambda: replace(subscription, figure_on_empty_days=value),
    }
    return setters[name]()


def _time(subscription: Subscription, word: str) -> Subscription | None:
    if not word[0].isdigit():
        return None
    try:
        return replace(subscription, schedule=replace(subscription.schedule, at=parse_time(word)))
    except ValueError:
        raise UnknownWishError(word) from None


def _timezone(subscription: Subscription, word: str) -> Subscription:
    try:
        return replace(subscription, schedule=replace(subscription.schedule, timezone=parse_timezone(word)))
    except UnknownTimezoneError as error:
        raise UnknownWishError(word, error.near) from None
