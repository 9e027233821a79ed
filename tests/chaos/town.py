"""Who lives in a run of chaos: subscribers, readers who ask, and groups with administrators."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time

from bot.playground import World
from bot.playground.bot_api.world import PlayChat
from digests.schedules import Cadence, Schedule
from digests.subscriptions import Address, Subscription, SubscriptionState
from digests.text import Language

#: Stands in every name and title, and must not stand in any log.
PRIVATE = "Zhuque"

SUBSCRIBERS = range(7001, 7061)
READERS = range(8001, 8007)
GROUPS = tuple(range(-1009000000006, -1009000000000))

#: Of each group in turn: two administrators who write in it, and one who presses buttons in private.
_ADMINISTRATORS = 9001

_TIME = time(9)
_ZONE = "Asia/Shanghai"


def administrators(group: int) -> tuple[int, int, int]:
    """The people who administer a group."""
    first = _ADMINISTRATORS + 10 * GROUPS.index(group)
    return first, first + 1, first + 2


def populate(world: World) -> None:
    """Put everybody into the world."""
    for number, chat_id in enumerate([*SUBSCRIBERS, *READERS]):
        _settle(world, chat_id, "en" if number % 2 else "zh-hans")
    for group in GROUPS:
        members = dict.fromkeys(administrators(group), "administrator")
        for person in members:
            _settle(world, person, "en")
        world.chats[group] = PlayChat(group, "supergroup", f"{PRIVATE} {group}", members)


def _settle(world: World, person: int, language: str) -> None:
    name = f"{PRIVATE} {person}"
    world.people[person] = {"id": person, "is_bot": False, "first_name": name, "language_code": language}
    world.chats[person] = PlayChat(person, "private", name, {person: "member"})


def subscriptions() -> Iterator[Subscription]:
    """What is subscribed at the beginning: most people daily, some not at all any more."""
    for number, chat_id in enumerate(SUBSCRIBERS):
        yield _subscription(chat_id, number)
    for group in GROUPS:
        schedule = Schedule(Cadence.MONTHLY, time(21), _ZONE)
        yield Subscription(Address(group), schedule, Language.EN, picture=False)


def _subscription(chat_id: int, number: int) -> Subscription:
    language = Language.EN if number % 2 else Language.ZH
    cadence = (Cadence.WEEKLY, Cadence.MONTHLY)[number % 2] if number % 10 in (4, 9) else Cadence.DAILY
    return Subscription(
        Address(chat_id),
        Schedule(cadence, _TIME, _ZONE),
        language,
        picture=False,
        figure_on_empty_days=number % 7 != 0,
        state=SubscriptionState.UNSUBSCRIBED if number % 20 == 13 else SubscriptionState.ACTIVE,
        paused_until=date(2026, 7, 1) if number % 20 == 17 else None,
    )
