"""/zones: the designations of places, and each place's card."""

from __future__ import annotations

from bot.handlers.report.search import found
from bot.views.buttons import LIST_PAGE, distinct, place_button, point_button
from bot.views.screen import Button, Screen, ViewRequest, action, in_rows
from digests import queries
from digests.report.model import Place

_PLACES_A_ROW = 3


def show_zones(request: ViewRequest) -> Screen:
    """``/zones [place]``: every designation, or one place's card."""
    if request.argument:
        place = queries.find_place(request.library, request.argument)
        return found(request, "zones") if place is None else _place(request, place)
    zones = queries.zones(request.library)
    html = request.render("zones", zones=zones, breakdowns=queries.share_breakdowns(request.library))
    places = [place_button(request, card.place.id) for card in zones.places]
    return Screen(html, in_rows(places, _PLACES_A_ROW), picture=_map_of(request))


def _map_of(request: ViewRequest, place: Place | None = None) -> str | None:
    """The tile map, with a place standing out; none when no report has one, or the place is not on it."""
    maps = [report.geography for report in request.library.reports if report.geography]
    if place is None:
        return "zones" if maps else None
    is_there = any(tile.place == place.id for geography in maps[:1] for tile in geography.tiles)
    return f"zones:{place.id}" if is_there else None


def _place(request: ViewRequest, place: Place) -> Screen:
    card = queries.place_card(request.library, place)
    parts = (
        ("◆", request.say("Milestones"), len(card.milestones), action("timeline", place.id)),
        (
            "📊",
            request.say("Figures"),
            len(card.shares) + len(card.observations),
            action("figures", place.id),
        ),
        ("▪️", request.say("In lists"), len(card.entries), action("entries", place.id)),
    )
    counted = [Button(f"{sign} {name} · {count}", data) for sign, name, count, data in parts if count]
    told = [point_button(request, argument) for argument in card.themes]
    every = Button(request.say("All places"), action("zones"))
    rows = (*in_rows(counted, 2), *in_rows(distinct(told), 2), (every,))
    return Screen(request.render("place", card=card), rows, LIST_PAGE, _map_of(request, place))
