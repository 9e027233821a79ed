"""Calls that must succeed before the intake can begin; a network that is away is waited for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)

from bot.errors import OperatorError, SettingsError
from bot.updates.state import IntakeState
from digests.waiting import wait_for_any

log = logging.getLogger(__name__)

T = TypeVar("T")

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0


async def call_until_available(
    call: Callable[[], Awaitable[T]], state: IntakeState, stop: asyncio.Event
) -> T | None:
    """Call until Telegram answers; None when *stop* comes first.

    Raises:
        OperatorError: Telegram refuses the token, or what is asked, which no waiting mends.
    """
    pause = _FIRST_PAUSE
    while not stop.is_set():
        try:
            answer = await call()
        except (TelegramUnauthorizedError, TelegramNotFound) as error:
            raise SettingsError("BOT_TOKEN: Telegram refuses it; it is wrong or was revoked") from error
        except TelegramBadRequest as error:
            raise OperatorError(f"Telegram refuses {type(error.method).__name__}: {error.message}") from error
        except TelegramAPIError as error:
            wait = max(pause, float(error.retry_after)) if isinstance(error, TelegramRetryAfter) else pause
            problem = f"Telegram cannot be reached: {' '.join(str(error).split())}"
            if problem != state.problem:
                log.warning("%s; tried again until it can, at first in %.0f s", problem, wait)
            state.problem = problem
            await wait_for_any(stop, seconds=wait)
            pause = min(pause * 2, _LONGEST_PAUSE)
        else:
            state.heard()
            return answer
    return None
