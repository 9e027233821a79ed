"""The demo world: people with different rights, channels, and groups with and without topics."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.playground.bot_api.world import PlayChat, World

PERSON = 1001
CHANNEL = -1001000000001
GROUP = -1001000000002
OWN_CHANNEL = -1001000000003
SMALL_GROUP = -4001
HELPER = 1002
GUEST = 1003


def demo_world(now: Callable[[], datetime] | None = None) -> World:
    """A fresh world: a person who owns everything, a helper who administers the groups, and a guest.

    The bot administers the demo channel and group; it is not yet in the new channel and small group.
    """
    world = World(now)
    world.people[PERSON] = {"id": PERSON, "is_bot": False, "first_name": "小林", "language_code": "zh-hans"}
    world.chats[PERSON] = PlayChat(PERSON, "private", "小林", {PERSON: "member"})
    _settle(world, HELPER, "Ann", "en")
    _settle(world, GUEST, "老王", "zh-hans")
    owned = {PERSON: "creator"}
    shared = owned | {HELPER: "administrator", GUEST: "member"}
    world.chats[CHANNEL] = PlayChat(CHANNEL, "channel", "示范频道", dict(owned), "administrator")
    topics = {2: "公告 News", 3: "闲聊 Chat"}
    world.chats[GROUP] = PlayChat(GROUP, "supergroup", "示范群组", shared, "administrator", topics)
    world.chats[OWN_CHANNEL] = PlayChat(OWN_CHANNEL, "channel", "新频道 New channel", dict(owned), "left")
    world.chats[SMALL_GROUP] = PlayChat(SMALL_GROUP, "group", "小群 Small group", dict(shared), "left")
    return world


def _settle(world: World, person: int, name: str, language: str) -> None:
    world.people[person] = {"id": person, "is_bot": False, "first_name": name, "language_code": language}
    world.chats[person] = PlayChat(person, "private", name, {person: "member"})
