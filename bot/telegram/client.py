"""The one way out: aiogram's session on aiohttp, with JSON bodies, bounded answers and a proxy."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from functools import cache
from http import HTTPStatus
from typing import Any, cast

import orjson
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.session.middlewares.base import NextRequestMiddlewareType
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import ClientDecodeError, TelegramRetryAfter, TelegramServerError
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import LinkPreviewOptions
from aiohttp import ClientSession, ClientTimeout, DummyCookieJar
from yarl import URL

from bot.telegram.calls.answers import (
    object_of,
    read_bounded,
    readable_refusal,
    refused_status,
    sent_message,
    validated,
)
from bot.telegram.calls.decoding import decode
from bot.telegram.calls.encoding import Body, encode
from bot.telegram.calls.prepared import PreparedCall, SentMessage
from bot.telegram.calls.tls import trusting_context
from bot.telegram.calls.transport_errors import (
    TRANSPORT_ERRORS,
    NotConnectedError,
    UnreadableAnswerError,
    as_telegram_error,
)
from bot.telegram.rate_limiter import Lane

__all__ = ["LaneBot", "NotConnectedError", "TelegramSession", "UnreadableAnswerError", "make_bot"]

#: Connections at once: more than intake and broadcast have in work together.
_CONNECTIONS = 256

#: How long connecting may take, and how long an idle connection is kept (seconds).
_CONNECT_LIMIT = 10.0
_IDLE_LIMIT = 15.0

#: Of every request. Those that aiohttp adds itself are named: leaving them out would cost more.
_HEADERS = {
    "Accept": "*/*",
    "Accept-Encoding": "identity",
    "Content-Type": "application/json",
    "User-Agent": "silkline",
}


class LaneBot(Bot):
    """A bot whose calls go through one lane of the rate limiter."""

    lane: Lane = Lane.ANSWER

    #: Asked when the turn of a call came: whether it may still go out.
    may_call: Callable[[], Awaitable[bool]] | None = None

    async def send_prepared(self, call: PreparedCall) -> SentMessage:
        """Send a message whose body is encoded already.

        Raises:
            TelegramAPIError: as any other call.
        """
        method = cast("TelegramMethod[SentMessage]", call)  # has what the session and its middlewares read
        # the sender of posts cuts what is overdue itself: a timer for each call would cost too much
        seconds = math.inf if self.lane is Lane.BROADCAST else None
        return await self.session(self, method, timeout=seconds)  # type: ignore[arg-type] # aiogram says int

    @property
    def username(self) -> str:
        """The name by which links lead to the bot; empty until it was asked for with `me`."""
        return (self._me and self._me.username) or ""


def make_bot(token: str, session: TelegramSession, lane: Lane = Lane.ANSWER) -> LaneBot:
    """A bot that writes without link previews, in one lane; what is HTML says so where it is made."""
    defaults = DefaultBotProperties(link_preview=LinkPreviewOptions(is_disabled=True))
    bot = LaneBot(token, session=session, default=defaults)
    bot.lane = lane
    return bot


class TelegramSession(AiohttpSession):
    """aiogram's session, shared by all bots of an instance.

    *proxy* is an ``http``, ``https``, ``socks5`` or ``socks5h`` address; SOCKS and HTTP proxies are
    asked for a tunnel, and host names are resolved by them. What differs from aiogram's own: calls
    without files go out as JSON; an answer is bounded in size, is never redirected and never
    decompressed; a closed session is not opened again.
    """

    def __init__(self, base_url: str, proxy: str | None = None) -> None:
        is_https_proxy = proxy is not None and proxy.startswith("https://")
        super().__init__(
            proxy=None if is_https_proxy or proxy is None else proxy.replace("socks5h://", "socks5://", 1),
            api=TelegramAPIServer.from_base(base_url),
            json_loads=decode,
        )
        self._https_proxy = proxy if is_https_proxy else None
        self._connector_init |= {
            "ssl": trusting_context(),
            "limit": _CONNECTIONS,
            "keepalive_timeout": _IDLE_LIMIT,
            "ttl_dns_cache": 60,
        }
        self._is_closed = False
        self._urls: dict[tuple[str, str], URL] = {}  # as many as there are methods in use
        self._chains: dict[tuple[float | None, int], NextRequestMiddlewareType[Any]] = {}

    async def create_session(self) -> ClientSession:
        """The one client of the session.

        Raises:
            RuntimeError: the session was closed; a late call must not open it again.
        """
        if self._is_closed:
            raise RuntimeError("the session to Telegram is closed")
        if self._session is None:
            self._session = ClientSession(
                connector=self._connector_type(**self._connector_init),
                cookie_jar=DummyCookieJar(),
                auto_decompress=False,
                headers=_HEADERS,
            )
        return self._session

    async def close(self) -> None:
        """Close the client for good."""
        self._is_closed = True
        await super().close()

    async def __call__(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: float | None = None,  # noqa: ASYNC109 - aiogram's
    ) -> TelegramType:
        """Call through the middlewares; aiogram would put their chain together anew for each call."""
        key = timeout, len(self.middleware)
        chain = self._chains.get(key)
        if chain is None:
            chain = self.middleware.wrap_middlewares(self.make_request, timeout=timeout)
            self._chains[key] = chain
        return await chain(bot, method)  # type: ignore[return-value] # aiogram's own annotation

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: float | None = None,  # noqa: ASYNC109 - aiogram's own signature
    ) -> TelegramType:
        """Call a method of the Bot API.

        Raises:
            NotConnectedError: the call did not begin.
            TelegramNetworkError: the call began and its outcome is unknown.
            TelegramAPIError: Telegram refused.
        """
        url = self._url(bot.token, method.__api_method__)
        is_prepared = isinstance(method, PreparedCall)
        body = Body(method.encoded()) if is_prepared else await encode(bot, method)  # type: ignore[attr-defined] # it is one
        try:
            status, content = await self._post(url, body, timeout or self.timeout, method)
        except TRANSPORT_ERRORS as error:
            raise as_telegram_error(error, method) from error
        if is_prepared and (sent := sent_message(status, content)):
            return sent  # type: ignore[return-value] # what a prepared call returns
        return self.check_response(bot, method, status, content).result  # type: ignore[return-value] # there is one

    def _url(self, token: str, method: str) -> URL:
        url = self._urls.get((token, method))
        if url is None:
            address = self.api.api_url(token=token, method=method)
            url = self._urls[token, method] = URL(address, encoded=True)
        return url

    async def _post(
        self, url: URL, body: Body, seconds: float, method: TelegramMethod[Any]
    ) -> tuple[int, bytes]:
        client = await self.create_session()
        response = await client.post(
            url,
            data=body.content,
            headers=body.headers,
            allow_redirects=False,
            proxy=self._https_proxy,
            timeout=_timeout(seconds),
        )
        try:
            return response.status, await read_bounded(response, method)
        finally:
            response.release()

    def check_response(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        status_code: int,
        content: str | bytes,
    ) -> Response[TelegramType]:
        """The answer as aiogram reads it, with what is no answer of a Bot API server told apart.

        Raises:
            NotConnectedError: a proxy asked for its own password; nothing reached Telegram.
            UnreadableAnswerError: the meaning of the answer is unknown.
            TelegramAPIError: Telegram refused.
        """
        if status_code == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
            raise NotConnectedError(method, "the proxy refuses: 407")
        answer = object_of(content if isinstance(content, bytes) else content.encode())
        is_too_many = status_code == HTTPStatus.TOO_MANY_REQUESTS  # whoever says so, and in whatever words
        if answer is None or ("ok" not in answer and not is_too_many):
            if status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:  # the page of a proxy
                raise TelegramServerError(method, f"HTTP {status_code}")
            raise UnreadableAnswerError(method, f"HTTP {status_code}, but not from a Bot API server")
        if status_code == HTTPStatus.OK and answer["ok"]:
            return validated(bot, method, answer)
        return self._refuse(bot, method, refused_status(status_code, answer), readable_refusal(answer))

    def _refuse(
        self, bot: Bot, method: TelegramMethod[TelegramType], status: int, answer: dict[str, Any]
    ) -> Response[TelegramType]:
        """Raise the error of aiogram that a refusal means."""
        answer.setdefault("description", f"HTTP {status}")
        if status == HTTPStatus.TOO_MANY_REQUESTS and "retry_after" not in answer["parameters"]:
            raise TelegramRetryAfter(method, answer["description"], 1)
        try:
            return super().check_response(bot, method, status, orjson.dumps(answer).decode())
        except ClientDecodeError as error:
            raise UnreadableAnswerError(method, f"HTTP {status} in an unknown shape") from error


@cache
def _timeout(seconds: float) -> ClientTimeout:
    total = None if math.isinf(seconds) else seconds
    return ClientTimeout(total=total, sock_connect=min(_CONNECT_LIMIT, seconds))
