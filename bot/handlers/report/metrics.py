"""/metrics: the figures by subject, and each figure's card."""

from __future__ import annotations

from bot.handlers.report.search import found
from bot.telegram.deep_links import LinkKind
from bot.views.buttons import LIST_PAGE, distinct, figure_button, milestone_button, share_buttons
from bot.views.screen import Button, Rows, Screen, ViewRequest, action, in_rows
from digests import queries
from digests.pages.figures import figure_text
from digests.report.library import UnknownFact
from digests.report.model import Metric, Observation, Subject


def show_metrics(request: ViewRequest) -> Screen:
    """``/metrics [subject | figure]``: the subjects, one subject's figures, or one figure's card."""
    if not request.argument:
        return _subjects(request)
    subject = queries.find_subject(request.library, request.argument)
    if subject:
        return _subject(request, *subject)
    try:
        return _figure(request, request.library.observation(request.argument))
    except UnknownFact:
        return found(request, "metrics")


def _subjects(request: ViewRequest) -> Screen:
    subjects = queries.subjects(request.library)
    buttons = [
        Button(subject.name[request.language], action("metrics", subject.id)) for subject, _ in subjects
    ]
    return Screen(request.render("metrics", subjects=subjects), in_rows(buttons, 2))


def _subject(request: ViewRequest, subject: Subject, metrics: tuple[Metric, ...]) -> Screen:
    html = request.render("subject", subject=subject, metrics=metrics)
    count = sum(len(metric.observations) for metric in metrics)
    one_by_one = Button("📊 " + request.say("One by one") + f" · {count}", action("figures", subject.id))
    every = Button(request.say("All subjects"), action("metrics"))
    rows = ((one_by_one, every),) if count else ((every,),)
    return Screen(html, rows, LIST_PAGE, f"subject:{subject.id}" if metrics else None)


def _figure(request: ViewRequest, observation: Observation) -> Screen:
    library = request.library
    findings = [
        finding
        for part in queries.recomputed(library)
        for finding in part.findings
        if observation.id in (finding.rule.stated, *finding.rule.inputs)
    ]
    milestones = [m for m in library.milestones if observation.id in m.observations]
    html = request.render("figure", observation=observation, findings=findings, milestones=milestones)
    rows = _figure_rows(request, observation, [milestone_button(request, m) for m in milestones])
    return Screen(html, rows, picture=f"figure:{observation.id}")


def _figure_rows(request: ViewRequest, observation: Observation, milestones: list[Button]) -> Rows:
    metric = request.library.metric_of(observation.id)
    beside = [figure_button(request, other) for other in metric.observations if other.id != observation.id]
    back = Button(request.say("More on this subject"), action("metrics", metric.subject))
    cite = Button(request.say("Cite"), action("cite", observation.id))
    words = figure_text(request.library, observation, request.language).line
    share = share_buttons(request, f"{LinkKind.FIGURE}-{observation.id}", words)
    return (*in_rows(distinct([*milestones, *beside]), 2), (back, cite, *share))
