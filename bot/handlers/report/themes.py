"""/measures, /problems, /outlook, and the lists of the report."""

from __future__ import annotations

from bot.views.buttons import (
    LIST_PAGE,
    distinct,
    entry_button,
    figure_button,
    fitting,
    place_button,
    point_button,
)
from bot.views.screen import Button, Rows, Screen, ViewRequest, action, in_rows
from digests.report.library import UnknownFact
from digests.report.model import Point, Theme, ThemePart


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
    themes = request.library.themes(part)
    html = request.render("themes", heading=heading, themes=themes)
    lists = Button(request.say("Lists"), action("lists"))
    opened = in_rows(distinct([point_button(request, theme) for theme in themes]), 2)
    return Screen(html, (*opened, (more, lists)), LIST_PAGE * 2)


def show_point(request: ViewRequest) -> Screen:
    """One argument, or one point of it, by its id; the whole part when there is none of that id."""
    try:
        theme = request.library.theme_of(request.argument)
    except UnknownFact:
        return show_abstract(request)
    point = next((point for point in theme.points if point.id == request.argument), None)
    html = request.render("point", theme=theme, point=point)
    rows = (*_point_rows(request, theme, point), *in_rows(_whole(request, theme, point), 2))
    return Screen(html, rows)


def _point_rows(request: ViewRequest, theme: Theme, point: Point | None) -> Rows:
    """The points of an argument; of a point its figures, its entries and its places."""
    if point is None:
        return in_rows(distinct([point_button(request, each) for each in theme.points]), 2)
    library = request.library
    figures = [figure_button(request, library.observation(figure)) for figure in point.observations]
    entries = [entry_button(request, library.entry(entry)) for entry in point.entries]
    places = [place_button(request, place) for place in point.places]
    return (*in_rows(distinct(figures), 1), *in_rows(distinct(entries), 2), *in_rows(places, 3))


def _whole(request: ViewRequest, theme: Theme, point: Point | None) -> list[Button]:
    """Buttons to what a point, or an argument, is a part of."""
    part = Button(f"‹ {part_name(request, theme.part)}", action(theme.part.value))
    if point is None:
        return [part]
    return [Button(fitting(f"‹ {theme.title[request.language]}"), action("point", theme.id)), part]


def part_name(request: ViewRequest, part: ThemePart) -> str:
    """What a part of the report is called."""
    return {
        ThemePart.ABSTRACT: request.say("Abstract"),
        ThemePart.MEASURES: request.say("Measures"),
        ThemePart.RESULTS: request.say("Results"),
        ThemePart.PROBLEMS: request.say("Problems"),
        ThemePart.OUTLOOK: request.say("Outlook"),
    }[part]
