"""What a failure of the HTTP transport means for a call: it did not begin, or its outcome is unknown."""

from __future__ import annotations

from asyncio import IncompleteReadError
from typing import Any

from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import TelegramMethod
from aiohttp import (
    ClientConnectionResetError,
    ClientConnectorError,
    ClientError,
    ClientHttpProxyError,
    ClientOSError,
    ClientResponseError,
    ConnectionTimeoutError,
)
from aiohttp_socks import ProxyConnectionError, ProxyError, ProxyTimeoutError

#: What aiohttp and the proxies raise; an incomplete read is that of a proxy's handshake.
TRANSPORT_ERRORS = (
    ClientError,
    OSError,  # TimeoutError is one
    ProxyError,
    ProxyConnectionError,
    ProxyTimeoutError,
    IncompleteReadError,
)


class NotConnectedError(TelegramNetworkError):
    """The call did not begin: without a connection to its end it was not sent, or not whole."""


class NotBegunError(NotConnectedError):
    """The call was not made: it was its turn, but this instance sends no more."""


class UnreadableAnswerError(TelegramNetworkError):
    """Something answered, but its meaning cannot be told: the outcome of the call is unknown."""


def as_telegram_error(error: Exception, method: TelegramMethod[Any]) -> TelegramNetworkError:
    """One of `TRANSPORT_ERRORS` as an error of aiogram: NotConnectedError when no whole request was sent.

    No message holds the address of the request, which holds the bot's token.
    """
    match error:
        case ClientHttpProxyError():
            return NotConnectedError(method, f"the proxy refuses: {error.status} {error.message}")
        case ProxyError() | ProxyConnectionError() | ProxyTimeoutError() | IncompleteReadError():
            return NotConnectedError(method, f"the proxy refuses: {error}")
        case ClientConnectorError() | ConnectionTimeoutError():
            return NotConnectedError(method, f"not connected: {_reason(error)}")
        case ClientOSError(__cause__=ClientConnectionResetError()):
            # aiohttp found the connection closed while bytes of the request were still to be written
            return NotConnectedError(method, "the connection was closed before the call was sent")
        case TimeoutError():
            return TelegramNetworkError(method, "no answer in time")
    return TelegramNetworkError(method, _reason(error))


def _reason(error: Exception) -> str:
    """What went wrong; errors about a response or of writing say the address, so their cause is taken."""
    if isinstance(error, ClientOSError) and not isinstance(error, ClientConnectorError) and error.__cause__:
        return str(error.__cause__) or "the connection was cut"
    if isinstance(error, ClientResponseError):
        return error.message or f"HTTP {error.status}"
    return str(error) or "the connection was cut"
