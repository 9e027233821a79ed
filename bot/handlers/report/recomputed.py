"""/growth and /audit: what the report states, recomputed."""

from __future__ import annotations

from dataclasses import replace

from bot.handlers.report.search import found
from bot.views.buttons import LIST_PAGE, distinct, figure_button
from bot.views.screen import Button, Screen, ViewRequest, action, in_rows
from digests import queries
from digests.composing.doubts import rate_doubts


def show_growth(request: ViewRequest) -> Screen:
    """``/growth [name]``: end points, stated and recomputed rates."""
    comparisons = queries.growth(request.library, request.argument)
    if not comparisons:
        return found(request, "growth")
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


def show_audit(request: ViewRequest) -> Screen:
    """``/audit``: each statement, recomputed."""
    html = request.render("audit", parts=queries.recomputed(request.library))
    return Screen(html, ((Button(request.say("Growth"), action("growth")),),), LIST_PAGE * 2)


def show_finding(request: ViewRequest) -> Screen:
    """One statement, recomputed, by the id of its rule; all of them when there is none of that id."""
    parts = [
        replace(part, findings=found)
        for part in queries.recomputed(request.library)
        if (found := tuple(each for each in part.findings if each.rule.id == request.argument))
    ]
    if not parts:
        return show_audit(request)
    rule = parts[0].findings[0].rule
    named = [name for name in (rule.stated, *rule.inputs) if name]
    figures = [figure_button(request, request.library.observation(name)) for name in named]
    every = Button(request.say("Every statement, recomputed"), action("audit"))
    return Screen(request.render("audit", parts=parts), (*in_rows(distinct(figures), 1), (every,)))
