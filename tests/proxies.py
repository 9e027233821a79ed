"""Real proxies for tests: an HTTP proxy in a process of its own, and a SOCKS5 proxy in this one."""

from __future__ import annotations

import asyncio
import struct
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep

_START_LIMIT = 20.0


@contextmanager
def http_proxy(login: str | None = None) -> Iterator[str]:
    """The ``host:port`` of an HTTP proxy that makes tunnels; *login* is ``user:password``."""
    with TemporaryDirectory() as folder:
        port_file = Path(folder) / "port"
        command = [sys.executable, "-m", "proxy", "--hostname", "127.0.0.1", "--port", "0"]
        command += ["--port-file", str(port_file), "--num-workers", "1", "--num-acceptors", "1"]
        command += ["--basic-auth", login] if login else []
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                yield f"127.0.0.1:{_port(port_file)}"
            finally:
                process.terminate()


def _port(file: Path) -> int:
    until = monotonic() + _START_LIMIT
    while monotonic() < until:
        with suppress(OSError, ValueError):
            return int(file.read_text())
        sleep(0.05)
    raise TimeoutError("the proxy did not start")


class Socks5Proxy:
    """A SOCKS5 proxy (RFC 1928, 1929) that connects by address or by name; *drops* after the handshake."""

    def __init__(self, login: tuple[str, str] | None = None, *, drops: bool = False) -> None:
        self.asked: list[str] = []
        self._login = login
        self._drops = drops

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, OSError):
            await self._serve(reader, writer)
        writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _version, methods = await reader.readexactly(2)
        await reader.readexactly(methods)
        if not await self._is_let_in(reader, writer):
            return
        _version, _command, _reserved, kind = await reader.readexactly(4)
        host = await self._host(reader, kind)
        (port,) = struct.unpack("!H", await reader.readexactly(2))
        self.asked.append(f"{host}:{port}")
        if self._drops:
            return
        there_reader, there_writer = await asyncio.open_connection(host, port)
        writer.write(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00")
        await asyncio.gather(_pump(reader, there_writer), _pump(there_reader, writer))

    async def _is_let_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        if self._login is None:
            writer.write(b"\x05\x00")
            return True
        writer.write(b"\x05\x02")
        await reader.readexactly(1)
        given = tuple([(await reader.readexactly((await reader.readexactly(1))[0])).decode() for _ in "up"])
        writer.write(b"\x01\x00" if given == self._login else b"\x01\x01")
        await writer.drain()
        return given == self._login

    async def _host(self, reader: asyncio.StreamReader, kind: int) -> str:
        if kind == 1:
            return ".".join(str(byte) for byte in await reader.readexactly(4))
        return (await reader.readexactly((await reader.readexactly(1))[0])).decode()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()


@asynccontextmanager
async def socks5_proxy(proxy: Socks5Proxy) -> AsyncIterator[str]:
    """The ``host:port`` of a SOCKS5 proxy."""
    server = await asyncio.start_server(proxy.talk, "127.0.0.1", 0)
    try:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
