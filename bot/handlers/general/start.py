"""/start: a greeting, or the fact that a deep link names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.handlers.general.about import nothing_to_show
from bot.handlers.report.metrics import show_metrics
from bot.handlers.report.milestone import show_milestone
from bot.handlers.report.today import show_occasion
from bot.handlers.report.zones import show_zones
from bot.telegram.callback_data import LanguageCallback, MenuAction, MenuCallback, QuizCallback
from bot.telegram.deep_links import LinkKind
from bot.views.buttons import add_buttons
from bot.views.screen import Button, Rows, Screen, View, ViewRequest, action, in_rows
from digests.report.library import Library, UnknownFact
from digests.text import Text

#: What is opened by a link, by the letter of its payload.
_LINKED: dict[str, View] = {
    LinkKind.MILESTONE: show_milestone,
    LinkKind.FIGURE: show_metrics,
    LinkKind.PLACE: show_zones,
    LinkKind.OCCASION: show_occasion,
}


def show_start(request: ViewRequest) -> Screen:
    """``/start [payload]``: a greeting, or the fact that a deep link names.

    A payload is a letter, a dash, and the id of a milestone, a figure or a place, or an occasion.
    """
    kind, _, named = request.argument.partition("-")
    view = _LINKED.get(kind)
    if view and named:
        try:
            return view(replace(request, argument=named))
        except UnknownFact:
            pass
    if not request.library.reports:
        return nothing_to_show(request)
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
    others = (
        Button("🎲 " + say("Quiz"), QuizCallback(number=0).pack()),
        Button("❓ " + say("Help"), action("help")),
    )
    return (own, add_buttons(request), (languages,), others)


def _examples(library: Library) -> Iterator[Text]:
    """What may be searched for: a place and a figure, or what else a pack has."""
    places = [place.name for place in library.places]
    yield from places[1:2] or places
    yield from (metric.name for metric in library.metrics[:1])
    for report in library.reports:
        yield from (report.name, report.publication.title)
