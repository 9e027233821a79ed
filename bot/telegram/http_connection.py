"""One open connection to an HTTP server: a request, then its answer; the only importer of httptools."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import NamedTuple, cast

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser


class Response(NamedTuple):
    """What a server answered: the status as a number, and the body."""

    status: int
    body: bytes


class InterruptedAnswerError(ConnectionError):
    """The connection ended before an answer, or brought something else: what became of it is unknown."""


class Connection(asyncio.Protocol):
    """HTTP/1.1 as a client; one request at a time, used again while both sides keep it open."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._parser = HttpResponseParser(self)
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[Response] | None = None
        self._status = 0
        self._parts: list[bytes] = []
        self._is_kept = True
        self._used_at = 0.0

    async def ask(self, request: bytes, seconds: float) -> Response:
        """Send a request, as it goes over the wire, and wait for its answer.

        Raises:
            InterruptedAnswerError: there was none, or one that is no HTTP.
            TimeoutError: it did not come within *seconds*.
        """
        if self._transport is None:
            raise InterruptedAnswerError("the connection is not open")
        answer: asyncio.Future[Response] = self._loop.create_future()
        self._answer = answer
        deadline = self._loop.call_later(seconds, self._expire, seconds)
        try:
            self._transport.write(request)
            return await answer
        except BaseException:
            self.drop()  # an answer that comes too late must not be taken for the next one's
            raise
        finally:
            deadline.cancel()
            self._answer = None
            self._used_at = self._loop.time()

    def is_usable(self, seconds: float) -> bool:
        """Whether it may be asked again: kept open by both sides, and idle for at most so long."""
        is_open = self._transport is not None and not self._transport.is_closing()
        return is_open and self._is_kept and self._loop.time() - self._used_at <= seconds

    def drop(self) -> None:
        """Close it at once; who waits gets what came of the answer, or is told that it was interrupted."""
        self._is_kept = False
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection is open."""
        self._transport = cast("asyncio.Transport", transport)
        self._used_at = self._loop.time()

    def data_received(self, data: bytes) -> None:
        """A piece of the answer."""
        if self._answer is None:
            self.drop()  # nobody asked
            return
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade) as error:
            self._fail(InterruptedAnswerError(f"the answer is no HTTP: {error}"))

    def connection_lost(self, exc: Exception | None) -> None:
        """The other side closed, or the network did; a body may end by that."""
        self._is_kept = False
        if self._status >= HTTPStatus.OK:
            self._finish()
        else:
            self._fail(InterruptedAnswerError(str(exc or "closed without an answer")))

    def on_message_begin(self) -> None:
        """An answer begins; a second one to the same request spoils the connection."""
        if self._answer is None or self._answer.done():
            self._is_kept = False

    def on_headers_complete(self) -> None:
        """The status is known."""
        self._status = self._parser.get_status_code()

    def on_body(self, body: bytes) -> None:
        """A piece of the body."""
        self._parts.append(body)

    def on_message_complete(self) -> None:
        """The answer is complete; what only announces one is left."""
        if self._status >= HTTPStatus.OK:
            self._is_kept = self._is_kept and self._parser.should_keep_alive()
            self._finish()
        self._status = 0

    def _finish(self) -> None:
        response = Response(self._status, b"".join(self._parts))
        self._status, self._parts = 0, []
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(response)

    def _expire(self, seconds: float) -> None:
        self._fail(TimeoutError(f"no answer within {round(seconds, 1):g} s"))

    def _fail(self, error: Exception) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)
