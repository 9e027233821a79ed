"""What is asked most is answered once before anybody asks."""

from __future__ import annotations

from bot.handlers.visit import Services
from bot.screens import Question
from digests.text import Language

_ASKED_MOST = ("start", "timeline", "zones", "growth")


def warm_up(services: Services) -> None:
    """Make and keep the first replies, so that whoever asks first need not wait for templates."""
    for language in Language:
        for command in _ASKED_MOST:
            question = Question("", language, services.today(), services.shelf.current, services.pages)
            services.replies.answer(command, question)
