"""/about: citation, data revision and licence."""

from __future__ import annotations

from bot.views.screen import Button, Screen, ViewRequest, in_rows


def show_about(request: ViewRequest) -> Screen:
    """``/about``: full citation, data revision and licence."""
    sites = [
        Button(request.say("Website of the institute"), url=site)
        for report in request.library.reports
        if (site := report.publication.site)
    ]
    return Screen(request.render("about"), in_rows(sites, 1))
