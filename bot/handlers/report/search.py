"""/search: every fact of the reports, in both languages."""

from __future__ import annotations

from dataclasses import dataclass

from bot.views.buttons import shorten
from bot.views.screen import Button, Screen, ViewRequest, action, in_rows
from digests.pages.formatting import figure_title, format_date
from digests.report.library import Hit
from digests.report.model import Sourced

_HITS_SHOWN = 10
_BUTTONS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class _Found:
    """A hit as it is shown."""

    icon: str
    title: str
    detail: str
    fact: Sourced | None
    button: Button | None


def show_search(request: ViewRequest) -> Screen:
    """``/search words``: everything in both languages."""
    if not request.argument:
        return Screen(request.render("search_help"))
    hits = [_found(request, hit) for hit in request.library.search(request.argument, limit=_HITS_SHOWN)]
    html = request.render("search", wanted=request.argument, hits=hits)
    buttons = [found.button for found in hits if found.button]
    return Screen(html, in_rows(buttons[:_BUTTONS_SHOWN], 1))


def _found(request: ViewRequest, hit: Hit) -> _Found:
    library, language = request.library, request.language
    if hit.kind == "milestone":
        milestone = library.milestone(hit.id)
        detail = format_date(milestone.date, language)
        return _entry("◆", milestone.title[language], detail, milestone, action("milestone", hit.id))
    if hit.kind == "observation":
        observation = library.observation(hit.id)
        value = observation.quantity.word(language, library.unit(observation.quantity.unit))
        title = figure_title(library, observation, language)
        return _entry("📊", title, value, observation, action("metrics", hit.id))
    return _found_in_text(request, hit)


def _found_in_text(request: ViewRequest, hit: Hit) -> _Found:
    library, language = request.library, request.language
    if hit.kind == "place":
        return _entry("📍", library.place(hit.id).name[language], "", None, action("zones", hit.id))
    if hit.kind == "entry":
        entry, entries = library.entry(hit.id), library.entry_list_of(hit.id)
        return _entry("▪️", entry.name[language], entries.title[language], entry, action("lists", entries.id))
    theme = library.theme_of(hit.id)
    point = next((point for point in theme.points if point.id == hit.id), theme)
    return _entry("📄", point.title[language], theme.title[language], point, action(str(theme.part)))


def _entry(icon: str, title: str, detail: str, fact: Sourced | None, data: str) -> _Found:
    return _Found(icon, title, detail, fact, Button(shorten(f"{icon} {title}"), data))
