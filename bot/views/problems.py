"""Input that cannot be read: what is wrong with it, and what would work."""

from __future__ import annotations

from bot.views.screen import Button, Screen, ViewRequest, action, in_rows
from digests.inputs import InputError


def problem_text(request: ViewRequest, error: InputError) -> str:
    """What is wrong, in the reader's language."""
    return request.say(error.phrase, **error.values)


def problem_screen(request: ViewRequest, command: str, error: InputError) -> Screen:
    """What is wrong with the argument of a command, with spellings that would work as buttons."""
    wanted = error.near or error.forms
    html = request.render(
        "notice",
        text=problem_text(request, error),
        examples=[f"/{command} {each}" for each in wanted],
    )
    return Screen(html, in_rows([Button(each, action(command, each)) for each in wanted], 3))
