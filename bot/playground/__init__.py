"""A local Bot API server with a chat page: the bot can be tried, and tested, without a token.

In a test::

    world = demo_world()
    server = PlaygroundServer(world)
    url = await server.start("127.0.0.1", 0)
    bot = Bot("1:playground", session=AiohttpSession(api=TelegramAPIServer.from_base(url)))
    world.says(PERSON, PERSON, "/timeline")
    ...
    assert world.chats[PERSON].last()["text"]
    await server.close()
"""

from bot.playground.bot_api.server import PlaygroundServer
from bot.playground.bot_api.world import World
from bot.playground.clock_routes import ClockControl
from bot.playground.demo import (
    CHANNEL,
    GROUP,
    GUEST,
    HELPER,
    OWN_CHANNEL,
    PERSON,
    SMALL_GROUP,
    demo_world,
)

__all__ = [
    "CHANNEL",
    "GROUP",
    "GUEST",
    "HELPER",
    "OWN_CHANNEL",
    "PERSON",
    "SMALL_GROUP",
    "ClockControl",
    "PlaygroundServer",
    "World",
    "demo_world",
]
