"""Outer middleware: counts the updates in work."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject


class Workload(BaseMiddleware):
    """Adds itself as ``workload``; ``updates`` is how many are in work at the moment."""

    def __init__(self) -> None:
        self.updates = 0

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        """Count the update while its handler runs."""
        self.updates += 1
        data["workload"] = self
        try:
            return await handler(event, data)
        finally:
            self.updates -= 1
