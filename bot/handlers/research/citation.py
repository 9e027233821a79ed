"""/cite: the report, a milestone or a figure as a citation to copy."""

from __future__ import annotations

import re

from markupsafe import Markup

from bot.views.buttons import figure_button, milestone_button
from bot.views.screen import Button, Rows, Screen, ViewRequest, action, in_rows
from bot.views.suggestions import unknown
from digests.citations import Style, cite_fact
from digests.inputs.normalize import line
from digests.report.library import HitKind, Library, UnknownFact
from digests.report.model import Milestone, Observation
from digests.text import Language

#: What each style is called by those who ask for it.
_SPELLINGS = {
    Style.GBT: r"gb ?/? ?t?[ -]?7714(?: ?- ?(?:2005|2015))?|gb ?/? ?t|国标|中国标准",
    Style.APA: r"apa(?: ?7(?:th)?)?(?: ?格式)?",
    Style.BIBTEX: r"bib ?-?tex|bib|(?:la)?tex",
    Style.RIS: r"ris|endnote|zotero|mendeley",
}
_NOT_INSIDE = r"(?<![a-z0-9-])(?:{})(?![a-z0-9-])"
#: The style of those who name none.
_USUAL = {Language.ZH: Style.GBT, Language.EN: Style.APA}


def show_citation(request: ViewRequest) -> Screen:
    """``/cite [style] [milestone | figure]``: a fact with its place; without one, each report as a whole."""
    style, wanted = read_style(request.argument)
    style = style or _USUAL[request.language]
    library = request.library
    if not wanted:
        cited = [(report, cite_fact(report, style, request.language)) for report in library.reports]
        return Screen(_page(request, style, cited, None), _rows(request, style, None))
    fact = find_fact(library, wanted)
    if fact is None:
        return unknown(request, "cite")
    report = library.report_of(fact.id)
    cited = [(report, cite_fact(report, style, request.language, fact))]
    return Screen(_page(request, style, cited, fact), _rows(request, style, fact))


def read_style(argument: str) -> tuple[Style | None, str]:
    """The style that an argument names, and the rest of it."""
    typed = line(argument)
    for style, spelling in _SPELLINGS.items():
        rest, found = re.subn(_NOT_INSIDE.format(spelling), " ", typed, count=1, flags=re.IGNORECASE)
        if found:
            return style, " ".join(rest.split())
    return None, typed


def find_fact(library: Library, wanted: str) -> Milestone | Observation | None:
    """The milestone or figure of that id, else the first one that a search finds."""
    for find in (library.milestone, library.observation):
        try:
            return find(wanted)
        except UnknownFact:
            continue
    for hit in library.search(wanted).hits:
        if hit.kind is HitKind.MILESTONE:
            return library.milestone(hit.id)
        if hit.kind is HitKind.OBSERVATION:
            return library.observation(hit.id)
    return None


def _page(request: ViewRequest, style: Style, cited: object, fact: Milestone | Observation | None) -> Markup:
    return request.render(
        "cite",
        style=style,
        cited=cited,
        milestone=fact if isinstance(fact, Milestone) else None,
        observation=fact if isinstance(fact, Observation) else None,
    )


def _rows(request: ViewRequest, style: Style, fact: Milestone | Observation | None) -> Rows:
    """The other styles, and the card of the fact."""
    behind = f" {fact.id}" if fact else ""
    others = [each for each in Style if each is not style]
    styles = [Button(each.full_name, action("cite", f"{each}{behind}")) for each in others]
    if fact is None:
        card = Button(request.say("About the report"), action("about"))
    elif isinstance(fact, Milestone):
        card = milestone_button(request, fact)
    else:
        card = figure_button(request, fact)
    return (*in_rows(styles, 3), (card,))
