"""/search: every fact of the reports, in both languages."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.handlers.report.themes import part_name
from bot.views.buttons import distinct, figure_button, fitting, milestone_button, milestone_sign
from bot.views.navigation import paged
from bot.views.screen import Button, Rows, Screen, ViewRequest, action, fits, in_rows
from bot.views.suggestions import examples_for, unknown
from digests.pages.figures import figure_text
from digests.pages.formatting import format_date
from digests.report.library import Hit, HitKind
from digests.report.model import Publication, Sourced

#: Nobody turns more pages than this many hits fill.
_MOST = 80


@dataclass(frozen=True, slots=True)
class _Found:
    """A hit as it is shown; ``is_near`` when it matches only almost, or only a part of the question."""

    icon: str
    title: str
    detail: str
    fact: Sourced | None
    button: Button | None
    is_near: bool = False


def show_search(request: ViewRequest) -> Screen:
    """``/search words``: the answer when there is one, and all that matches, in both languages."""
    if not request.argument:
        examples = examples_for(request, "search")
        buttons = [Button(word, action("search", word)) for word in examples]
        return Screen(request.render("search_help", examples=examples), in_rows(buttons, 3))
    result = request.library.search(request.argument, limit=_MOST)
    is_whole = fits("search", request.argument)
    told = [_found(request, hit) for hit in result.hits]
    sizes = [len(found.title) + len(found.detail) for found in told]
    part, page, pages = paged(sizes, request.page if is_whole else 0)
    hits = told[part]
    answer = _found(request, result.answer) if result.answer and page == 0 else None
    html = request.render(
        "search",
        wanted=request.argument,
        answer=answer,
        hits=hits,
        total=result.total,
        first=part.start + 1,
        examples=() if hits else examples_for(request, "search"),
    )
    if not hits:
        return Screen(html, _instead(request))
    buttons = [found.button for found in hits if found.button]
    return Screen(html, in_rows(distinct(buttons), 2), pages=pages if is_whole else 1)


def _instead(request: ViewRequest) -> Rows:
    """Where to go when nothing is found."""
    ways = (
        (request.say("Timeline"), "timeline"),
        (request.say("Places"), "zones"),
        (request.say("Figures"), "metrics"),
    )
    return in_rows([Button(name, action(command)) for name, command in ways], 3)


def _found(request: ViewRequest, hit: Hit) -> _Found:
    return replace(_found_fact(request, hit), is_near=hit.is_near)


def _found_fact(request: ViewRequest, hit: Hit) -> _Found:
    library, language = request.library, request.language
    if hit.kind == "milestone":
        milestone = library.milestone(hit.id)
        detail, sign = format_date(milestone.date, language), milestone_sign(milestone)
        button = milestone_button(request, milestone)
        return _Found(sign, milestone.title[language], detail, milestone, button)
    if hit.kind == "observation":
        observation = library.observation(hit.id)
        told = figure_text(library, observation, language)
        return _Found("📊", told.title, told.told, observation, figure_button(request, observation))
    return _found_in_text(request, hit)


def _found_in_text(request: ViewRequest, hit: Hit) -> _Found:
    library, language = request.library, request.language
    if hit.kind == "place":
        return _entry("📍", library.place(hit.id).name[language], "", None, action("zones", hit.id))
    if hit.kind == "entry":
        entry, entries = library.entry(hit.id), library.entry_list_of(hit.id)
        return _entry("▪️", entry.name[language], entries.title[language], entry, action("entry", entry.id))
    if hit.kind in _UNSOURCED:
        return _found_elsewhere(request, hit)
    theme = library.theme_of(hit.id)
    point = next((point for point in theme.points if point.id == hit.id), None)
    told = point or theme
    detail = theme.title[language] if point else part_name(request, theme.part)
    return _entry("📄", told.title[language], detail, told, action("point", told.id))


#: Hits that are no fact with a place of its own.
_UNSOURCED = (
    HitKind.DESIGNATION_KIND,
    HitKind.LIST,
    HitKind.SECTION,
    HitKind.PUBLICATION,
    HitKind.AUDIT,
)


def _found_elsewhere(request: ViewRequest, hit: Hit) -> _Found:
    library, language = request.library, request.language
    if hit.kind is HitKind.DESIGNATION_KIND:
        return _entry("🏷", library.designation_kind(hit.id).name[language], "", None, action("zones"))
    if hit.kind is HitKind.LIST:
        return _entry("▪️", library.entry_list(hit.id).title[language], "", None, action("lists", hit.id))
    if hit.kind is HitKind.AUDIT:
        return _entry("🧮", library.audit_rule(hit.id).title[language], "", None, action("finding", hit.id))
    report = library.report(hit.report)
    if hit.kind is HitKind.PUBLICATION:
        return _entry("📖", *_statement(request, report.publication, hit.id), None, action("about"))
    title = next(section.title for section in report.sections if section.id == hit.id)[language]
    return _entry("📄", title, report.publication.title[language], None, action("about"))


def _statement(request: ViewRequest, work: Publication, name: str) -> tuple[str, str]:
    """A statement about a publication: what it is called, and what it says."""
    language = request.language
    persons = {"author": work.authors, "editor": (work.editor,) if work.editor else ()}
    address = work.address[language] if work.address else None
    contacts = (address, work.telephone, work.email, work.site)
    said = {
        "author": (request.say("Author"), ", ".join(p.name[language] for p in persons["author"])),
        "editor": (request.say("Editor"), ", ".join(p.name[language] for p in persons["editor"])),
        "journal": (request.say("Journal"), f"{work.journal[language]} {work.issue[language]}"),
        "published": (request.say("Published"), format_date(work.published, language)),
        "publisher": (request.say("Publisher"), work.publisher[language]),
        "contact": (request.say("Address"), " ".join(filter(None, contacts))),
        "distribution": (
            request.say("Distribution"),
            work.distribution[language] if work.distribution else "",
        ),
    }
    return said.get(name, (work.title[language], work.summary[language]))


def _entry(icon: str, title: str, detail: str, fact: Sourced | None, data: str) -> _Found:
    return _Found(icon, title, detail, fact, Button(fitting(f"{icon} {title}"), data))


def found(request: ViewRequest, command: str) -> Screen:
    """What the reports tell of an argument that names nothing of *command*; else what would work."""
    hits = request.library.search(request.argument, 1).hits
    return show_search(request) if hits and not hits[0].is_near else unknown(request, command)
