"""/search: every fact of the reports, in both languages."""

from __future__ import annotations

from dataclasses import dataclass

from bot.views.buttons import figure_button, shorten
from bot.views.screen import Button, Screen, ViewRequest, action, in_rows
from digests.pages.figures import figure_text
from digests.pages.formatting import format_date
from digests.report.library import Hit, HitKind
from digests.report.model import Publication, Sourced

_HITS_SHOWN = 10
_BUTTONS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class _Found:
    """A hit as it is shown."""

    icon: str
    title: str
    detail: str
    fact: Sourced | None
    button: Button | None


def show_search(request: ViewRequest) -> Screen:
    """``/search words``: everything in both languages."""
    if not request.argument:
        return Screen(request.render("search_help"))
    result = request.library.search(request.argument, limit=_HITS_SHOWN)
    hits = [found for hit in result.hits if (found := _found(request, hit))]
    html = request.render("search", wanted=request.argument, hits=hits)
    buttons = [found.button for found in hits if found.button]
    return Screen(html, in_rows(buttons[:_BUTTONS_SHOWN], 1))


def _found(request: ViewRequest, hit: Hit) -> _Found:
    library, language = request.library, request.language
    if hit.kind == "milestone":
        milestone = library.milestone(hit.id)
        detail = format_date(milestone.date, language)
        return _entry("◆", milestone.title[language], detail, milestone, action("milestone", hit.id))
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
        return _entry("▪️", entry.name[language], entries.title[language], entry, action("lists", entries.id))
    if hit.kind in _UNSOURCED:
        return _found_elsewhere(request, hit)
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


def _found_elsewhere(request: ViewRequest, hit: Hit) -> _Found:
    library, language = request.library, request.language
    if hit.kind is HitKind.DESIGNATION_KIND:
        return _entry("🏷", library.designation_kind(hit.id).name[language], "", None, action("zones"))
    if hit.kind is HitKind.LIST:
        return _entry("▪️", library.entry_list(hit.id).title[language], "", None, action("lists", hit.id))
    if hit.kind is HitKind.AUDIT:
        return _entry("🧮", library.audit_rule(hit.id).title[language], "", None, action("audit"))
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
    return _Found(icon, title, detail, fact, Button(shorten(f"{icon} {title}"), data))
