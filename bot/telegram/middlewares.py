"""Request middlewares of the session: rate limiter, retries of answers, counting."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType
from tenacity import AsyncRetrying, retry_if_exception, stop_after_delay, wait_exponential_jitter

from bot.telegram.calls.transport_errors import NotBegunError, NotConnectedError
from bot.telegram.rate_limiter import Lane, RateLimiter, Target, WaitTooLong

#: The calls that Telegram counts; the others pass the limiter but obey a 429.
_COUNTED = ("send", "edit", "copy", "forward")

#: Nobody sees an acknowledgement or an edit twice, and to ask for rights changes nothing.
_REPEATABLE = frozenset(
    {
        "answerCallbackQuery",
        "editMessageCaption",
        "editMessageMedia",
        "editMessageReplyMarkup",
        "editMessageText",
        "getChatAdministrators",
        "getChatMember",
    }
)

#: How long an answer is tried again while it cannot have arrived (seconds).
_ANSWER_TIME = 12.0

#: Told the method of a call, how it ended (ok, refused, too_many, held_back, unreachable), and its seconds.
Count = Callable[[str, str, float], None]


class RateLimit(BaseRequestMiddleware):
    """Has each call wait for its turn, and tells the limiter of each 429."""

    def __init__(self, limiter: RateLimiter) -> None:
        self._limiter = limiter

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> TelegramType:
        """Call when the limiter allows it.

        Raises:
            TelegramRetryAfter: the wait would be too long, so the call was not made; or Telegram's 429.
            NotBegunError: it may not be made any more.
        """
        is_counted = _is_counted(method)
        target = _target(method, is_counted=is_counted)
        try:
            await (
                self._limiter.acquire(target, lane_of(bot)) if is_counted else self._limiter.wait_out(target)
            )
        except WaitTooLong as wait:
            message = "not called: the rate limit would be waited for too long"
            raise TelegramRetryAfter(method, message, math.ceil(wait.seconds)) from wait
        may_call = getattr(bot, "may_call", None)
        if may_call is not None and not await may_call():
            raise NotBegunError(method, "not called: this instance sends no more")
        try:
            return await make_request(bot, method)  # type: ignore[return-value] # aiogram's own annotation
        except TelegramRetryAfter as error:
            refused = self._limiter.on_retry_after if is_counted else self._limiter.park
            refused(target, error.retry_after)
            raise


class RetryAnswers(BaseRequestMiddleware):
    """Tries an answer again that cannot have arrived; the sender of posts has its own retry policy.

    Retried are calls that were not connected, that met a 429 shorter than the time left, and those that
    the server could not take (5xx). An unknown outcome is not retried, since it could arrive twice, but
    for what may be done twice. Questions about rights are: an administrator who could not be looked up
    would be told that they are none.
    """

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> TelegramType:
        """Call, and call again within the time of an answer."""
        try:
            return await make_request(bot, method)  # type: ignore[return-value] # aiogram's own annotation
        except TelegramAPIError as error:
            if lane_of(bot) is not Lane.ANSWER or not _may_call_again(method, error):
                raise
        retrying = AsyncRetrying(
            retry=retry_if_exception(partial(_may_call_again, method)),
            wait=wait_exponential_jitter(multiplier=0.2, max=3.0, jitter=0.2),
            stop=stop_after_delay(_ANSWER_TIME),
            reraise=True,
        )
        async for attempt in retrying:
            with attempt:
                return await make_request(bot, method)  # type: ignore[return-value] # likewise
        raise AssertionError("a retry ends with an answer or an error")


class CountCalls(BaseRequestMiddleware):
    """Counts and times each call with its retries."""

    def __init__(self, count: Count) -> None:
        self._count = count

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> TelegramType:
        """Call, and tell how it ended."""
        began = time.perf_counter()
        outcome = "ok"
        try:
            return await make_request(bot, method)  # type: ignore[return-value] # aiogram's own annotation
        except TelegramAPIError as error:
            outcome = _outcome(error)
            raise
        finally:
            self._count(method.__api_method__, outcome, time.perf_counter() - began)


def lane_of(bot: Bot) -> Lane:
    """The lane in which a bot calls."""
    lane: Lane = getattr(bot, "lane", Lane.ANSWER)
    return lane


def _is_counted(method: TelegramMethod[Any]) -> bool:
    name = method.__api_method__
    return name.startswith(_COUNTED) and name != "sendChatAction"


def _may_call_again(method: TelegramMethod[Any], error: BaseException) -> bool:
    if method.__api_method__ in _REPEATABLE:
        return _cannot_have_arrived(error) or isinstance(error, TelegramNetworkError)
    return _is_counted(method) and _cannot_have_arrived(error)


def _cannot_have_arrived(error: BaseException) -> bool:
    """Whether a call certainly did not arrive, and may do so within the time of an answer."""
    if isinstance(error, TelegramRetryAfter):
        return error.retry_after < _ANSWER_TIME and not isinstance(error.__cause__, WaitTooLong)
    return isinstance(error, NotConnectedError | TelegramServerError)


def _target(method: TelegramMethod[Any], *, is_counted: bool) -> Target:
    """What a refusal is about: the chat of a message; of another call, that call in that chat."""
    chat, name = getattr(method, "chat_id", None), method.__api_method__
    if not isinstance(chat, int | str):
        return name
    return chat if is_counted else f"{name} {chat}"


def _outcome(error: TelegramAPIError) -> str:
    """How a call ended, in a word."""
    if isinstance(error, TelegramRetryAfter):
        return "held_back" if isinstance(error.__cause__, WaitTooLong) else "too_many"
    return "unreachable" if isinstance(error, TelegramNetworkError) else "refused"
