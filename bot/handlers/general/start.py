"""/start: a greeting, or the fact that a deep link names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.handlers.report.metrics import show_metrics
from bot.handlers.report.milestone import show_milestone
from bot.handlers.report.zones import show_zones
from bot.telegram.callback_data import LanguageCallback, MenuAction, MenuCallback
from bot.views.buttons import add_buttons
from bot.views.screen import Button, Rows, Screen, ViewRequest, action, in_rows
from digests.report.library import Library, UnknownFact
from digests.text import Text


def show_start(request: ViewRequest) -> Screen:
    """``/start [payload]``: a greeting, or the fact that a deep link names.

    A payload is ``m-``, ``f-`` or ``p-`` with the id of a milestone, a figure or a place.
    """
    kind, _, fact_id = request.argument.partition("-")
    view = {"m": show_milestone, "f": show_metrics, "p": show_zones}.get(kind)
    if view and fact_id:
        try:
            return view(replace(request, argument=fact_id))
        except UnknownFact:
            pass
    place, figure, *_ = _examples(request.library)
    html = request.render("start", place=place, figure=figure)
    return Screen(html, (*in_rows(_questions(request), 3), *_texts(request), *_digests(request)))


def _questions(request: ViewRequest) -> list[Button]:
    """What people come for."""
    say = request.say
    return [
        Button("📅 " + say("Today"), action("today")),
        Button("🕰 " + say("Timeline"), action("timeline")),
        Button("📍 " + say("Places"), action("zones")),
        Button("📊 " + say("Figures"), action("metrics")),
        Button("📈 " + say("Growth"), action("growth")),
        Button("🔍 " + say("Search"), action("search")),
    ]


def _texts(request: ViewRequest) -> Rows:
    """The report in words, as the report orders it."""
    say = request.say
    buttons = [
        Button("🛠 " + say("What was done"), action("measures")),
        Button("⚠️ " + say("Problems"), action("problems")),
        Button("🔭 " + say("What comes next"), action("outlook")),
        Button("🗂 " + say("Lists"), action("lists")),
        Button("🧮 " + say("Numbers checked"), action("audit")),
        Button("📖 " + say("Source"), action("about")),
    ]
    return in_rows(buttons, 3)


def _digests(request: ViewRequest) -> Rows:
    """The digests of this chat, and of others; the languages are named in both."""
    say = request.say
    own = (
        Button("🔔 " + say("Subscribe"), MenuCallback(action=MenuAction.SUBSCRIBE).pack()),
        Button("⚙️ " + say("Settings"), MenuCallback(action=MenuAction.SETTINGS).pack()),
    )
    languages = Button("🌐 中文 / English", LanguageCallback().pack())
    return (own, add_buttons(request), (languages, Button("❓ " + say("Help"), action("help"))))


def _examples(library: Library) -> Iterator[Text]:
    """What may be searched for: a place and a figure, or what else a pack has."""
    places = [place.name for place in library.places]
    yield from places[1:2] or places
    yield from (metric.name for metric in library.metrics[:1])
    for report in library.reports:
        yield from (report.name, report.publication.title)
