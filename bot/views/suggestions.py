"""What is answered when an argument is not understood, wrong, or not taken: never silence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import islice

from markupsafe import Markup

from bot.commands import BY_NAME
from bot.views.screen import Button, Screen, View, ViewRequest, action, in_rows
from digests.inputs import InputError
from digests.inputs.dates.calendar_dates import LEAP_YEAR
from digests.inputs.normalize import is_han
from digests.report.library import near
from digests.text import Language

_OFFERED = 6


def unknown(request: ViewRequest, command: str) -> Screen:
    """Say what was not understood and show what would work for *command*."""
    examples = examples_for(request, command)
    html = request.render("unknown", wanted=request.argument, command=command, examples=examples)
    named = _names(request, command)
    names = list(dict.fromkeys(named[name] for name in near(request.argument, named)))[:_OFFERED]
    buttons = [Button(name, action(command, name)) for name in names or examples]
    search = Button(
        request.say("Search for “%(wanted)s”", wanted=request.argument[:20]),
        action("search", request.argument),
    )
    return Screen(html, (*in_rows(buttons, 3), (search,)))


def examples_for(request: ViewRequest, command: str) -> tuple[str, ...]:
    """Arguments of *command* that would work: the reports' own words first."""
    own = _FROM_REPORTS.get(command)
    return (*(own(request) if own else ()), *BY_NAME[command].examples)


def _places(request: ViewRequest) -> list[str]:
    """Two places that a report says much of: those that hold a status, else any."""
    held = {each.place for report in request.library.reports for each in report.designations}
    homes = {report.place for report in request.library.reports}
    places = [place for place in request.library.places if place.id in held - homes]
    return [place.name[request.language] for place in (places or request.library.places)[:2]]


def _years(request: ViewRequest) -> list[str]:
    """The last year with a milestone, and a span of years."""
    years = sorted({found.date.year for found in request.library.milestones if found.date.year})
    return [str(years[-1]), f"{years[0]}-{years[len(years) // 2]}"] if years else []


def _days(request: ViewRequest) -> list[str]:
    """The date of a milestone that is known to the day."""
    return [str(found.date) for found in request.library.milestones if found.date.year and found.date.day][:1]


def _subjects(request: ViewRequest) -> list[str]:
    named = [subject.name for report in request.library.reports for subject in report.subjects]
    return [name[request.language] for name in named[:2]]


def _comparisons(request: ViewRequest) -> list[str]:
    named = [growth.name for report in request.library.reports for growth in report.growth]
    return [name[request.language] for name in named[:2]]


def _words(request: ViewRequest) -> list[str]:
    """A place with a year, a figure, and what a figure is called."""
    metrics = request.library.metrics[:1]
    placed = [" ".join([*_places(request)[:1], *_years(request)[:1]])]
    values = [metric.observations[0].quantity.value for metric in metrics]
    return [*filter(None, placed), *values, *(metric.name[request.language] for metric in metrics)]


#: What each command takes of a report.
_FROM_REPORTS: dict[str, Callable[[ViewRequest], list[str]]] = {
    "timeline": lambda request: [*_years(request), *_places(request)[:1]],
    "milestone": _days,
    "zones": _places,
    "growth": _comparisons,
    "metrics": _subjects,
    "search": _words,
    "cite": lambda request: [f"bibtex {day}" for day in _days(request)],
    "quiz": lambda request: _places(request)[:1],
}


def _names(request: ViewRequest, command: str) -> dict[str, str]:
    """The arguments that a command takes, in both languages, each as the reader calls it."""
    library = request.library
    if command == "metrics":
        named = [subject.name for report in library.reports for subject in report.subjects]
    elif command == "growth":
        named = [comparison.name for report in library.reports for comparison in report.growth]
    else:
        named = [place.name for place in library.places]
    return {name[language]: name[request.language] for name in named for language in Language}


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
        text = request.say("/%(command)s takes nothing after it; here is all of it.", command=command)
        note = Markup("</h1><p><i>{}</i></p>").format(text)
        search = request.say("Search for “%(wanted)s”", wanted=request.argument[:20])
        rows = ((Button(search, action("search", request.argument)),), *screen.rows)
        return replace(screen, html=screen.html.replace("</h1>", note, 1), rows=rows)

    return show
