"""How the bot answers: a dispatch by dictionary over the table of commands, one file a subject."""

from __future__ import annotations

from bot.handlers.figures import show_audit, show_growth, show_metrics, show_zones
from bot.handlers.forget import show_privacy
from bot.handlers.texts import (
    show_about,
    show_abstract,
    show_help,
    show_lists,
    show_measures,
    show_outlook,
    show_problems,
    show_results,
    show_search,
    show_start,
)
from bot.handlers.timeline import show_milestone, show_timeline
from bot.handlers.today import show_month, show_today
from bot.views.screen import Reader

__all__ = ["readers"]


def readers() -> dict[str, Reader]:
    """The reader commands; ``abstract``, ``results`` and ``lists`` are reached by buttons only."""
    return {
        "start": show_start,
        "help": show_help,
        "timeline": show_timeline,
        "milestone": show_milestone,
        "today": show_today,
        "month": show_month,
        "zones": show_zones,
        "growth": show_growth,
        "metrics": show_metrics,
        "abstract": show_abstract,
        "measures": show_measures,
        "results": show_results,
        "problems": show_problems,
        "outlook": show_outlook,
        "lists": show_lists,
        "search": show_search,
        "audit": show_audit,
        "about": show_about,
        "privacy": show_privacy,
    }
