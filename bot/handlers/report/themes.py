"""/measures, /problems, /outlook, and the lists of the report."""

from __future__ import annotations

from bot.views.buttons import LIST_PAGE
from bot.views.screen import Button, Screen, ViewRequest, action, in_rows
from digests.report.model import ThemePart


def show_abstract(request: ViewRequest) -> Screen:
    """What the report says of itself, in its abstract."""
    more = Button(request.say("Measures"), action("measures"))
    return _themes(request, ThemePart.ABSTRACT, request.say("Abstract"), more)


def show_measures(request: ViewRequest) -> Screen:
    """``/measures``: what was done, and what came of it."""
    heading = request.say("Measures")
    more = Button(request.say("Results"), action("results"))
    return _themes(request, ThemePart.MEASURES, heading, more)


def show_results(request: ViewRequest) -> Screen:
    """What the measures led to."""
    more = Button(request.say("Measures"), action("measures"))
    return _themes(request, ThemePart.RESULTS, request.say("Results"), more)


def show_problems(request: ViewRequest) -> Screen:
    """``/problems``."""
    more = Button(request.say("Outlook"), action("outlook"))
    return _themes(request, ThemePart.PROBLEMS, request.say("Problems and weak points"), more)


def show_outlook(request: ViewRequest) -> Screen:
    """``/outlook``."""
    more = Button(request.say("Problems"), action("problems"))
    return _themes(request, ThemePart.OUTLOOK, request.say("Outlook"), more)


def _themes(request: ViewRequest, part: ThemePart, heading: str, more: Button) -> Screen:
    html = request.render("themes", heading=heading, themes=request.library.themes(part))
    lists = Button(request.say("Lists"), action("lists"))
    return Screen(html, ((more, lists),), LIST_PAGE * 2)


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
