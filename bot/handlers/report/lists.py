"""The lists that a report gives: documents, companies, industries, hubs."""

from __future__ import annotations

from bot.views.buttons import LIST_PAGE
from bot.views.screen import Button, Screen, ViewRequest, action, in_rows


def show_lists(request: ViewRequest) -> Screen:
    """The lists that the report gives: documents, companies, industries, hubs."""
    lists = {entries.id: entries for report in request.library.reports for entries in report.lists}
    back = Button(request.say("All lists"), action("lists"))
    if request.argument in lists:
        html = request.render("entries", entries=lists[request.argument])
        return Screen(html, ((back,),), LIST_PAGE)
    buttons = [
        Button(entries.title[request.language], action("lists", entries.id)) for entries in lists.values()
    ]
    return Screen(request.render("lists", lists=list(lists.values())), in_rows(buttons, 2))
