"""Lists, each item with a button: those of the report, and what a place or a subject has."""

from __future__ import annotations

from collections.abc import Sequence

from bot.views.buttons import (
    ITEMS,
    distinct,
    entry_button,
    figure_button,
    fitting,
    milestone_button,
    place_button,
    point_button,
)
from bot.views.navigation import paged, size_of
from bot.views.screen import Button, Screen, ViewRequest, action, in_rows
from bot.views.suggestions import unknown
from digests import queries
from digests.report.library import UnknownFact
from digests.report.model import Entry, EntryList, Observation


def show_lists(request: ViewRequest) -> Screen:
    """The lists that the report gives: documents, companies, industries, hubs."""
    lists = {entries.id: entries for report in request.library.reports for entries in report.lists}
    if request.argument in lists:
        return _list(request, lists[request.argument])
    buttons = [
        Button(_counted(entries.title[request.language], len(entries.entries)), action("lists", entries.id))
        for entries in lists.values()
    ]
    return Screen(request.render("lists", lists=list(lists.values())), in_rows(distinct(buttons), 2))


def _counted(title: str, count: int) -> str:
    return fitting(f"{title} · {count}", title)


def _list(request: ViewRequest, entries: EntryList) -> Screen:
    part, _, pages = paged(_entry_sizes(request, entries.entries), request.page)
    shown = entries.model_copy(update={"entries": entries.entries[part]})
    html = request.render("entries", entries=shown, count=len(entries.entries))
    members = [entry_button(request, entry) for entry in shown.entries]
    every = Button(request.say("All lists"), action("lists"))
    return Screen(html, (*in_rows(distinct(members), 2), (every,)), pages=pages)


def show_entry(request: ViewRequest) -> Screen:
    """One member of a list: what the report says of it, and where it leads."""
    library = request.library
    try:
        entry, entries = library.entry(request.argument), library.entry_list_of(request.argument)
    except UnknownFact:
        return show_lists(request)
    milestones = [milestone for milestone in library.milestones if entry.id in milestone.entries]
    points = [
        point
        for report in library.reports
        for theme in report.themes
        for point in theme.points
        if entry.id in point.entries
    ]
    html = request.render("entry", entry=entry, entries=entries, milestones=milestones, points=points)
    rows = (
        *in_rows([milestone_button(request, milestone) for milestone in milestones], 1),
        *in_rows([place_button(request, place) for place in entry.places], 3),
        *in_rows([point_button(request, point) for point in points[:ITEMS]], 2),
    )
    whole = Button(fitting(f"‹ {entries.title[request.language]}"), action("lists", entries.id))
    return Screen(html, (*rows, (whole,)))


def show_figures(request: ViewRequest) -> Screen:
    """The figures of a subject or of a place, each with a button."""
    found = _figures(request)
    if found is None:
        return unknown(request, "metrics")
    title, figures, whole = found
    part, _, pages = paged(_figure_sizes(request, figures), request.page)
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
    part, _, pages = paged(_entry_sizes(request, entries), request.page)
    name = place.name[request.language]
    html = request.render("entries_of", title=name, members=entries[part], count=len(entries))
    buttons = [entry_button(request, entry) for entry in entries[part]]
    whole = Button(fitting(f"‹ {name}"), action("zones", place.id))
    return Screen(html, (*in_rows(distinct(buttons), 2), (whole,)), pages=pages)


def _entry_sizes(request: ViewRequest, entries: Sequence[Entry]) -> list[int]:
    return [size_of(request.language, entry.name, entry.note) for entry in entries]


def _figure_sizes(request: ViewRequest, figures: Sequence[Observation]) -> list[int]:
    names = [request.library.metric_of(figure.id).name for figure in figures]
    return [
        size_of(request.language, name, figure.label, figure.attribution)
        for name, figure in zip(names, figures, strict=True)
    ]
