"""/start: a greeting, or the fact that a deep link names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.commands import COMMANDS
from bot.handlers.report.metrics import show_metrics
from bot.handlers.report.milestone import show_milestone
from bot.handlers.report.zones import show_zones
from bot.telegram.callback_data import LanguageCallback
from bot.views.buttons import add_buttons
from bot.views.screen import Button, Screen, ViewRequest, action, in_rows
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
    names = ("timeline", "zones", "growth", "metrics", "measures", "problems", "outlook", "audit", "today")
    labels = {command.name: command.description[request.language] for command in COMMANDS}
    language = Button("🌐 中文 / English", LanguageCallback().pack())
    rows = in_rows([Button(labels[name], action(name)) for name in names], 2)
    place, figure, *_ = _examples(request.library)
    return Screen(
        request.render("start", place=place, figure=figure), (*rows, add_buttons(request), (language,))
    )


def _examples(library: Library) -> Iterator[Text]:
    """What may be searched for: a place and a figure, or what else a pack has."""
    places = [place.name for place in library.places]
    yield from places[1:2] or places
    yield from (metric.name for metric in library.metrics[:1])
    for report in library.reports:
        yield from (report.name, report.publication.title)
