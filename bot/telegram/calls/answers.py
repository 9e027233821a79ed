"""The answer to a call: read within a bound, and brought into the shape that aiogram gives its methods."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from typing import Any

from aiogram import Bot
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiohttp import ClientResponse
from pydantic import ValidationError

from bot.telegram.calls.decoding import decode
from bot.telegram.calls.prepared import SentMessage
from bot.telegram.calls.transport_errors import UnreadableAnswerError

#: Longest answer that is read, in bytes: a hundred updates of the largest messages are far below it.
_ANSWER_LIMIT = 8 * 1024 * 1024

#: What a refusal may say besides its description, and the longest wait that it may demand (seconds).
_PARAMETERS, _LONGEST_WAIT = ("retry_after", "migrate_to_chat_id"), 24 * 3600


async def read_bounded(response: ClientResponse, method: TelegramMethod[Any]) -> bytes:
    """The body of an answer.

    Raises:
        UnreadableAnswerError: it is longer than it may be.
    """
    length = response.content_length
    if length is not None and length <= _ANSWER_LIMIT:
        return await response.read()
    content = bytearray()
    if length is None:
        async for chunk in response.content.iter_any():
            content += chunk
            if len(content) > _ANSWER_LIMIT:
                break
        else:
            return bytes(content)
    raise UnreadableAnswerError(method, f"HTTP {response.status} with more than {_ANSWER_LIMIT} bytes")


def sent_message(status: int, content: bytes) -> SentMessage | None:
    """The message that a prepared call sent; None when the answer says something else."""
    if status != HTTPStatus.OK:
        return None
    try:
        return SentMessage(int(decode(content)["result"]["message_id"]))
    except (ValueError, TypeError, KeyError):
        return None


def object_of(content: bytes) -> dict[str, Any] | None:
    """The answer of a Bot API server; None for what is none."""
    try:
        answer = decode(content)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None


def refused_status(status: int, answer: dict[str, Any]) -> int:
    """The status of a refusal; some servers say it in the answer only."""
    code = answer.get("error_code")
    return code if status == HTTPStatus.OK and isinstance(code, int) else status


def readable_refusal(answer: dict[str, Any]) -> dict[str, Any]:
    """A refusal without what has no known shape, and with a wait that can be waited."""
    description, code, told = (answer.get(name) for name in ("description", "error_code", "parameters"))
    given = {name: told.get(name) for name in _PARAMETERS} if isinstance(told, dict) else {}
    parameters = {name: value for name, value in given.items() if type(value) is int}
    if "retry_after" in parameters:
        parameters["retry_after"] = max(1, min(parameters["retry_after"], _LONGEST_WAIT))
    read = {"ok": False, "parameters": parameters}
    read |= {"description": description} if isinstance(description, str) else {}
    return read | ({"error_code": code} if isinstance(code, int) else {})


def validated(
    bot: Bot, method: TelegramMethod[TelegramType], answer: dict[str, Any]
) -> Response[TelegramType]:
    """An answer that is ok, as the model of its method.

    Raises:
        UnreadableAnswerError: it has another shape.
    """
    try:
        return _shape(type(method)).model_validate(answer, context={"bot": bot})
    except ValidationError as error:
        message = f"the answer has another shape in {error.error_count()} places"
        raise UnreadableAnswerError(method, message) from error


@cache
def _shape(method: type[TelegramMethod[Any]]) -> type[Response[Any]]:
    """The shape of a method's answers; kept, since pydantic would build it anew at each call."""
    return Response[method.__returning__]  # type: ignore[name-defined] # only known here
