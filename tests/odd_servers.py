"""HTTP servers that answer as a test writes it, byte for byte, over real sockets."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

#: What a server does with one request: it is given the request's path and body.
Serve = Callable[[str, bytes, asyncio.StreamWriter], Awaitable[None]]

ME = b'{"ok":true,"result":{"id":42,"is_bot":true,"first_name":"Bot","username":"bot"}}'


class Server:
    def __init__(self, serve: Serve) -> None:
        self.serve = serve
        self.url = ""
        self.connections = 0
        self.heads: list[str] = []
        self.writers: list[asyncio.StreamWriter] = []

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.writers.append(writer)
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                self.heads.append(head)
                length = int(head.lower().split("content-length: ")[1].split("\r\n")[0])
                body = await reader.readexactly(length)
                await self.serve(head.split()[1], body, writer)
                await writer.drain()


@asynccontextmanager
async def serving(serve: Serve, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    server = Server(serve)
    listening = await asyncio.start_server(server.talk, "127.0.0.1", 0, ssl=tls)
    server.url = f"{'https' if tls else 'http'}://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    try:
        yield server
    finally:
        listening.close()
        for writer in server.writers:
            writer.close()
        await asyncio.sleep(0)


def answer(body: bytes, status: str = "200 OK", headers: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body


def always(said: bytes, *, closes: bool = False) -> Serve:
    """A server that says the same to everything."""

    async def say(_path: str, _body: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        await writer.drain()
        if closes:
            writer.close()

    return say
