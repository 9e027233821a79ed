"""The commands of researchers that send more than a page."""

from __future__ import annotations

from aiogram import Router

from bot.handlers.research.data import data_router
from bot.handlers.research.quiz import quiz_router


def research_router() -> Router:
    """Comes before the views, which answer the same commands where a page is all there is to say."""
    router = Router(name="research")
    router.include_routers(data_router(), quiz_router())
    return router
