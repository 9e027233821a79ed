"""The one way out: aiogram's calls as JSON over one connection pool, each through the gate."""

from __future__ import annotations

import math
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from typing import Any, cast

import orjson
from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import Response, SendMessage, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import Chat, Message
from pydantic import ValidationError

from bot.telegram.decoding import decode
from bot.telegram.encoding import Body, encode, uploads_into_page
from bot.telegram.http_connection import Response as HttpResponse
from bot.telegram.http_pool import HttpPool, UnreachableError
from bot.telegram.prepared import PreparedCall, SentMessage
from bot.telegram.rate_limiter import Lane, RateLimiter, Target, WaitTooLong

#: The calls that Telegram counts; the others pass the gate but obey a refusal.
_COUNTED = ("send", "edit", "copy", "forward")

#: Calls of which nobody uses more of the answer than the message's id, chat and date.
_BRIEF = frozenset({"sendMessage", "editMessageText", "editMessageReplyMarkup", "sendRichMessage"})


#: Told the method of a call and how it ended: ok, refused, too_many, held_back, unreachable.
Count = Callable[[str, str], None]

#: What is sent: a call of aiogram's, or one that is encoded already.
_Subject = TelegramMethod[Any] | PreparedCall


class NotConnectedError(TelegramNetworkError):
    """The call did not begin: nobody answered at the other end, so nothing was sent."""


class UnreadableAnswerError(TelegramNetworkError):
    """Something answered, but what it means cannot be told."""


class Session(BaseSession):
    """A lane of one bot to one Bot API server.

    Of a text message that was sent, only id, chat and date are decoded. *count* is told each call's
    method and how it ended.
    """

    def __init__(
        self,
        connections: HttpPool,
        limiter: RateLimiter,
        lane: Lane,
        count: Count = lambda _method, _outcome: None,
    ) -> None:
        super().__init__(api=TelegramAPIServer.from_base(connections.base_url), json_loads=orjson.loads)
        self._connections = connections
        self._limiter = limiter
        self._lane = lane
        self._count = count

    async def close(self) -> None:
        """Nothing: the connections are shared, and closed by whoever made them."""

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 - aiogram's own signature
    ) -> TelegramType:
        """Call a method when the gate allows it.

        Raises:
            NotConnectedError: the call did not begin.
            TelegramNetworkError: the call began and its outcome is unknown.
            TelegramAPIError: Telegram refused, or the gate would have to wait too long.
        """
        name, place = method.__api_method__, _place(method)
        try:
            await self._wait(name, place, method)
            status, content = await self._post(bot, name, await encode(bot, method), timeout, method)
            answer = self._decode(bot, method, status, content)
        except TelegramAPIError as error:
            self._failed(name, place, error)
            raise
        self._count(name, "ok")
        return answer

    async def send_prepared(self, bot: Bot, call: PreparedCall) -> SentMessage:
        """Send a message that is encoded already: the same road as any call, without aiogram's types.

        Raises:
            TelegramAPIError: as `make_request` does.
        """
        name, place = call.method, call.chat_id
        try:
            await self._wait(name, place, call)
            status, content = await self._post(bot, name, Body(call.encoded()), None, call)
            message_id = self._sent_id(bot, call, status, content)
        except TelegramAPIError as error:
            self._failed(name, place, error)
            raise
        self._count(name, "ok")
        return SentMessage(message_id)

    def _failed(self, name: str, place: Target, error: TelegramAPIError) -> None:
        if isinstance(error, TelegramRetryAfter) and not isinstance(error.__cause__, WaitTooLong):
            self._limiter.on_retry_after(place, error.retry_after)
        self._count(name, _outcome(error))

    async def _wait(self, name: str, place: Target, about: _Subject) -> None:
        try:
            if name.startswith(_COUNTED) and name != "sendChatAction":
                await self._limiter.acquire(place, self._lane)
            else:
                await self._limiter.wait_out(place)
        except WaitTooLong as wait:
            message = "not called: the gate is closed for longer than anybody should wait"
            raise TelegramRetryAfter(_method(about), message, math.ceil(wait.seconds)) from wait

    async def _post(
        self, bot: Bot, name: str, body: Body, seconds: float | None, about: _Subject
    ) -> HttpResponse:
        path = f"/bot{bot.token}/{name}"
        try:
            return await self._connections.post(path, *body, seconds=seconds or self.timeout)
        except UnreachableError as error:
            raise NotConnectedError(_method(about), str(error)) from error
        except (TimeoutError, OSError) as error:
            raise TelegramNetworkError(_method(about), f"{type(error).__name__}: {error}") from error

    def _sent_id(self, bot: Bot, call: PreparedCall, status: int, content: bytes) -> int:
        if status == HTTPStatus.OK:
            with suppress(ValueError, TypeError, KeyError):
                return int(decode(content)["result"]["message_id"])
        known: int = self._decode(bot, _method(call), status, content).message_id
        return known

    def _decode(
        self, bot: Bot, method: TelegramMethod[TelegramType], status: int, content: bytes
    ) -> TelegramType:
        try:
            answer = decode(content)
            is_ok = status == HTTPStatus.OK and answer["ok"]
        except (ValueError, TypeError, KeyError) as error:
            if status >= HTTPStatus.INTERNAL_SERVER_ERROR:  # a proxy's page
                raise TelegramServerError(method, f"HTTP {status}") from error
            raise UnreadableAnswerError(method, f"HTTP {status}, but not from a Bot API server") from error
        if not is_ok:
            return cast("TelegramType", self._refusal(bot, method, status, answer))
        result = answer["result"]
        if _is_brief(method) and isinstance(result, dict) and "message_id" in result:
            return cast("TelegramType", _brief_message(result).as_(bot))
        return _validated(bot, method, result)

    def _refusal(self, bot: Bot, method: TelegramMethod[Any], status: int, answer: dict[str, Any]) -> None:
        if status == HTTPStatus.TOO_MANY_REQUESTS and not (answer.get("parameters") or {}).get("retry_after"):
            raise TelegramRetryAfter(method, str(answer.get("description")), 1)
        answer.setdefault("description", f"HTTP {status}")
        try:
            self.check_response(bot, method, status, orjson.dumps(answer).decode())
        except ClientDecodeError as error:
            raise UnreadableAnswerError(method, f"HTTP {status} in an unknown shape") from error

    def stream_content(self, *_request: Any, **_options: Any) -> AsyncGenerator[bytes, None]:
        """Nothing that a reader sends to this bot is fetched."""
        raise NotImplementedError("files are not fetched")


def _is_brief(method: TelegramMethod[Any]) -> bool:
    """Whether nobody reads more of the answer than id, chat and date; an upload's file_id is read."""
    return method.__api_method__ in _BRIEF and not uploads_into_page(method)


def _method(about: _Subject) -> TelegramMethod[Any]:
    """What aiogram's errors are about."""
    return SendMessage(chat_id=about.chat_id, text="") if isinstance(about, PreparedCall) else about


def _outcome(error: TelegramAPIError) -> str:
    """How a call ended, in a word."""
    if isinstance(error, TelegramRetryAfter):
        return "held_back" if isinstance(error.__cause__, WaitTooLong) else "too_many"
    return "unreachable" if isinstance(error, TelegramNetworkError) else "refused"


async def send_prepared(bot: Bot, call: PreparedCall) -> SentMessage:
    """Send a ready message as *bot*.

    Raises:
        TelegramAPIError: as any call of a `Session` does.
    """
    if not isinstance(bot.session, Session):
        raise TypeError("ready messages go out through a Session")
    return await bot.session.send_prepared(bot, call)


def _place(method: TelegramMethod[Any]) -> Target:
    chat = getattr(method, "chat_id", None)
    return chat if isinstance(chat, int | str) else method.__api_method__


def _brief_message(result: dict[str, Any]) -> Message:
    """A message of which only id, chat and date are known; a copy costs a tenth of a construction."""
    chat = result.get("chat", {})
    return _blank_message().model_copy(
        update={
            "message_id": result["message_id"],
            "date": datetime.fromtimestamp(result.get("date", 0), UTC),
            "chat": _blank_chat().model_copy(update={"id": chat.get("id"), "type": chat.get("type")}),
        }
    )


@cache
def _blank_message() -> Message:
    return Message.model_construct(message_id=0, date=datetime.fromtimestamp(0, UTC), chat=_blank_chat())


@cache
def _blank_chat() -> Chat:
    return Chat.model_construct(id=0, type="private")


def _validated(bot: Bot, method: TelegramMethod[TelegramType], result: Any) -> TelegramType:
    try:
        told = {"ok": True, "result": result}
        answer = _shape(type(method)).model_validate(told, context={"bot": bot})
    except ValidationError as error:
        message = f"the answer has another shape in {error.error_count()} places"
        raise UnreadableAnswerError(method, message) from error
    return cast("TelegramType", answer.result)


@cache
def _shape(method: type[TelegramMethod[Any]]) -> type[Response[Any]]:
    """What answers look like; kept here, since pydantic forgets and would build it anew."""
    return Response[method.__returning__]  # type: ignore[name-defined] # only known here
