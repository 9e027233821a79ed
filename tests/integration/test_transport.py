"""Calls over real sockets, to servers that answer oddly, late, twice, too long, or not at all."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from pathlib import Path
from socket import create_server

import pytest
import trustme
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiohttp import TraceConfig

from bot.telegram import client
from bot.telegram.calls import answers
from bot.telegram.calls.transport_errors import NotConnectedError, UnreadableAnswerError
from tests.integration.scripted_api import speaking
from tests.odd_servers import ME, always, answer, serving


async def test_many_calls_share_the_connections_and_each_gets_its_own_answer():
    async def echo(_path, body, writer):
        await asyncio.sleep(0.001)
        writer.write(answer(b'{"ok":true,"result":%b}' % body))

    async with serving(echo) as server, speaking(server.url) as bot:
        got = await asyncio.gather(
            *(bot.get_chat_member_count(number) for number in range(100)), return_exceptions=True
        )
    assert all(isinstance(each, UnreadableAnswerError) for each in got)  # an object is no count
    assert server.connections <= 100
    assert server.heads[0].startswith("POST /bot42:TEST/getChatMemberCount HTTP/1.1")


async def test_no_more_connections_are_opened_than_the_pool_holds(monkeypatch):
    monkeypatch.setattr(client, "_CONNECTIONS", 3)

    async def slow(_path, _body, writer):
        await asyncio.sleep(0.01)
        writer.write(answer(ME))

    async with serving(slow) as server, speaking(server.url) as bot:
        await asyncio.gather(*(bot.get_me() for _ in range(20)))
    assert server.connections == 3


async def test_an_answer_in_pieces_and_chunks_means_the_same():
    async def in_pieces(_path, _body, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for piece in (ME[:7], ME[7:30], ME[30:]):
            writer.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            await writer.drain()
            await asyncio.sleep(0)
        writer.write(b"0\r\n\r\n")

    async with serving(in_pieces) as server, speaking(server.url) as bot:
        assert (await bot.get_me()).username == "bot"


async def test_a_second_answer_to_one_request_is_not_taken_for_that_to_the_next():
    count = iter(range(10))

    async def twice(_path, _body, writer):
        own = b'{"ok":true,"result":%d}' % next(count)
        writer.write(answer(own) + answer(b'{"ok":true,"result":99}'))

    async with serving(twice) as server, speaking(server.url) as bot:
        for number in range(2):
            with suppress(TelegramNetworkError):  # the connection is spoilt: unknown is right as well
                assert await bot.get_chat_member_count(1) == number


async def test_an_answer_that_comes_too_late_is_not_taken_for_that_to_the_next():
    async def late_at_first(_path, body, writer):
        await asyncio.sleep(0.3 if b'"chat_id":1' in body else 0)
        writer.write(answer(b'{"ok":true,"result":%d}' % (1 if b'"chat_id":1' in body else 2)))

    async with serving(late_at_first) as server, speaking(server.url) as bot:
        with pytest.raises(TelegramNetworkError, match="no answer in time") as caught:
            await bot.get_chat_member_count(1, request_timeout=0.1)  # type: ignore[arg-type] # less than a second
        assert not isinstance(caught.value, NotConnectedError)
        assert await bot.get_chat_member_count(2) == 2


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"HTTP/1.1 200",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x00\xff" * 50,
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n{}",
        answer(ME)[:-8],
        answer(b"<html>captive portal"),
        answer(b"", "302 Found", "Location: http://127.0.0.1:9/elsewhere\r\n"),
        answer(b"[]"),
        answer(b'{"ok":true,"result":{"id":"x"}}'),
    ],
    ids=["nothing", "half a head", "ssh", "noise", "no length", "cut", "html", "redirect", "a list", "shape"],
)
async def test_after_an_answer_that_is_none_the_outcome_is_unknown(said):
    async with serving(always(said, closes=True)) as server, speaking(server.url) as bot:
        with pytest.raises(TelegramNetworkError) as caught:
            await bot.get_me()
    assert not isinstance(caught.value, NotConnectedError)
    assert "TEST" not in str(caught.value)


@pytest.mark.parametrize("is_announced", [True, False])
async def test_an_answer_longer_than_the_limit_is_not_read_to_its_end(monkeypatch, is_announced):
    monkeypatch.setattr(answers, "_ANSWER_LIMIT", 100_000)
    taken = 0

    async def endless(_path, _body, writer):
        nonlocal taken
        length = "Content-Length: 50000000\r\n" if is_announced else ""
        writer.write(f"HTTP/1.1 200 OK\r\n{length}\r\n".encode())
        with suppress(ConnectionError):
            while taken < 50_000_000:
                writer.write(b" " * 10_000)
                await writer.drain()
                taken += 10_000

    async with serving(endless) as server, speaking(server.url) as bot:
        with pytest.raises(UnreadableAnswerError, match="more than 100000 bytes"):
            await bot.get_me()
    assert taken < 20_000_000


async def test_the_page_of_a_gateway_is_a_server_error():
    async with (
        serving(always(answer(b"<html>no luck", "502 Bad Gateway"))) as server,
        speaking(server.url) as bot,
    ):
        with pytest.raises(TelegramServerError):
            await bot.get_me()


@pytest.mark.parametrize("body", [b"null", b"[]", b'"x"', b"5", b"{}", b'{"message":"gw"}', b'{"ok":false}'])
@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("502 Bad Gateway", TelegramServerError),
        ("429 Too Many Requests", (TelegramRetryAfter, UnreadableAnswerError)),
        ("403 Forbidden", (TelegramForbiddenError, UnreadableAnswerError)),
        ("200 OK", TelegramAPIError),
    ],
)
async def test_whatever_json_comes_instead_of_an_answer_is_an_error_of_telegram(body, status, error):
    async with serving(always(answer(body, status))) as server, speaking(server.url) as bot:
        bot.session.middleware.unregister(bot.session.middleware[1])  # without its own retries
        with pytest.raises(error) as caught:
            await bot.get_me()
    is_from_telegram = b'"ok"' in body
    assert is_from_telegram or not isinstance(caught.value, TelegramForbiddenError)


@pytest.mark.parametrize(
    ("parameters", "waits"),
    [
        (b"[1]", 1),
        (b'{"retry_after":-1}', 1),
        (b'{"retry_after":"5"}', 1),
        (b'{"retry_after":1e99}', 1),
        (b'{"retry_after":7}', 7),
        (b'{"retry_after":99999999}', 86_400),
    ],
)
async def test_a_demanded_wait_is_one_that_can_be_waited(parameters, waits):
    body = b'{"ok":false,"error_code":429,"parameters":%b}' % parameters
    for status in ("429 Too Many Requests", "200 OK"):  # some servers say it in the answer only
        async with serving(always(answer(body, status))) as server, speaking(server.url) as bot:
            bot.session.middleware.unregister(bot.session.middleware[1])  # without its own retries
            with pytest.raises(TelegramRetryAfter) as caught:
                await bot.get_me()
        assert caught.value.retry_after == waits


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "http://no-such-host.invalid"])
async def test_where_nobody_listens_nothing_was_sent(url):
    async with speaking(url) as bot:
        with pytest.raises(NotConnectedError, match="not connected"):
            await bot.get_me()


async def test_a_call_whose_connection_was_closed_before_it_was_written_was_not_sent():
    async with serving(always(answer(ME))) as server, speaking(server.url) as bot:
        await bot.get_me()
        assert isinstance(bot.session, client.TelegramSession)
        session = await bot.session.create_session()

        async def close_at_once(*_about: object) -> None:
            server.writers[-1].close()
            for _ in range(2):  # the client sees the end, and has not let go of the connection yet
                await asyncio.sleep(0)

        trace = TraceConfig()
        trace.on_connection_reuseconn.append(close_at_once)
        trace.freeze()
        session.trace_configs.append(trace)
        with pytest.raises(NotConnectedError, match="closed before the call was sent") as caught:
            await bot.get_me()
    assert "TEST" not in str(caught.value)
    assert len(server.heads) == 1


async def test_a_host_that_never_answers_the_handshake_is_given_up():
    with create_server(("127.0.0.1", 0)) as mute:
        async with speaking(f"https://127.0.0.1:{mute.getsockname()[1]}") as bot:
            with pytest.raises(TelegramNetworkError):
                await bot.get_me(request_timeout=1)


async def test_a_closed_session_is_not_opened_again():
    async with serving(always(answer(ME))) as server:
        async with speaking(server.url) as bot:
            await bot.get_me()
        with pytest.raises(RuntimeError, match="closed"):
            await bot.get_me()
    assert server.connections == 1


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """A certificate authority that this process trusts."""
    made = trustme.CA()
    made.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    return made


def certified(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


async def test_https_is_spoken_with_a_server_whose_certificate_is_right(authority: trustme.CA):
    context = certified(authority, "127.0.0.1")
    async with serving(always(answer(ME)), context) as server, speaking(server.url) as bot:
        assert (await bot.get_me()).username == "bot"


async def test_nothing_is_sent_to_a_server_with_another_ones_certificate(authority: trustme.CA):
    context = certified(authority, "example.org")
    async with serving(always(answer(ME)), context) as server, speaking(server.url) as bot:
        with pytest.raises(NotConnectedError, match="certificate verify failed"):
            await bot.get_me()
    assert server.heads == []
