"""The demo world: people with different rights, channels, and groups with and without topics."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from bot.playground.bot_api.world import PlayChat, World
from digests.text import Language

PERSON = 1001
CHANNEL = -1001000000001
GROUP = -1001000000002
OWN_CHANNEL = -1001000000003
SMALL_GROUP = -4001
HELPER = 1002
GUEST = 1003

#: What the bot, people, chats and topics are called, in each language of the page.
_NAMES = (
    {Language.ZH: "丝路年轮", Language.EN: "Silkline"},
    {Language.ZH: "小林", Language.EN: "Lin"},
    {Language.ZH: "小安", Language.EN: "Ann"},
    {Language.ZH: "老王", Language.EN: "Wang"},
    {Language.ZH: "示范频道", Language.EN: "Demo channel"},
    {Language.ZH: "示范群组", Language.EN: "Demo group"},
    {Language.ZH: "新频道", Language.EN: "New channel"},
    {Language.ZH: "小群", Language.EN: "Small group"},
    {Language.ZH: "公告", Language.EN: "News"},
    {Language.ZH: "闲聊", Language.EN: "Chat"},
)
_OPERATOR = {Language.ZH: "运营者", Language.EN: "Operator"}
_CODES = {Language.ZH: "zh-hans", Language.EN: "en"}


def demo_world(now: Callable[[], datetime] | None = None, operators: Iterable[int] = (PERSON,)) -> World:
    """A fresh world: a person who owns everything, a helper who administers the groups, and a guest.

    The bot administers the demo channel and group; it is not yet in the new channel and small group.
    Each of the *operators* who is none of the three is one more person.
    """
    world = World(now)
    _settle(world, PERSON, "小林", "zh-hans")
    _settle(world, HELPER, "小安", "en")
    _settle(world, GUEST, "老王", "zh-hans")
    owned = {PERSON: "creator"}
    shared = owned | {HELPER: "administrator", GUEST: "member"}
    world.chats[CHANNEL] = PlayChat(CHANNEL, "channel", "示范频道", dict(owned), "administrator")
    topics = {2: "公告", 3: "闲聊"}
    world.chats[GROUP] = PlayChat(GROUP, "supergroup", "示范群组", shared, "administrator", topics)
    world.chats[OWN_CHANNEL] = PlayChat(OWN_CHANNEL, "channel", "新频道", dict(owned), "left")
    world.chats[SMALL_GROUP] = PlayChat(SMALL_GROUP, "group", "小群", dict(shared), "left")
    settle_operators(world, operators)
    return world


def settle_operators(world: World, operators: Iterable[int]) -> None:
    """See to it that each operator is one of the people."""
    world.operators = frozenset(operators)
    for operator in sorted(world.operators):
        if operator not in world.people:
            _settle(world, operator, f"{_OPERATOR[Language.ZH]} {operator}", "zh-hans")


def speak(world: World, language: Language) -> None:
    """Have everybody speak a language, and every name that is ours be in it."""
    world.bot["first_name"] = _named(world.bot["first_name"], language)
    for person in world.people.values():
        person["language_code"] = _CODES[language]
        person["first_name"] = _named(person["first_name"], language)
    for chat in world.chats.values():
        chat.title = _named(chat.title, language)
        chat.topics = {thread: _named(name, language) for thread, name in chat.topics.items()}
    world.language = language
    world.tell({"type": "reload"})


def _named(name: str, language: Language) -> str:
    """A name of ours in a language; one that somebody else gave stays."""
    first, _, number = name.partition(" ")
    if first in _OPERATOR.values() and number.isdigit():
        return f"{_OPERATOR[language]} {number}"
    return next((names[language] for names in _NAMES if name in names.values()), name)


def _settle(world: World, person: int, name: str, language: str) -> None:
    world.people[person] = {"id": person, "is_bot": False, "first_name": name, "language_code": language}
    world.chats[person] = PlayChat(person, "private", name, {person: "member"})
