"""Who gets digests, where and when: the settings of a subscription."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from digests.schedules import Schedule
from digests.text import Language


class Layout(StrEnum):
    """How a page is shown in a chat."""

    CLASSIC = "classic"
    RICH = "rich"


class Theme(StrEnum):
    """Which ground a picture has."""

    LIGHT = "light"
    DARK = "dark"


class SubscriptionState(StrEnum):
    """Whether posts are planned; settings are kept in each state."""

    ACTIVE = "active"
    SUSPENDED = "suspended"  # the chat cannot be reached; wakes by itself
    UNSUBSCRIBED = "unsubscribed"


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """Where a message goes: a chat and its forum topic; topic 0 means none."""

    chat_id: int
    thread_id: int = 0


@dataclass(frozen=True, slots=True)
class Subscription:
    """One chat or topic that gets digests, with its settings.

    ``pin`` pins the newest digest and unpins the one before; with ``falls_back`` a topic that was
    closed or deleted is told in the chat itself, else it is suspended; with ``quiz`` a question follows
    each digest; ``reports`` are the ids of
    those that are followed, in order, none meaning all. ``theme`` None is the instance's default.
    ``only`` are the choices that narrow what is told (tokens of `digests.narrowing`, in order), none
    meaning everything.
    """

    address: Address
    schedule: Schedule
    language: Language
    layout: Layout = Layout.CLASSIC
    theme: Theme | None = None
    silent: bool = False
    picture: bool = True
    figure_on_empty_days: bool = False
    pin: bool = False
    falls_back: bool = False
    quiz: bool = False
    reports: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    state: SubscriptionState = SubscriptionState.ACTIVE
    paused_until: date | None = None
    subscribed_by: int | None = None


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """What a chat chose for itself; None is the instance's default."""

    chat_id: int
    kind: str = ""
    title: str = ""
    language: Language | None = None
    layout: Layout | None = None
    theme: Theme | None = None
