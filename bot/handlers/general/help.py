"""/help: the commands by subject."""

from __future__ import annotations

from bot.commands import COMMANDS, Group, Scope
from bot.views.screen import Screen, ViewRequest
from bot.views.suggestions import examples_for


def show_help(request: ViewRequest) -> Screen:
    """``/help``: the commands by subject, with examples."""
    groups = [
        (
            request.say(heading),
            [
                command
                for command in COMMANDS
                if command.group is group and command.scope is not Scope.OPERATORS
            ],
        )
        for group, heading in (
            (Group.TIME, "Through time"),
            (Group.FIGURES, "Figures and places"),
            (Group.TEXT, "The report in words"),
            (Group.DIGESTS, "Digests and settings"),
        )
    ]
    examples = {command.name: examples_for(request, command.name) for command in COMMANDS}
    return Screen(request.render("help", groups=groups, examples=examples))
