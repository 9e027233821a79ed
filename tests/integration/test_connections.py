"""The connections over real sockets: servers that answer oddly, late, twice, or not at all."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from itertools import pairwise
from pathlib import Path
from socket import create_server

import pytest
import trustme
from aiohappyeyeballs import start_connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.telegram import http_pool as pool
from bot.telegram.http_connection import InterruptedAnswerError, Response
from bot.telegram.http_pool import HttpPool, UnreachableError

#: What a server does with one request: it is given the request's path and body.
Serve = Callable[[str, bytes, asyncio.StreamWriter], Awaitable[None]]


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
async def connected(url: str) -> AsyncIterator[HttpPool]:
    connections = HttpPool(url)
    try:
        yield connections
    finally:
        await connections.close()


def answer(body: bytes, status: str = "200 OK", *, keep: bool = True) -> bytes:
    kept = "" if keep else "Connection: close\r\n"
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{kept}\r\n".encode() + body


async def echo(path: str, body: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(answer(path.encode() + b" " + body))


def late_at_first(seconds: float) -> Serve:
    """A server that repeats a body, but ``1`` only after a while."""

    async def serve(_path: str, body: bytes, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(seconds if body == b"1" else 0)
        writer.write(answer(body))

    return serve


async def test_a_request_arrives_as_it_was_meant_and_its_answer_comes_back():
    async with serving(echo) as server, connected(server.url + "/api/") as connections:
        got = await connections.post("/bot1:x/getMe", b"{}")
    assert got == Response(200, b"/api/bot1:x/getMe {}")
    assert server.heads[0].splitlines()[:3] == [
        "POST /api/bot1:x/getMe HTTP/1.1",
        f"Host: {server.url.removeprefix('http://')}",
        "Content-Type: application/json",
    ]


async def test_one_connection_serves_one_request_after_the_other():
    async with serving(echo) as server, connected(server.url) as connections:
        for number in range(5):
            assert (await connections.post("/", b"%d" % number)).body == b"/ %d" % number
    assert server.connections == 1


async def test_many_requests_at_once_each_get_their_own_answer():
    async def slow_echo(path: str, body: bytes, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.01 * (int(body) % 7))
        await echo(path, body, writer)

    async with serving(slow_echo) as server, connected(server.url) as connections:
        got = await asyncio.gather(*(connections.post("/", b"%d" % number) for number in range(200)))
    assert [response.body for response in got] == [b"/ %d" % number for number in range(200)]


async def test_no_more_connections_are_opened_than_the_pool_holds(monkeypatch):
    monkeypatch.setattr(pool, "_CONNECTIONS", 3)

    async def slow_echo(path: str, body: bytes, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.01)
        await echo(path, body, writer)

    async with serving(slow_echo) as server, connected(server.url) as connections:
        await asyncio.gather(*(connections.post("/", b"%d" % number) for number in range(20)))
    assert server.connections == 3


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    body=st.binary(max_size=300),
    cuts=st.lists(st.integers(1, 400), max_size=6),
    is_chunked=st.booleans(),
    announces=st.booleans(),
)
async def test_an_answer_means_the_same_however_it_is_cut_into_pieces(body, cuts, is_chunked, announces):
    whole = answer(body)
    if is_chunked:
        pieces = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in (body[:7], body[7:]) if piece)
        whole = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + pieces + b"0\r\n\r\n"
    if announces:
        whole = b"HTTP/1.1 100 Continue\r\n\r\n" + whole

    async def in_pieces(_path: str, _body: bytes, writer: asyncio.StreamWriter) -> None:
        places = sorted({0, *(cut for cut in cuts if cut < len(whole)), len(whole)})
        for start, end in pairwise(places):
            writer.write(whole[start:end])
            await writer.drain()
            await asyncio.sleep(0)

    async with serving(in_pieces) as server, connected(server.url) as connections:
        assert await connections.post("/", b"first") == Response(200, body)
        assert await connections.post("/", b"second") == Response(200, body)
    assert server.connections == 1


async def test_a_body_without_a_length_ends_with_the_connection():
    async def until_the_end(_path: str, _body: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.0 502 Bad Gateway\r\n\r\n<html>no luck")
        await writer.drain()
        writer.close()

    async with serving(until_the_end) as server, connected(server.url) as connections:
        assert await connections.post("/", b"") == Response(502, b"<html>no luck")


async def test_a_connection_that_the_server_closes_is_not_used_again():
    async def once(_path: str, _body: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(b"done", keep=False))

    async with serving(once) as server, connected(server.url) as connections:
        for _ in range(3):
            assert (await connections.post("/", b"")).body == b"done"
    assert server.connections == 3


async def test_a_connection_that_the_server_closed_in_between_is_not_used_again():
    async with serving(echo) as server, connected(server.url) as connections:
        await connections.post("/", b"1")
        server.writers[0].close()
        await asyncio.sleep(0.05)
        assert (await connections.post("/", b"2")).body == b"/ 2"
    assert server.connections == 2


async def test_a_connection_that_was_idle_for_long_is_not_used_again(monkeypatch):
    monkeypatch.setattr(pool, "_IDLE_LIMIT", 0.05)
    async with serving(echo) as server, connected(server.url) as connections:
        await asyncio.gather(*(connections.post("/", b"1") for _ in range(5)))
        await asyncio.sleep(0.1)
        await connections.post("/", b"2")
        assert len(connections._idle) == 1
    assert server.connections == 6


async def test_a_second_answer_to_one_request_is_not_taken_for_that_to_the_next():
    async def twice(_path: str, body: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(body) + answer(b"forged"))

    async with serving(twice) as server, connected(server.url) as connections:
        for number in (b"1", b"2"):
            assert (await connections.post("/", number)).body == number
    assert server.connections == 2


async def test_an_answer_that_nobody_asked_for_closes_the_connection():
    async def later_again(_path: str, body: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(body))
        await writer.drain()
        await asyncio.sleep(0.02)
        writer.write(answer(b"forged"))

    async with serving(later_again) as server, connected(server.url) as connections:
        for number in (b"1", b"2"):
            assert (await connections.post("/", number)).body == number
            await asyncio.sleep(0.05)
    assert server.connections == 2


async def test_an_answer_that_comes_too_late_is_not_taken_for_that_to_the_next():
    async with serving(late_at_first(0.3)) as server, connected(server.url) as connections:
        with pytest.raises(TimeoutError, match=r"no answer within 0\.1 s"):
            await connections.post("/", b"1", seconds=0.1)
        assert (await connections.post("/", b"2")).body == b"2"


async def test_a_call_that_is_given_up_leaves_nothing_for_the_next_one():
    async with serving(late_at_first(0.2)) as server, connected(server.url) as connections:
        call = asyncio.create_task(connections.post("/", b"1"))
        await asyncio.sleep(0.05)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert (await connections.post("/", b"2")).body == b"2"


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"HTTP/1.1 200",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x00\xff" * 50,
        b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n{}",
    ],
)
async def test_after_an_answer_that_is_none_the_outcome_is_unknown(said):
    async def say(_path: str, _body: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        await writer.drain()
        writer.close()

    async with serving(say) as server, connected(server.url) as connections:
        with pytest.raises(InterruptedAnswerError):
            await connections.post("/", b"")


async def test_a_body_that_breaks_off_comes_as_far_as_it_got():
    async def half(_path: str, _body: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(b'{"ok":true,"result":true}')[:-8])
        await writer.drain()
        writer.close()

    async with serving(half) as server, connected(server.url) as connections:
        assert (await connections.post("/", b"")).body == b'{"ok":true,"resul'


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9", "http://no-such-host.invalid", "http://a..b", f"http://{'a' * 64}.example"]
)
async def test_where_nobody_listens_nothing_was_sent(url):
    async with connected(url) as connections:
        with pytest.raises(UnreachableError, match="not connected to"):
            await connections.post("/", b"")


async def test_a_host_that_never_answers_is_given_up_before_anything_is_sent(monkeypatch):
    monkeypatch.setattr(pool, "_CONNECT_LIMIT", 0.2)
    with create_server(("127.0.0.1", 0)) as mute:  # connects, and then the handshake hangs
        async with connected(f"https://127.0.0.1:{mute.getsockname()[1]}") as connections:
            with pytest.raises(UnreachableError, match="TimeoutError"):
                await connections.post("/", b"")


async def test_connecting_takes_no_longer_than_the_call_may():
    with create_server(("127.0.0.1", 0)) as mute:
        async with connected(f"https://127.0.0.1:{mute.getsockname()[1]}") as connections:
            with pytest.raises(UnreachableError, match="TimeoutError"):
                await asyncio.wait_for(connections.post("/", b"", seconds=0.2), 2)


async def test_waiting_for_a_connection_takes_no_longer_than_the_call_may(monkeypatch):
    monkeypatch.setattr(pool, "_CONNECTIONS", 1)
    async with serving(late_at_first(0.4)) as server, connected(server.url) as connections:
        slow = asyncio.create_task(connections.post("/", b"1"))
        await asyncio.sleep(0.05)
        with pytest.raises(UnreachableError):
            await connections.post("/", b"2", seconds=0.1)
        assert (await slow).body == b"1"
        assert (await connections.post("/", b"3")).body == b"3"
    assert [head.splitlines()[0] for head in server.heads] == ["POST / HTTP/1.1"] * 2


async def test_who_was_still_connecting_when_the_pool_was_closed_sends_nothing(monkeypatch):
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(*given, **options):
        begun.set()
        await go_on.wait()
        return await start_connection(*given, **options)

    monkeypatch.setattr(pool, "start_connection", slow)
    async with serving(echo) as server:
        connections = HttpPool(server.url)
        call = asyncio.create_task(connections.post("/", b""))
        await begun.wait()
        await connections.close()
        go_on.set()
        with pytest.raises(RuntimeError, match="closed"):
            await call
        await asyncio.sleep(0.05)
    assert server.heads == []


async def test_a_closed_pool_tells_who_waits_and_opens_nothing_more():
    async def never(_path: str, _body: bytes, _writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)

    async with serving(never) as server:
        connections = HttpPool(server.url)
        call = asyncio.create_task(connections.post("/", b""))
        await asyncio.sleep(0.05)
        await connections.close()
        with pytest.raises(InterruptedAnswerError):
            await call
        with pytest.raises(RuntimeError, match="closed"):
            await connections.post("/", b"")


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """A certificate authority that this process trusts, and no other."""
    made = trustme.CA()
    made.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    return made


def certified(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


async def test_https_is_spoken_with_a_server_whose_certificate_is_right(authority: trustme.CA):
    async with (
        serving(echo, certified(authority, "127.0.0.1")) as server,
        connected(server.url) as connections,
    ):
        got = await asyncio.gather(*(connections.post("/", b"%d" % number) for number in range(20)))
        assert [response.body for response in got] == [b"/ %d" % number for number in range(20)]


async def test_nothing_is_sent_to_a_server_with_another_ones_certificate(authority: trustme.CA):
    async with (
        serving(echo, certified(authority, "example.org")) as server,
        connected(server.url) as connections,
    ):
        with pytest.raises(UnreachableError, match="SSLCertVerificationError"):
            await connections.post("/bot1:secret/getMe", b"")
    assert server.heads == []
