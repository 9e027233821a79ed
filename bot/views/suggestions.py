"""What is answered when an argument is not understood, wrong, or not taken: never silence."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from markupsafe import Markup

from bot.commands import BY_NAME, Command
from bot.views.screen import Button, Screen, View, ViewRequest, action, in_rows
from digests.inputs import InputError
from digests.inputs.dates.calendar_dates import LEAP_YEAR
from digests.inputs.normalize import is_han
from digests.report.library import near
from digests.text import Language

_OFFERED = 6


def unknown(request: ViewRequest, command: str) -> Screen:
    """Say what was not understood and show what would work for *command*."""
    examples = command_examples(BY_NAME[command], request.language)
    html = request.render("unknown", wanted=request.argument, command=command, examples=examples)
    names = near(request.argument, _names(request, command))[:_OFFERED]
    buttons = [Button(name, action(command, name)) for name in names or examples]
    search = Button(
        request.say("Search for “%(wanted)s”", wanted=request.argument[:20]),
        action("search", request.argument),
    )
    return Screen(html, (*in_rows(buttons, 3), (search,)))


def command_examples(command: Command, language: Language) -> tuple[str, ...]:
    """What may follow a command: of examples in both languages, those of the reader's."""
    if not any(_is_chinese(example) for example in command.examples):
        return command.examples
    wanted = language is Language.ZH
    return tuple(e for e in command.examples if not e.isalpha() or _is_chinese(e) is wanted)


def _is_chinese(text: str) -> bool:
    return any(map(is_han, text))


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


def problem_text(request: ViewRequest, error: InputError) -> str:
    """What is wrong, in the reader's language."""
    return request.say(error.phrase, **error.values)


def examples_of(request: ViewRequest, error: InputError) -> list[str]:
    """What may have been meant, else spellings that would work; Chinese ones for Chinese readers only."""
    is_chinese = request.language is Language.ZH
    wanted = error.near or error.forms
    return [each for each in wanted if is_chinese or not any(map(is_han, each))]


def _dates_told(request: ViewRequest, command: str) -> list[str]:
    """Dates behind which a command on milestones finds something: a day and its year."""
    if command not in ("milestone", "timeline"):
        return []
    days = (
        milestone.date for milestone in request.library.milestones if milestone.date.recalled_on(LEAP_YEAR)
    )
    return [form for day in islice(days, 1) for form in (str(day), str(day.year)) if day.year]


def problem_screen(request: ViewRequest, command: str, error: InputError) -> Screen:
    """What is wrong with the argument of a command, with spellings that would work as buttons."""
    wanted = list(error.near) or _dates_told(request, command) or examples_of(request, error)
    examples = [f"/{command} {each}" for each in wanted]
    html = request.render("notice", text=problem_text(request, error), examples=examples)
    return Screen(html, in_rows([Button(each, action(command, each)) for each in wanted], 3))


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
