"""Outer middleware: counts the updates in work."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject


class WorkloadMiddleware(BaseMiddleware):
    """Adds ``updates_in_work``, the one that is being handled included."""

    def __init__(self) -> None:
        self._count = 0

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        """Count it while its handler runs."""
        self._count += 1
        data["updates_in_work"] = self._count
        try:
            return await handler(event, data)
        finally:
            self._count -= 1
