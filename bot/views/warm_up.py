"""What is asked most is answered once before anybody asks."""

from __future__ import annotations

import logging
from collections.abc import Callable

from bot.views.reply_cache import Asked, ReplyCache
from bot.views.screen import ViewRequest
from digests.inputs import zone_index
from digests.text import Language

log = logging.getLogger(__name__)

_ASKED_MOST = ("start", "timeline", "zones", "growth")


def warm_up(request: Callable[[Language], ViewRequest], replies: ReplyCache) -> None:
    """Make the replies to what is typed most, so that who asks first need not wait for templates."""
    zone_index.load_in_background()
    for language in Language:
        for command in _ASKED_MOST:
            try:
                replies.answer(Asked(command, request(language)))
            except Exception:
                log.exception("/%s cannot be answered", command)
