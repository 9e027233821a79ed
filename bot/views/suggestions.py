"""What is answered when an argument is not understood: near matches as buttons, never silence."""

from __future__ import annotations

from bot.commands import BY_NAME
from bot.views.screen import Button, Screen, ViewRequest, action, in_rows
from digests.report.library import near
from digests.text import Language

_OFFERED = 6


def unknown(request: ViewRequest, command: str) -> Screen:
    """Say what was not understood and show what would work for *command*."""
    examples = BY_NAME[command].examples
    html = request.render("unknown", wanted=request.argument, command=command, examples=examples)
    names = near(request.argument, _names(request, command))[:_OFFERED]
    buttons = [Button(name, action(command, name)) for name in names or examples]
    search = Button(
        request.say("Search for “%(wanted)s”", wanted=request.argument[:20]),
        action("search", request.argument),
    )
    return Screen(html, (*in_rows(buttons, 3), (search,)))


def _names(request: ViewRequest, command: str) -> list[str]:
    """The arguments that a command takes, in both languages."""
    library = request.library
    if command == "metrics":
        named = [subject.name for report in library.reports for subject in report.subjects]
    elif command == "growth":
        named = [comparison.name for report in library.reports for comparison in report.growth]
    else:
        named = [place.name for place in library.places]
    return [name[language] for name in named for language in Language]
