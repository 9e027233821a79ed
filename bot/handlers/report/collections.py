"""What a place or a subject has, one by one: its figures, and its places in the report's lists."""

from __future__ import annotations

from bot.views.buttons import ITEMS, distinct, entry_button, figure_button, fitting
from bot.views.navigation import paged
from bot.views.screen import Button, Screen, ViewRequest, action, in_rows
from bot.views.suggestions import unknown
from digests import queries
from digests.report.model import Observation


def show_figures(request: ViewRequest) -> Screen:
    """The figures of a subject or of a place, each with a button."""
    found = _figures(request)
    if found is None:
        return unknown(request, "metrics")
    title, figures, whole = found
    part, _, pages = paged(len(figures), request.page, ITEMS)
    html = request.render("figures", title=title, figures=figures[part], count=len(figures))
    buttons = [figure_button(request, figure) for figure in figures[part]]
    return Screen(html, (*in_rows(distinct(buttons), 2), (whole,)), pages=pages)


def _figures(request: ViewRequest) -> tuple[str, list[Observation], Button] | None:
    """A title, the figures, and a button to what they belong to."""
    library, language = request.library, request.language
    if subject := queries.find_subject(library, request.argument):
        named, metrics = subject
        name = named.name[language]
        figures = [figure for metric in metrics for figure in metric.observations]
        return name, figures, Button(fitting(f"‹ {name}"), action("metrics", named.id))
    place = queries.find_place(library, request.argument)
    if place is None:
        return None
    card, name = queries.place_card(library, place), place.name[language]
    figures = [*(share.observation for share in card.shares), *card.observations]
    return name, figures, Button(fitting(f"‹ {name}"), action("zones", place.id))


def show_entries(request: ViewRequest) -> Screen:
    """The places of a place in the report's lists, each with a button."""
    place = queries.find_place(request.library, request.argument)
    if place is None:
        return unknown(request, "zones")
    entries = queries.place_card(request.library, place).entries
    part, _, pages = paged(len(entries), request.page, ITEMS)
    name = place.name[request.language]
    html = request.render("entries_of", title=name, members=entries[part], count=len(entries))
    buttons = [entry_button(request, entry) for entry in entries[part]]
    whole = Button(fitting(f"‹ {name}"), action("zones", place.id))
    return Screen(html, (*in_rows(distinct(buttons), 2), (whole,)), pages=pages)
