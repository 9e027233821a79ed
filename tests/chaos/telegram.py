"""Telegram's side: the local Bot API server with more that goes wrong, and a note of what arrived."""

from __future__ import annotations

import asyncio
import random
import time
from collections import defaultdict, deque
from collections.abc import Hashable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from bot.playground import PlaygroundServer, World
from bot.playground.bot_api.fault_injection import Faults
from bot.playground.bot_api.methods import COUNTED
from bot.playground.bot_api.refusals import Refusal
from bot.playground.bot_api.world import Call
from bot.updates.raw_update import chat_of

#: How long every call takes (seconds).
_LATENCY = (0.01, 0.4)

#: How long Telegram waits for a webhook, here less than in life, and before it posts again (seconds).
_POST_LIMIT, _POST_AGAIN = 10.0, 0.5

_HANDS_OVER = 0.02

#: How the server calls what it hung up on before it took it.
DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message that the bot sent: when it arrived, and whether its answer was kept from the bot."""

    chat_id: int
    text: str
    at: float
    is_cut: bool

    def __str__(self) -> str:
        return f"{self.at:.2f} to {self.chat_id}{' (cut)' if self.is_cut else ''}: {self.text[:60]!r}"


class Telegram(PlaygroundServer):
    """A server that is away, cuts its answers, and posts updates to several replicas as Telegram does."""

    def __init__(self, world: World, seed: int) -> None:
        super().__init__(world, faults=Faults(latency=_LATENCY, seed=seed))
        self.arrivals: list[Arrival] = []
        self.ports: list[int] = []
        self.posted_again: set[int] = set()
        self.cut_bodies = 0.0
        self._is_away = False
        self._dice = random.Random(seed)
        self._lines: dict[Hashable, deque[dict[str, Any]]] = defaultdict(deque)
        self._posting: set[asyncio.Task[None]] = set()
        self._turn = 0

    def break_calls(self, share: float) -> None:
        """Have so many of the calls fail in each of five ways; 0 mends it."""
        for name in ("drop_before", "drop_after", "server_error", "too_many"):
            setattr(self.faults, name, share / 5)
        self.cut_bodies = share / 5

    async def be_away(self, seconds: float) -> None:
        """Refuse every connection for a while, and hang up on those that there are."""
        assert self._runner is not None
        host, port = self._runner.addresses[0][:2]
        for site in list(self._runner.sites):
            await site.stop()
        self._is_away = True
        for connection in list(self._runner.server.connections if self._runner.server else ()):
            connection.force_close()
        await asyncio.sleep(seconds)
        self._is_away = False
        await web.TCPSite(self._runner, host, port).start()

    # --- calls ---

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        response = await super()._serve(request)
        if request.match_info["method"].lower() not in COUNTED:
            return response
        call = self.world.calls[-1]
        is_cut = request.transport is None or request.transport.is_closing()
        if not is_cut and self._dice.random() < self.cut_bodies:
            is_cut = True
            _cut(request)
            if call.refusal is not None:  # and the bot cannot know
                call.refusal = Refusal(500, DROPPED)
        if call.refusal is None and call.method.lower().startswith("send"):
            chat_id = int(call.parameters["chat_id"])
            text = str(self.world.chats[chat_id].last().get("text"))
            self.arrivals.append(Arrival(chat_id, text, time.monotonic(), is_cut))
        return response

    async def _handle(self, request: web.Request, name: str, call: Call, fault: str | None) -> Any:
        try:
            return await super()._handle(request, name, call, fault)
        except asyncio.CancelledError:
            if self._is_away:  # else the bot went away
                call.refusal = Refusal(500, DROPPED)
                self.world.calls.append(call)
            raise

    # --- updates, by webhook ---

    async def _deliver(self) -> None:
        """Post updates, those of a chat one after the other, again until a replica takes them."""
        async with ClientSession(timeout=ClientTimeout(total=_POST_LIMIT)) as session:
            while True:
                await asyncio.sleep(_HANDS_OVER)
                if not self.world.webhook["url"]:
                    continue
                updates, self.world.updates[:] = list(self.world.updates), []
                for update in updates:
                    self._queue(update, session)

    def _queue(self, update: dict[str, Any], session: ClientSession) -> None:
        chat = chat_of(update)
        is_posting = bool(self._lines[chat])
        self._lines[chat].append(update)
        if not is_posting:
            task = asyncio.create_task(self._post_line(self._lines[chat], session))
            self._posting.add(task)
            task.add_done_callback(self._posting.discard)

    async def _post_line(self, line: deque[dict[str, Any]], session: ClientSession) -> None:
        while line:
            if await self._post(session, line[0]):
                line.popleft()
            else:
                self.posted_again.add(line[0]["update_id"])
                await asyncio.sleep(_POST_AGAIN)

    async def _post(self, session: ClientSession, update: dict[str, Any]) -> bool:
        self._turn += 1
        address = urlsplit(self.world.webhook["url"])
        port = self.ports[self._turn % len(self.ports)]
        url = f"http://127.0.0.1:{port}{address.path}?{address.query}"
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.world.webhook["secret_token"]}
        with suppress(ClientError, TimeoutError, OSError):
            async with session.post(url, json=update, headers=headers) as response:
                return response.ok
        return False

    async def close(self) -> None:
        """Stop, and post no more."""
        for task in self._posting:
            task.cancel()
        await asyncio.gather(*self._posting, return_exceptions=True)
        await super().close()


def _cut(request: web.Request) -> None:
    """Begin an answer and hang up in the middle of it."""
    assert request.transport is not None
    request.transport.write(
        b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{"ok"'
    )
    request.transport.close()
