"""The peer of a broadcast: a plain aiohttp loop, a hundred calls at a time, nothing on record.

Prints messages a second; the arguments are the URL of the Bot API server and the number of chats.
"""

from __future__ import annotations

import asyncio
import sys
import time

from aiohttp import ClientSession, TCPConnector

_TEXT = "<b>2014</b> milestones\n" * 40


async def main(url: str, count: int) -> None:
    chats = iter(range(1, count + 1))
    async with ClientSession(connector=TCPConnector(limit=100)) as client:

        async def post() -> None:
            for chat in chats:
                message = {"chat_id": chat, "text": _TEXT, "parse_mode": "HTML"}
                async with client.post(f"{url}/bot1:b/sendMessage", json=message) as answer:
                    assert (await answer.json())["ok"]

        started = time.perf_counter()
        await asyncio.gather(*(post() for _ in range(100)))
        print(count / (time.perf_counter() - started))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
