"""/timeline, /milestone: ten years at a glance, and each event's card."""

from __future__ import annotations

from bot.handlers.suggestions import unknown
from bot.views.screen import Button, Question, Rows, Screen, action, in_rows
from digests.dates import PartialDate
from digests.pages.kinds import kind_names
from digests.queries import MilestoneCard, Timeline, YearRange, milestone_card, timeline
from digests.report.library import UnknownFact
from digests.report.model import Milestone, Observation

#: About one phone screen and a half: a page of a long list.
LIST_PAGE = 1600
_YEARS_A_ROW = 5
_CARDS_OFFERED = 8
_LABEL_LENGTH = 24


def show_timeline(question: Question) -> Screen:
    """``/timeline [year | range | place | keyword]``."""
    found = timeline(question.library, question.argument)
    if found.keyword and not found.milestones:
        return unknown(question, "timeline")
    html = question.render("timeline", timeline=found)
    return Screen(html, _timeline_rows(question, found), LIST_PAGE, _picture_of(found))


def _picture_of(found: Timeline) -> str | None:
    """The picture of years that have milestones, of a place, or of everything; none of a keyword."""
    years = [milestone.date.year for milestone in found.milestones if milestone.date.year]
    if not years or found.keyword:
        return None
    if found.place:
        return f"timeline:{found.place.id}"
    return f"timeline:{YearRange(min(years), max(years))}" if found.range else "timeline"


def _timeline_rows(question: Question, found: Timeline) -> Rows:
    years = [Button(str(year), action("timeline", str(year))) for year, _ in found.years]
    rows = in_rows(years, _YEARS_A_ROW)
    if found.range or found.place or found.keyword:
        cards = [milestone_button(question, milestone) for milestone in found.milestones[:_CARDS_OFFERED]]
        return (*in_rows(cards, 1), *rows, (Button(question.say("All years"), action("timeline")),))
    return rows


def milestone_button(question: Question, milestone: Milestone, mark: str = "◆") -> Button:
    """A button that opens a milestone's card."""
    label = f"{mark} {milestone.date} {milestone.title[question.language]}"
    return Button(shorten(label), action("milestone", milestone.id))


def shorten(label: str, length: int = _LABEL_LENGTH * 2) -> str:
    """A label cut to what a phone shows, with an ellipsis."""
    return label if len(label) <= length else f"{label[: length - 1]}…"


def show_milestone(question: Question) -> Screen:
    """``/milestone [date | words]``: one card; without an argument the first."""
    chosen = find_milestone(question)
    if chosen is None:
        return unknown(question, "milestone")
    card = milestone_card(question.library, chosen.id)
    return Screen(
        question.render("milestone", card=card, kinds=kind_names(question.say)),
        _card_rows(question, card),
        picture=f"milestone:{chosen.id}",
    )


def find_milestone(question: Question) -> Milestone | None:
    """The milestone that an argument means: an id, a date, or words that a search finds."""
    library, wanted = question.library, question.argument
    if not wanted:
        return library.milestones[0]
    try:
        return library.milestone(wanted)
    except UnknownFact:
        pass
    dated = [milestone for milestone in library.milestones if str(milestone.date) == _as_date(wanted)]
    if dated:
        return dated[0]
    hits = (hit.id for hit in library.search(wanted, limit=50).hits if hit.kind == "milestone")
    return next((library.milestone(hit) for hit in hits), None)


def _as_date(text: str) -> str | None:
    try:
        return str(PartialDate.parse(text))
    except ValueError:
        return None


def _card_rows(question: Question, card: MilestoneCard) -> Rows:
    beside = [
        Button(question.say("‹ Earlier"), action("milestone", card.previous.id)) if card.previous else None,
        Button(question.say("Later ›"), action("milestone", card.next.id)) if card.next else None,
    ]
    places = [place_button(question, place) for place in card.milestone.places]
    figures = [
        figure_button(question, question.library.observation(id_)) for id_ in card.milestone.observations
    ]
    back = Button(question.say("Timeline"), action("timeline", str(card.milestone.date.year or "")))
    rows = (
        tuple(button for button in beside if button),
        *in_rows(places, 3),
        *in_rows(figures[:4], 1),
        (back,),
    )
    return tuple(row for row in rows if row)


def place_button(question: Question, place_id: str) -> Button:
    """A button that opens a place's card."""
    return Button(f"📍 {question.library.place(place_id).name[question.language]}", action("zones", place_id))


def figure_button(question: Question, observation: Observation) -> Button:
    """A button that opens a figure's card."""
    library, language = question.library, question.language
    value = observation.quantity.word(language, library.unit(observation.quantity.unit))
    name = (observation.label or library.metric_of(observation.id).name)[language]
    return Button(shorten(f"📊 {value} · {name}"), action("metrics", observation.id))
