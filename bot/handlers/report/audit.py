"""/audit: the report's statements, recomputed."""

from __future__ import annotations

from dataclasses import replace

from bot.views.buttons import LIST_PAGE, distinct, figure_button
from bot.views.screen import Button, Screen, ViewRequest, action, in_rows
from digests import queries


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
