"""The connections to Telegram: one pool for all that an instance calls."""

from __future__ import annotations

from aiohttp import ClientSession, DummyCookieJar, TCPConnector

_CONNECTIONS = 100

_UNREAD = ("Accept", "Accept-Encoding", "User-Agent")


class Connections:
    """The pool that every session of an instance shares; opened at the first call."""

    def __init__(self) -> None:
        self._client: ClientSession | None = None
        self._is_closed = False

    @property
    def client(self) -> ClientSession:
        """The pool.

        Raises:
            RuntimeError: it was closed; a late caller must not open it again.
        """
        if self._is_closed:
            raise RuntimeError("the connections to Telegram are closed")
        if self._client is None:
            connector = TCPConnector(limit=_CONNECTIONS, ttl_dns_cache=300)
            # Telegram sets no cookies, and headers that it does not read cost time in each call
            self._client = ClientSession(
                connector=connector, cookie_jar=DummyCookieJar(), skip_auto_headers=_UNREAD
            )
        return self._client

    async def close(self) -> None:
        """Close the pool for good."""
        self._is_closed = True
        if self._client is not None:
            await self._client.close()
