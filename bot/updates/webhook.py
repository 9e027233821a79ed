"""Takes updates in by webhook: handled first, then 200, so that Telegram repeats what was lost."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import cast

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import WebhookInfo
from aiohttp import web
from pydantic import SecretStr

from bot.telegram.calls.decoding import decode
from bot.updates.raw_update import number_of
from bot.updates.state import IntakeState
from bot.updates.update_queue import UpdateQueue

log = logging.getLogger(__name__)

_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name

#: The path that Telegram posts to, behind WEBHOOK_URL.
PATH = "/telegram"


#: Telegram waits a minute for an answer (seconds).
_BOUND = 50.0

#: An error of Telegram's posts that is older than this is over.
_RECENT = timedelta(minutes=3)


class Webhook:
    """The handler of Telegram's requests."""

    def __init__(
        self, update_queue: UpdateQueue, state: IntakeState, secret: SecretStr, *, bound: float = _BOUND
    ) -> None:
        self._update_queue = update_queue
        self._state = state
        self._secret = secret
        self._bound = bound

    async def handle(self, request: web.Request) -> web.Response:
        """200 when the update was handled, 403 without the secret, 400 for what is no update.

        503 when it still waits behind others of its chat, or when the database was away: Telegram posts
        it again; it is handled once.
        """
        given = request.headers.get(_SECRET_HEADER, "").encode(errors="surrogateescape")
        if not compare_digest(given, self._secret.get_secret_value().encode()):
            return web.Response(status=403, text="the secret is missing or wrong\n")
        try:
            update = _update_of(await request.read())
        except (ValueError, web.RequestPayloadError, ConnectionError):
            return web.Response(status=400, text="no update: JSON with an update_id is expected\n")
        self._state.heard()
        task = self._update_queue.submit(update)
        if task is not None:
            await asyncio.wait([task], timeout=self._bound)
            if not task.done() or task.cancelled() or not task.result():
                return web.Response(status=503, text="not handled yet: post it again\n")
        return web.Response()


def _update_of(body: bytes) -> dict[str, object]:
    """The update of a request.

    Raises:
        ValueError: it holds none.
    """
    update = decode(body)
    if number_of(update) is None:
        raise ValueError("no update")
    return cast("dict[str, object]", update)


async def register(bot: Bot, url: str, secret: SecretStr, allowed_updates: list[str]) -> bool:
    """Have Telegram post updates to *url*, unless it does; whether that was new. What waits there is kept."""
    wanted, now = address(url, secret), await bot.get_webhook_info()
    if now.url == wanted and set(now.allowed_updates or ()) == set(allowed_updates):
        return False
    return await bot.set_webhook(
        wanted, secret_token=secret.get_secret_value(), allowed_updates=allowed_updates
    )


async def unregister(bot: Bot) -> bool:
    """Have Telegram keep updates for polling, unless it does; whether that was new."""
    if not (await bot.get_webhook_info()).url:
        return False
    return await bot.delete_webhook()


def address(url: str, secret: SecretStr) -> str:
    """Where Telegram posts to.

    Telegram tells a webhook's address but not its secret, so a few digits of the secret's digest stand in
    the address: when the secret changes, the address does.
    """
    return f"{url}{PATH}?key={sha256(secret.get_secret_value().encode()).hexdigest()[:6]}"


class Watch:
    """Asks Telegram how the webhook does: silence there may be peace, or a proxy that is down.

    What it finds is told but takes nobody out of service: without service no post could ever come in again.
    """

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._is_registered = False
        self.problem: str | None = None

    def begin(self) -> None:
        """The webhook is registered: from now on it has to be there."""
        self._is_registered = True

    async def look(self, now: datetime) -> None:
        """Put on record what is wrong, or that nothing is any more."""
        if not self._is_registered:
            return
        try:
            problem = _trouble(await self._bot.get_webhook_info(), now)
        except TelegramAPIError as error:
            problem = f"Telegram cannot be reached: {error}"
        if problem != self.problem:
            log.log(logging.ERROR if problem else logging.INFO, problem or "the webhook works again")
        self.problem = problem


def _trouble(info: WebhookInfo, now: datetime) -> str | None:
    if not info.url:
        return "Telegram has no webhook of this bot: another instance removed it; restart this one"
    failed_at = info.last_error_date
    if not info.pending_update_count or failed_at is None or now - failed_at > _RECENT:
        return None
    return f"{info.pending_update_count} updates wait, Telegram cannot post them: {info.last_error_message}"
