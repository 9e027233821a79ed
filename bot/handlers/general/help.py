"""/help: the commands by subject."""

from __future__ import annotations

from bot.commands import COMMANDS, Group, Scope
from bot.views.screen import Screen, ViewRequest
from bot.views.suggestions import command_examples


def show_help(request: ViewRequest) -> Screen:
    """``/help``: the commands by subject, with examples."""
    groups = [
        (
            request.say(heading),
            [
                (command, command_examples(command, request.language))
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
    return Screen(request.render("help", groups=groups))
