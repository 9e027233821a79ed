"""What is asked most is answered once before anybody asks."""

from __future__ import annotations

import logging

from bot.handlers.context import Services
from bot.views.screen import Question
from digests.inputs import zone_index
from digests.text import Language

log = logging.getLogger(__name__)

_ASKED_MOST = ("start", "timeline", "zones", "growth")


def warm_up(services: Services) -> None:
    """Make the replies to what is typed most, so that whoever asks first need not wait for templates."""
    zone_index.load_in_background()
    for language in Language:
        for command in _ASKED_MOST:
            question = Question(
                "", language, services.today(), services.library_holder.current, services.pages
            )
            try:
                services.replies.answer(command, question)
            except Exception:
                log.exception("/%s cannot be answered", command)
