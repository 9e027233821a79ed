"""The demo world: one person, a private chat, a channel and a group with topics."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.playground.world import PlayChat, World

PERSON = 1001
CHANNEL = -1001000000001
GROUP = -1001000000002


def demo_world(now: Callable[[], datetime] | None = None) -> World:
    """A fresh world; the person owns the channel and the group, the bot administers both."""
    world = World(now)
    world.people[PERSON] = {"id": PERSON, "is_bot": False, "first_name": "小林", "language_code": "zh-hans"}
    world.chats[PERSON] = PlayChat(PERSON, "private", "小林", {PERSON: "member"})
    owned = {PERSON: "creator"}
    world.chats[CHANNEL] = PlayChat(CHANNEL, "channel", "示范频道", dict(owned), "administrator")
    topics = {2: "公告 News", 3: "闲聊 Chat"}
    world.chats[GROUP] = PlayChat(GROUP, "supergroup", "示范群组", dict(owned), "administrator", topics)
    return world
