"""/measures, /problems, /outlook, /search, /about, /help, /start: the report in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.commands import COMMANDS, Group, Scope
from bot.handlers.figures import show_metrics, show_zones
from bot.handlers.timeline import LIST_PAGE, shorten, show_milestone
from bot.views.screen import Button, Question, Screen, action, in_rows
from digests.pages.formatting import figure_title, format_date
from digests.report.library import Hit, HitKind, Library, UnknownFact
from digests.report.model import Publication, Sourced, ThemePart
from digests.text import Text

_HITS_SHOWN = 10
_BUTTONS_SHOWN = 6


def show_abstract(question: Question) -> Screen:
    """What the report says of itself, in its abstract."""
    more = Button(question.say("Measures"), action("measures"))
    return _themes(question, ThemePart.ABSTRACT, question.say("Abstract"), more)


def show_measures(question: Question) -> Screen:
    """``/measures``: what was done, and what came of it."""
    heading = question.say("Measures")
    more = Button(question.say("Results"), action("results"))
    return _themes(question, ThemePart.MEASURES, heading, more)


def show_results(question: Question) -> Screen:
    """What the measures led to."""
    more = Button(question.say("Measures"), action("measures"))
    return _themes(question, ThemePart.RESULTS, question.say("Results"), more)


def show_problems(question: Question) -> Screen:
    """``/problems``."""
    more = Button(question.say("Outlook"), action("outlook"))
    return _themes(question, ThemePart.PROBLEMS, question.say("Problems and weak points"), more)


def show_outlook(question: Question) -> Screen:
    """``/outlook``."""
    more = Button(question.say("Problems"), action("problems"))
    return _themes(question, ThemePart.OUTLOOK, question.say("Outlook"), more)


def _themes(question: Question, part: ThemePart, heading: str, more: Button) -> Screen:
    html = question.render("themes", heading=heading, themes=question.library.themes(part))
    lists = Button(question.say("Lists"), action("lists"))
    return Screen(html, ((more, lists),), LIST_PAGE * 2)


def show_lists(question: Question) -> Screen:
    """The lists that the report gives: documents, companies, industries, hubs."""
    lists = {entries.id: entries for report in question.library.reports for entries in report.lists}
    back = Button(question.say("All lists"), action("lists"))
    if question.argument in lists:
        html = question.render("entries", entries=lists[question.argument])
        return Screen(html, ((back,),), LIST_PAGE)
    buttons = [
        Button(entries.title[question.language], action("lists", entries.id)) for entries in lists.values()
    ]
    return Screen(question.render("lists", lists=list(lists.values())), in_rows(buttons, 2))


@dataclass(frozen=True, slots=True)
class _Found:
    """A hit as it is shown."""

    icon: str
    title: str
    detail: str
    fact: Sourced | None
    button: Button | None


def show_search(question: Question) -> Screen:
    """``/search words``: everything in both languages."""
    if not question.argument:
        return Screen(question.render("search_help"))
    result = question.library.search(question.argument, limit=_HITS_SHOWN)
    hits = [found for hit in result.hits if (found := _found(question, hit))]
    html = question.render("search", wanted=question.argument, hits=hits)
    buttons = [found.button for found in hits if found.button]
    return Screen(html, in_rows(buttons[:_BUTTONS_SHOWN], 1))


def _found(question: Question, hit: Hit) -> _Found:
    library, language = question.library, question.language
    if hit.kind == "milestone":
        milestone = library.milestone(hit.id)
        detail = format_date(milestone.date, language)
        return _entry("◆", milestone.title[language], detail, milestone, action("milestone", hit.id))
    if hit.kind == "observation":
        observation = library.observation(hit.id)
        value = observation.quantity.word(language, library.unit(observation.quantity.unit))
        title = figure_title(library, observation, language)
        return _entry("📊", title, value, observation, action("metrics", hit.id))
    return _found_in_text(question, hit)


def _found_in_text(question: Question, hit: Hit) -> _Found:
    library, language = question.library, question.language
    if hit.kind == "place":
        return _entry("📍", library.place(hit.id).name[language], "", None, action("zones", hit.id))
    if hit.kind == "entry":
        entry, entries = library.entry(hit.id), library.entry_list_of(hit.id)
        return _entry("▪️", entry.name[language], entries.title[language], entry, action("lists", entries.id))
    if hit.kind in _UNSOURCED:
        return _found_elsewhere(question, hit)
    theme = library.theme_of(hit.id)
    point = next((point for point in theme.points if point.id == hit.id), theme)
    return _entry("📄", point.title[language], theme.title[language], point, action(str(theme.part)))


#: Hits that are no fact with a place of its own.
_UNSOURCED = (
    HitKind.DESIGNATION_KIND,
    HitKind.LIST,
    HitKind.SECTION,
    HitKind.PUBLICATION,
    HitKind.AUDIT,
)


def _found_elsewhere(question: Question, hit: Hit) -> _Found:
    library, language = question.library, question.language
    if hit.kind is HitKind.DESIGNATION_KIND:
        return _entry("🏷", library.designation_kind(hit.id).name[language], "", None, action("zones"))
    if hit.kind is HitKind.LIST:
        return _entry("▪️", library.entry_list(hit.id).title[language], "", None, action("lists", hit.id))
    if hit.kind is HitKind.AUDIT:
        return _entry("🧮", library.audit_rule(hit.id).title[language], "", None, action("audit"))
    report = library.report(hit.report)
    if hit.kind is HitKind.PUBLICATION:
        return _entry("📖", *_statement(question, report.publication, hit.id), None, action("about"))
    title = next(section.title for section in report.sections if section.id == hit.id)[language]
    return _entry("📄", title, report.publication.title[language], None, action("about"))


def _statement(question: Question, work: Publication, name: str) -> tuple[str, str]:
    """A statement about a publication: what it is called, and what it says."""
    language = question.language
    persons = {"author": work.authors, "editor": (work.editor,) if work.editor else ()}
    address = work.address[language] if work.address else None
    contacts = (address, work.telephone, work.email, work.site)
    said = {
        "author": (question.say("Author"), ", ".join(p.name[language] for p in persons["author"])),
        "editor": (question.say("Editor"), ", ".join(p.name[language] for p in persons["editor"])),
        "journal": (question.say("Journal"), f"{work.journal[language]} {work.issue[language]}"),
        "published": (question.say("Published"), format_date(work.published, language)),
        "publisher": (question.say("Publisher"), work.publisher[language]),
        "contact": (question.say("Address"), " ".join(filter(None, contacts))),
        "distribution": (
            question.say("Distribution"),
            work.distribution[language] if work.distribution else "",
        ),
    }
    return said.get(name, (work.title[language], work.summary[language]))


def _entry(icon: str, title: str, detail: str, fact: Sourced | None, data: str) -> _Found:
    return _Found(icon, title, detail, fact, Button(shorten(f"{icon} {title}"), data))


def show_about(question: Question) -> Screen:
    """``/about``: full citation, data revision and licence."""
    sites = [
        Button(question.say("Website of the institute"), url=site)
        for report in question.library.reports
        if (site := report.publication.site)
    ]
    abstract = Button(question.say("Abstract"), action("abstract"))
    return Screen(question.render("about"), in_rows([abstract, *sites], 1))


def show_help(question: Question) -> Screen:
    """``/help``: the commands by subject, with examples."""
    groups = [
        (
            question.say(heading),
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
    return Screen(question.render("help", groups=groups))


def show_start(question: Question) -> Screen:
    """``/start [payload]``: a greeting, or the fact that a deep link names.

    A payload is ``m-``, ``f-`` or ``p-`` with the id of a milestone, a figure or a place.
    """
    kind, _, fact_id = question.argument.partition("-")
    reader = {"m": show_milestone, "f": show_metrics, "p": show_zones}.get(kind)
    if reader and fact_id:
        try:
            return reader(replace(question, argument=fact_id))
        except UnknownFact:
            pass
    names = ("timeline", "zones", "growth", "metrics", "measures", "problems", "outlook", "audit", "today")
    labels = {command.name: command.description[question.language] for command in COMMANDS}
    adding = (
        Button("📣 " + question.say("Add to a channel"), action("add", "channel")),
        Button("👥 " + question.say("Add to a group"), action("add", "group")),
    )
    rows = in_rows([Button(labels[name], action(name)) for name in names], 2)
    place, figure, *_ = _examples(question.library)
    return Screen(question.render("start", place=place, figure=figure), (*rows, adding))


def _examples(library: Library) -> Iterator[Text]:
    """What may be searched for: a place and a figure, or what else a pack has."""
    places = [place.name for place in library.places]
    yield from places[1:2] or places
    yield from (metric.name for metric in library.metrics[:1])
    for report in library.reports:
        yield from (report.name, report.publication.title)
