"""What is done with an argument that a command does not take: it is said so, never ignored in silence."""

from __future__ import annotations

from dataclasses import replace

from markupsafe import Markup

from bot.views.screen import Button, Screen, View, ViewRequest, action


def without_argument(command: str, view: View) -> View:
    """A view that takes no argument; one that is given is mentioned, and may be searched for."""

    def show(request: ViewRequest) -> Screen:
        screen = view(replace(request, argument=""))
        if not request.argument:
            return screen
        text = request.say("/%(command)s takes nothing behind it, so this is all of it.", command=command)
        note = Markup("</h1><p><i>{}</i></p>").format(text)
        search = request.say("Search for “%(wanted)s”", wanted=request.argument[:20])
        rows = ((Button(search, action("search", request.argument)),), *screen.rows)
        return replace(screen, html=screen.html.replace("</h1>", note, 1), rows=rows)

    return show
