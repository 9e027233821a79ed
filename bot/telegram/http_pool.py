"""The connections to a Bot API server: one pool for all that an instance calls."""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from functools import lru_cache
from socket import SOCK_STREAM
from urllib.parse import SplitResult, urlsplit

from aiohappyeyeballs import AddrInfoType, start_connection

from bot.telegram.http_connection import Connection, Response

#: More than an intake and a broadcast have in work together as a rule: neither waits for the other.
_CONNECTIONS = 256

#: Nobody is connected to for longer than this (seconds).
_CONNECT_LIMIT = 10.0

#: How long after its last answer a connection is used again (seconds): a router forgets idle ones.
_IDLE_LIMIT = 15.0

#: How long the addresses of a host are kept (seconds), and how soon the next one is tried beside the first.
_ADDRESSES_KEPT = 60.0
_NEXT_ADDRESS = 0.25

_PORTS = {"http": 80, "https": 443}

JSON = "application/json"


class UnreachableError(ConnectionError):
    """Nobody answered at the other end: the request was not sent."""


class HttpPool:
    """The pool that every session of an instance shares; *base_url* is that of the Bot API server.

    A general client would take longer than all the rest of a call; this one does what a bot needs.
    """

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/")
        self._url = urlsplit(self.base_url)
        self._slots = asyncio.Semaphore(_CONNECTIONS)
        self._idle: deque[Connection] = deque()
        self._in_use: set[Connection] = set()
        self._host = _Host(self._url)
        self._is_closed = False

    async def post(self, path: str, body: bytes, content_type: str = JSON, seconds: float = 60.0) -> Response:
        """The answer to a request; *path* continues the base URL.

        Raises:
            UnreachableError: there is no connection, and nothing was sent.
            InterruptedAnswerError: what became of the request is unknown.
            TimeoutError: likewise, since no answer came within *seconds* of the call.
            RuntimeError: the pool was closed; a late caller must not open it again.
        """
        head = _head(self._url.netloc, self._url.path + path, content_type)
        until = asyncio.get_running_loop().time() + seconds
        connection = await self._take(seconds)
        try:
            request = b"%b%d\r\n\r\n%b" % (head, len(body), body)
            return await connection.ask(request, until - asyncio.get_running_loop().time())
        finally:
            self._give_back(connection)

    async def close(self) -> None:
        """Close the pool for good."""
        self._is_closed = True
        for connection in (*self._idle, *self._in_use):
            connection.drop()
        self._idle.clear()
        await asyncio.sleep(0)  # a transport closes in the loop's next round

    async def _take(self, seconds: float) -> Connection:
        """A connection for one request, to be given back."""
        self._check_open()
        idle = None if self._slots.locked() else self._idle_one()
        if idle is not None:
            await self._slots.acquire()  # at once, and without a timer, which most calls can do without
        connection = idle or await self._waited_for(min(seconds, _CONNECT_LIMIT))
        self._in_use.add(connection)
        return connection

    async def _waited_for(self, seconds: float) -> Connection:
        try:
            async with asyncio.timeout(seconds):
                await self._slots.acquire()
                try:
                    return self._idle_one() or await self._opened()
                except BaseException:
                    self._slots.release()
                    raise
        except TimeoutError as error:
            raise UnreachableError(f"not connected to {self._url.hostname}: TimeoutError") from error

    async def _opened(self) -> Connection:
        connection = await self._host.connect()
        if self._is_closed:
            connection.drop()
        self._check_open()
        return connection

    def _check_open(self) -> None:
        if self._is_closed:
            raise RuntimeError("the connections to Telegram are closed")

    def _idle_one(self) -> Connection | None:
        while self._idle:  # the one used last is the least likely to be gone
            connection = self._idle.pop()
            if connection.is_usable(_IDLE_LIMIT):
                return connection
            connection.drop()
        return None

    def _give_back(self, connection: Connection) -> None:
        self._slots.release()
        self._in_use.discard(connection)
        if self._is_closed or not connection.is_usable(_IDLE_LIMIT):
            connection.drop()
            return
        self._idle.append(connection)
        while not self._idle[0].is_usable(_IDLE_LIMIT):
            self._idle.popleft().drop()


class _Host:
    """A host to connect to, by whichever of its addresses answers first."""

    def __init__(self, url: SplitResult) -> None:
        self._name, self._port = url.hostname or "", url.port or _PORTS[url.scheme]
        self._tls = ssl.create_default_context() if url.scheme == "https" else None
        self._addresses: list[AddrInfoType] = []
        self._kept_until = 0.0
        self._resolving = asyncio.Lock()

    async def connect(self) -> Connection:
        """A new connection.

        Raises:
            UnreachableError: there is none, whatever the reason.
        """
        try:
            return await self._connect(asyncio.get_running_loop())
        except BaseException as error:
            self._kept_until = 0.0  # it may have moved
            if not isinstance(error, OSError | UnicodeError | RuntimeError):
                raise
            raise UnreachableError(f"not connected to {self._name}: {type(error).__name__}") from error

    async def _connect(self, loop: asyncio.AbstractEventLoop) -> Connection:
        addresses = await self._resolved(loop)
        _, connection = await loop.create_connection(
            lambda: Connection(loop),
            sock=await start_connection(addresses, happy_eyeballs_delay=_NEXT_ADDRESS, loop=loop),
            ssl=self._tls,
            server_hostname=self._name if self._tls else None,
        )
        return connection

    async def _resolved(self, loop: asyncio.AbstractEventLoop) -> list[AddrInfoType]:
        async with self._resolving:  # many connections are opened at once, but one of them asks
            if loop.time() >= self._kept_until:
                self._addresses = list(await loop.getaddrinfo(self._name, self._port, type=SOCK_STREAM))
                self._kept_until = loop.time() + _ADDRESSES_KEPT
            return self._addresses


@lru_cache(maxsize=64)
def _head(host: str, path: str, content_type: str) -> bytes:
    """A request up to the length of its body."""
    lines = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: {content_type}\r\nContent-Length: "
    return lines.encode()
