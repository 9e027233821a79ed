"""The lists that a report gives: documents, companies, industries, hubs; and each member's card."""

from __future__ import annotations

from bot.views.buttons import (
    ITEMS,
    distinct,
    entry_button,
    fitting,
    milestone_button,
    place_button,
    point_button,
)
from bot.views.navigation import paged
from bot.views.screen import Button, Screen, ViewRequest, action, in_rows
from digests.report.library import UnknownFact
from digests.report.model import EntryList


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
    part, _, pages = paged(len(entries.entries), request.page, ITEMS)
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
