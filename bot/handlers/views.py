"""The table of views, by the name of their command."""

from __future__ import annotations

from bot.handlers.general.about import show_about
from bot.handlers.general.forget import show_privacy
from bot.handlers.general.help import show_help
from bot.handlers.general.start import show_start
from bot.handlers.report.lists import show_entries, show_entry, show_figures, show_lists
from bot.handlers.report.metrics import show_metrics
from bot.handlers.report.milestone import show_milestone
from bot.handlers.report.recomputed import show_audit, show_finding, show_growth
from bot.handlers.report.search import show_search
from bot.handlers.report.themes import (
    show_abstract,
    show_measures,
    show_outlook,
    show_point,
    show_problems,
    show_results,
)
from bot.handlers.report.timeline import show_timeline
from bot.handlers.report.today import show_month, show_today
from bot.handlers.report.zones import show_zones
from bot.handlers.research.citation import show_citation
from bot.handlers.research.data import show_data
from bot.views.screen import View
from bot.views.suggestions import without_argument

#: ``abstract``, ``results``, ``lists`` and what stands below ``audit`` here are reached by buttons only.
VIEWS: dict[str, View] = {
    "start": show_start,
    "help": without_argument("help", show_help),
    "timeline": show_timeline,
    "milestone": show_milestone,
    "today": show_today,
    "month": show_month,
    "zones": show_zones,
    "growth": show_growth,
    "metrics": show_metrics,
    "abstract": without_argument("abstract", show_abstract),
    "measures": without_argument("measures", show_measures),
    "results": without_argument("results", show_results),
    "problems": without_argument("problems", show_problems),
    "outlook": without_argument("outlook", show_outlook),
    "lists": show_lists,
    "search": show_search,
    "audit": without_argument("audit", show_audit),
    "cite": show_citation,
    "figures": show_figures,
    "entries": show_entries,
    "entry": show_entry,
    "point": show_point,
    "finding": show_finding,
    "data": show_data,
    "about": without_argument("about", show_about),
    "privacy": without_argument("privacy", show_privacy),
}
