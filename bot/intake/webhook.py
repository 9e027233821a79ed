"""Takes updates in by webhook: handled first, then 200, so that Telegram repeats what was lost."""

from __future__ import annotations

import asyncio
from hmac import compare_digest

import orjson
from aiogram import Bot
from aiohttp import web
from pydantic import SecretStr

from bot.intake.feeding import Feeder
from bot.intake.state import IntakeState

_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name

#: The path that Telegram posts to, behind WEBHOOK_URL.
PATH = "/telegram"


class Webhook:
    """The handler of Telegram's requests."""

    def __init__(self, feeder: Feeder, state: IntakeState, secret: SecretStr) -> None:
        self._feeder = feeder
        self._state = state
        self._secret = secret

    async def handle(self, request: web.Request) -> web.Response:
        """200 when the update was handled, 403 without the secret, 400 for what is no update."""
        given = request.headers.get(_SECRET_HEADER, "").encode()
        if not compare_digest(given, self._secret.get_secret_value().encode()):
            return web.Response(status=403, text="the secret is missing or wrong\n")
        update = _read(await request.read())
        if update is None:
            return web.Response(status=400, text="no update: JSON with an update_id is expected\n")
        self._state.heard()
        task = self._feeder.submit(update)
        if task is not None:
            await asyncio.shield(task)
        return web.Response()


def _read(body: bytes) -> dict[str, object] | None:
    try:
        update = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    is_update = isinstance(update, dict) and isinstance(update.get("update_id"), int)
    return update if is_update else None


async def register(bot: Bot, url: str, secret: SecretStr, allowed_updates: list[str]) -> None:
    """Have Telegram post updates to *url*; what waits there is kept."""
    await bot.set_webhook(
        f"{url}{PATH}", secret_token=secret.get_secret_value(), allowed_updates=allowed_updates
    )
