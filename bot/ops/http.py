"""What the bot says over HTTP: whether it lives, whether it is ready, its metrics, and Telegram's webhook."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

from aiohttp import web, web_response
from aiohttp.http_exceptions import HttpProcessingError

from bot.errors import OperatorError, SettingsError
from bot.ops.health import Check

#: An update is far smaller (bytes).
_BODY_LIMIT = 2 * 1024 * 1024

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

# aiohttp has no setting for it, and would tell everybody its version and Python's
web_response.SERVER_SOFTWARE = "silkline"  # type: ignore[attr-defined] # not among its public names


class _FaultsOfPeers(logging.Filter):
    """Tells in one line what aiohttp logs as an error of ours, with its trace: a request that broke off."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every line pass; of those, change the ones about a peer."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, (ConnectionError, HttpProcessingError, web.RequestPayloadError)):
            record.levelno, record.levelname = logging.INFO, "INFO"
            record.msg, record.args = "a request broke off: %s", (type(error).__name__,)
            record.exc_info = record.exc_text = None
        return True


logging.getLogger("aiohttp.server").addFilter(_FaultsOfPeers())


def build_site(
    checks: Mapping[str, Check],
    posts: Mapping[str, Handler] | None = None,
    gets: Mapping[str, Handler] | None = None,
    notice: Callable[[], str | None] = lambda: None,
) -> web.Application:
    """The site: ``/livez``, ``/readyz`` from *checks*, and a handler for each path of *posts* and *gets*.

    A *notice* stands beside the checks and changes nothing.
    """
    site = web.Application(client_max_size=_BODY_LIMIT)

    async def livez(_request: web.Request) -> web.Response:
        return web.Response(text="alive\n")

    async def readyz(_request: web.Request) -> web.Response:
        problems = await asyncio.gather(*(check() for check in checks.values()))
        found = dict(zip(checks, problems, strict=True))
        is_ready = not any(found.values())
        states = {name: problem or "ok" for name, problem in found.items()}
        told = {"ready": is_ready, "checks": states} | ({"notice": notice()} if notice() else {})
        return web.json_response(told, status=200 if is_ready else 503)

    site.router.add_get("/livez", livez)
    site.router.add_get("/readyz", readyz)
    for path, handler in (posts or {}).items():
        site.router.add_post(path, handler)
    for path, handler in (gets or {}).items():
        site.router.add_get(path, handler)
    return site


@asynccontextmanager
async def serving(site: web.Application, host: str, port: int) -> AsyncIterator[str]:
    """Serve a site; gives its address.

    The host ``::`` stands for every address of this machine, of IPv4 as well.

    Raises:
        OperatorError: another program has the port.
        SettingsError: this machine has no such host, or does not give the port.
    """
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=5.0)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, None if host == "::" else host, port).start()
        except OSError as error:
            raise _refusal(error, host, port) from error
        yield f"http://{_in_url(host)}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def _refusal(error: OSError, host: str, port: int) -> OperatorError:
    """Which setting is to blame for a place that cannot be had."""
    if isinstance(error, socket.gaierror):
        return SettingsError(f"HTTP_HOST: {host} is not known as a host: {error.strerror}")
    reason = os.strerror(error.errno or 0)
    if error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
        return SettingsError(f"HTTP_HOST: {host} is no address of this machine: {reason}")
    message = f"HTTP_PORT: {_in_url(host)}:{port} cannot be had: {reason}"
    # whoever has it may let it go, and a service manager starts again; another setting is for people
    return OperatorError(message) if error.errno == errno.EADDRINUSE else SettingsError(message)


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
