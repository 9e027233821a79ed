"""/about: citation, data revision and licence."""

from __future__ import annotations

from bot.views.screen import Button, Screen, ViewRequest, action, in_rows


def show_about(request: ViewRequest) -> Screen:
    """``/about``: full citation, data revision and licence."""
    if not request.library.reports:
        return nothing_to_show(request)
    sites = [
        Button(request.say("Website of the institute"), url=site)
        for report in request.library.reports
        if (site := report.publication.site)
    ]
    abstract = Button(request.say("Abstract"), action("abstract"))
    cite = Button(request.say("Cite"), action("cite"))
    data = Button(request.say("Download the data"), action("data"))
    return Screen(request.render("about"), ((cite, data), *in_rows([abstract, *sites], 1)))


def nothing_to_show(request: ViewRequest) -> Screen:
    """That there is no report: whoever runs the bot withdrew the last one."""
    text = request.say("There is no report here just now.")
    return Screen(request.render("notice", text=text, examples=()))
