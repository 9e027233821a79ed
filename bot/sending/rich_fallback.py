"""Whether rich messages get through: what a server cannot take goes out in the classic layout."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from aiogram.exceptions import TelegramBadRequest, TelegramNotFound
from cachetools import LRUCache

from bot.telegram.calls.prepared import Arrived
from bot.telegram.outcomes import outcome_of
from digests.posts import Failed

log = logging.getLogger(__name__)

_REMEMBERED = 1000

#: What a server says that does not know the method, beside answering 404.
_NO_METHOD = "method not found"

#: What Telegram says when an edit fails, whatever the new content is.
_ABOUT_THE_EDIT = (
    "message is not modified",
    "message to edit not found",
    "message can't be edited",
    "there is no text in the message to edit",
)


class RichFallback:
    """One for an instance: remembers that the server is too old, and which pages it refused."""

    def __init__(self) -> None:
        self._is_open = True
        self._refused: LRUCache[str, None] = LRUCache(_REMEMBERED)

    @property
    def is_open(self) -> bool:
        """Whether the server is not known to be too old."""
        return self._is_open

    async def attempt(self, page: str, send: Callable[[], Awaitable[Arrived | None]]) -> Arrived | None:
        """Send a page as a rich message; None when it certainly did not arrive and is to go as classic.

        Raises:
            TelegramAPIError: the classic layout would meet the same, or the outcome is unknown.
        """
        if not self._is_open or page in self._refused:
            return None
        try:
            return await send()
        except TelegramNotFound as error:
            self._close(error.message)
        except TelegramBadRequest as error:
            if _NO_METHOD in error.message.lower():
                self._close(error.message)
            elif _is_about_the_page(error):
                self._refuse(page, error.message)
            else:
                raise
        return None

    def _close(self, reason: str) -> None:
        if self._is_open:
            log.warning(
                "the Bot API server has no rich messages: all is classic until a restart (%s)", reason
            )
        self._is_open = False

    def _refuse(self, page: str, reason: str) -> None:
        # of what it says nothing is told: a page of the settings holds a chat's title
        log.warning("a rich page of %s characters was refused and goes out as classic: %s", len(page), reason)
        self._refused[page] = None


def _is_about_the_page(error: TelegramBadRequest) -> bool:
    is_edit = any(text in error.message.lower() for text in _ABOUT_THE_EDIT)
    return not is_edit and isinstance(outcome_of(error), Failed)
