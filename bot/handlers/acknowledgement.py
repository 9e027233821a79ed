"""Ends the waiting of a pressed button."""

from __future__ import annotations

import logging

from aiogram.exceptions import TelegramAPIError
from aiogram.types import CallbackQuery

log = logging.getLogger(__name__)


async def acknowledge(callback: CallbackQuery, alert: str = "") -> None:
    """Acknowledge a button, with an alert or without; one that waited too long needs it no more."""
    try:
        await callback.answer(alert or None, show_alert=bool(alert))
    except TelegramAPIError as error:
        log.info("a pressed button was not acknowledged: %s", error)
