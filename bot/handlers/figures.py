"""/zones, /growth, /metrics, /audit: who holds what, how much, and whether it adds up."""

from __future__ import annotations

from decimal import Decimal

from bot.handlers.suggestions import unknown
from bot.handlers.timeline import LIST_PAGE, figure_button, milestone_button, place_button
from bot.views.screen import Button, Question, Rows, Screen, action, in_rows
from digests import queries
from digests.doubts import rate_doubts
from digests.pages.formatting import word_percent
from digests.report.audit import Finding
from digests.report.library import UnknownFact
from digests.report.model import AuditKind, Metric, Observation, Place, Subject

VERDICT_MARKS = {"consistent": "✅", "inconsistent": "⚠️", "not-checkable": "❔", "computed": "🧮"}
_PLACES_A_ROW = 3


def show_zones(question: Question) -> Screen:
    """``/zones [place]``: every designation, or one place's card."""
    if question.argument:
        place = queries.find_place(question.library, question.argument)
        return unknown(question, "zones") if place is None else _place(question, place)
    zones = queries.zones(question.library)
    html = question.render("zones", zones=zones, breakdowns=queries.share_breakdowns(question.library))
    places = [place_button(question, card.place.id) for card in zones.places]
    return Screen(html, in_rows(places, _PLACES_A_ROW), picture=_map_of(question))


def _map_of(question: Question, place: Place | None = None) -> str | None:
    """The tile map, with a place standing out; none when no report has one, or the place is not on it."""
    maps = [report.geography for report in question.library.reports if report.geography]
    if place is None:
        return "zones" if maps else None
    is_there = any(tile.place == place.id for geography in maps[:1] for tile in geography.tiles)
    return f"zones:{place.id}" if is_there else None


def _place(question: Question, place: Place) -> Screen:
    card = queries.place_card(question.library, place)
    milestones = [milestone_button(question, milestone) for milestone in card.milestones[:6]]
    back = (
        Button(question.say("All zones"), action("zones")),
        Button(question.say("Timeline"), action("timeline", place.id)),
    )
    html = question.render("place", card=card)
    return Screen(html, (*in_rows(milestones, 1), back), LIST_PAGE, _map_of(question, place))


def show_growth(question: Question) -> Screen:
    """``/growth [name]``: end points, stated and recomputed rates."""
    comparisons = queries.growth(question.library, question.argument)
    if not comparisons:
        return unknown(question, "growth")
    stated = {growth.comparison.id for growth in comparisons}
    html = question.render(
        "growth",
        comparisons=comparisons,
        doubts=() if question.argument else rate_doubts(question.library),
        finding_value=lambda finding: finding_value(question, finding),
        verdict_marks=VERDICT_MARKS,
    )
    others = [
        Button(growth.comparison.name[question.language], action("growth", growth.comparison.id))
        for growth in queries.growth(question.library)
        if len(stated) > 1 or growth.comparison.id not in stated
    ]
    return Screen(
        html,
        (*in_rows(others, 2), (Button(question.say("Audit"), action("audit")),)),
        picture=f"growth:{comparisons[0].comparison.id}" if len(comparisons) == 1 else "growth",
    )


def show_metrics(question: Question) -> Screen:
    """``/metrics [subject | figure]``: the subjects, one subject's figures, or one figure's card."""
    if not question.argument:
        return _subjects(question)
    found = queries.find_subject(question.library, question.argument)
    if found:
        return _subject(question, *found)
    try:
        return _figure(question, question.library.observation(question.argument))
    except UnknownFact:
        return unknown(question, "metrics")


def _subjects(question: Question) -> Screen:
    subjects = queries.subjects(question.library)
    buttons = [
        Button(subject.name[question.language], action("metrics", subject.id)) for subject, _ in subjects
    ]
    return Screen(question.render("metrics", subjects=subjects), in_rows(buttons, 2))


def _subject(question: Question, subject: Subject, metrics: tuple[Metric, ...]) -> Screen:
    html = question.render("subject", subject=subject, metrics=metrics)
    back = ((Button(question.say("All subjects"), action("metrics")),),)
    return Screen(html, back, LIST_PAGE, f"subject:{subject.id}" if metrics else None)


def _figure(question: Question, observation: Observation) -> Screen:
    library = question.library
    findings = [
        finding
        for part in queries.recomputed(library)
        for finding in part.findings
        if observation.id in (finding.rule.stated, *finding.rule.inputs)
    ]
    milestones = [m for m in library.milestones if observation.id in m.observations]
    html = question.render(
        "figure",
        observation=observation,
        findings=findings,
        milestones=milestones,
        verdict_marks=VERDICT_MARKS,
    )
    rows = _figure_rows(question, observation, [milestone_button(question, m) for m in milestones])
    return Screen(html, rows, picture=f"figure:{observation.id}")


def _figure_rows(question: Question, observation: Observation, milestones: list[Button]) -> Rows:
    metric = question.library.metric_of(observation.id)
    beside = [figure_button(question, other) for other in metric.observations if other.id != observation.id]
    back = Button(question.say("More on this subject"), action("metrics", metric.subject))
    return (*in_rows(milestones, 1), *in_rows(beside[:4], 1), (back,))


def show_audit(question: Question) -> Screen:
    """``/audit``: each statement, recomputed."""
    html = question.render(
        "audit",
        parts=queries.recomputed(question.library),
        finding_value=lambda finding: finding_value(question, finding),
        finding_stated=lambda finding: finding_stated(question, finding),
        verdict_marks=VERDICT_MARKS,
    )
    return Screen(html, ((Button(question.say("Growth"), action("growth")),),), LIST_PAGE * 2)


def finding_stated(question: Question, finding: Finding) -> str:
    """What the report states, as it is worded elsewhere."""
    if finding.rule.stated is None:
        return ""
    quantity = question.library.observation(finding.rule.stated).quantity
    return quantity.word(question.language, question.library.unit(quantity.unit))


def finding_value(question: Question, finding: Finding) -> str:
    """What was recomputed, in the unit of what is stated, else of what it is computed from."""
    value = finding.recomputed
    if value is None:
        return ""
    if finding.rule.kind in (AuditKind.AVERAGE_RATE, AuditKind.REMAINDER):
        return word_percent(value)
    return _in_unit(question, finding.rule.stated or finding.rule.inputs[0], value)


def _in_unit(question: Question, stated: str, value: Decimal) -> str:
    return question.library.unit(question.library.observation(stated).quantity.unit).word(
        question.language, value
    )
