"""/audit: the report's statements, recomputed."""

from __future__ import annotations

from bot.views.buttons import LIST_PAGE
from bot.views.screen import Button, Screen, ViewRequest, action
from digests import queries


def show_audit(request: ViewRequest) -> Screen:
    """``/audit``: each statement, recomputed."""
    html = request.render("audit", parts=queries.recomputed(request.library))
    return Screen(html, ((Button(request.say("Growth"), action("growth")),),), LIST_PAGE * 2)
