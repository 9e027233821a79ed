"""/about: citation, data revision and licence."""

from __future__ import annotations

from bot.views.screen import Button, Screen, ViewRequest, action, in_rows


def show_about(request: ViewRequest) -> Screen:
    """``/about``: full citation, data revision and licence."""
    sites = [
        Button(request.say("Website of the institute"), url=site)
        for report in request.library.reports
        if (site := report.publication.site)
    ]
    cite = Button("📑 " + request.say("How to cite"), action("cite"))
    abstract = Button(request.say("Abstract"), action("abstract"))
    return Screen(request.render("about"), in_rows([cite, abstract, *sites], 2))
