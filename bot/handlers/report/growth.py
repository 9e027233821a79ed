"""/growth: end points, stated and recomputed rates."""

from __future__ import annotations

from bot.views.screen import Button, Screen, ViewRequest, action, in_rows
from bot.views.suggestions import unknown
from digests import queries
from digests.doubts import rate_doubts


def show_growth(request: ViewRequest) -> Screen:
    """``/growth [name]``: end points, stated and recomputed rates."""
    comparisons = queries.growth(request.library, request.argument)
    if not comparisons:
        return unknown(request, "growth")
    stated = {growth.comparison.id for growth in comparisons}
    html = request.render(
        "growth",
        comparisons=comparisons,
        doubts=() if request.argument else rate_doubts(request.library),
    )
    others = [
        Button(growth.comparison.name[request.language], action("growth", growth.comparison.id))
        for growth in queries.growth(request.library)
        if len(stated) > 1 or growth.comparison.id not in stated
    ]
    return Screen(
        html,
        (*in_rows(others, 2), (Button(request.say("Audit"), action("audit")),)),
        picture=f"growth:{comparisons[0].comparison.id}" if len(comparisons) == 1 else "growth",
    )
