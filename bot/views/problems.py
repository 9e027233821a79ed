"""Input that cannot be read: what is wrong with it, and what would work."""

from __future__ import annotations

from bot.views.screen import Button, Screen, ViewRequest, action, in_rows
from digests.inputs import InputError
from digests.inputs.normalize import is_han
from digests.text import Language


def problem_text(request: ViewRequest, error: InputError) -> str:
    """What is wrong, in the reader's language."""
    return request.say(error.phrase, **error.values)


def examples_of(request: ViewRequest, error: InputError) -> list[str]:
    """What may have been meant, else spellings that would work; Chinese ones for Chinese readers only."""
    is_chinese = request.language is Language.ZH
    wanted = error.near or error.forms
    return [each for each in wanted if is_chinese or not any(map(is_han, each))]


def problem_screen(request: ViewRequest, command: str, error: InputError) -> Screen:
    """What is wrong with the argument of a command, with spellings that would work as buttons."""
    wanted = examples_of(request, error)
    examples = [f"/{command} {each}" for each in wanted]
    html = request.render("notice", text=problem_text(request, error), examples=examples)
    return Screen(html, in_rows([Button(each, action(command, each)) for each in wanted], 3))
