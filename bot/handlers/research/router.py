"""The commands of researchers that send more than a page."""

from __future__ import annotations

from aiogram import Router

from bot.handlers.research.data import data_router
from bot.handlers.research.quiz import quiz_router


def research_router() -> Router:
    """The commands of which a view says only what no document or poll can."""
    router = Router(name="research")
    router.include_routers(data_router(), quiz_router())
    return router
