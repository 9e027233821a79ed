"""What a failure of the HTTP transport means for a call: it did not begin, or its outcome is unknown."""

from __future__ import annotations

from asyncio import IncompleteReadError
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import TelegramMethod
from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientHttpProxyError,
    ClientResponseError,
    ConnectionTimeoutError,
)
from aiohttp_socks import ProxyConnectionError, ProxyError, ProxyTimeoutError

#: Failures of the connection itself, made before anything of the request was sent.
_NOT_CONNECTED = (ClientConnectorError, ConnectionTimeoutError)

#: Refusals and failures of a SOCKS or CONNECT proxy, likewise before anything was sent; an incomplete
#: read is that of its handshake.
_PROXY = (ProxyError, ProxyConnectionError, ProxyTimeoutError, IncompleteReadError)


class NotConnectedError(TelegramNetworkError):
    """The call did not begin: there was no connection, so nothing was sent."""


class UnreadableAnswerError(TelegramNetworkError):
    """Something answered, but its meaning cannot be told: the outcome of the call is unknown."""


@contextmanager
def told_as_telegram_errors(method: TelegramMethod[Any]) -> Iterator[None]:
    """Raise the errors of aiohttp and of proxies as errors of aiogram.

    No message holds the address of the request, which holds the bot's token.

    Raises:
        NotConnectedError: nothing was sent.
        TelegramNetworkError: the call began and its outcome is unknown.
    """
    try:
        yield
    except ClientHttpProxyError as error:
        raise NotConnectedError(method, f"the proxy refuses: {error.status} {error.message}") from error
    except _PROXY as error:
        raise NotConnectedError(method, f"the proxy refuses: {error}") from error
    except _NOT_CONNECTED as error:
        raise NotConnectedError(method, f"not connected: {_reason(error)}") from error
    except TimeoutError as error:
        raise TelegramNetworkError(method, "no answer in time") from error
    except (ClientError, OSError) as error:
        raise TelegramNetworkError(method, _reason(error)) from error


def _reason(error: Exception) -> str:
    """What went wrong; an error about a response says the address, so only its own message is taken."""
    if isinstance(error, ClientResponseError):
        return error.message or f"HTTP {error.status}"
    return str(error) or "the connection was cut"
