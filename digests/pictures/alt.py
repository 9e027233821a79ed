"""What a picture shows, in words: the caption for those who do not see it."""

from __future__ import annotations

from collections.abc import Callable

from digests import queries
from digests.composing.digest import compose_by_key
from digests.pages.figures import figure_text
from digests.pages.formatting import join, word_period
from digests.pictures.context import Context


def describe(context: Context, key: str) -> str:
    """The alternative text of the picture of a key, in one or a few short sentences.

    Raises:
        LookupError: there is no picture of that key in this library.
        ValueError: the key of a digest names no occasion.
    """
    asked, kind, subject = context.asked(key)
    return _DESCRIPTIONS[kind](asked, subject)


def _timeline(context: Context, wanted: str) -> str:
    dated = [m for m in queries.timeline(context.library, wanted).milestones if m.date.year]
    if not dated:
        raise LookupError(wanted)
    return context.say_count(
        "Timeline with %(count)s dated milestone, of %(first)s",
        "Timeline with %(count)s dated milestones, from %(first)s to %(last)s",
        len(dated),
        first=context.date(dated[0].date),
        last=context.date(dated[-1].date),
    )


def _zones(context: Context, _wanted: str) -> str:
    kinds = queries.zones(context.library).kinds
    counted = [f"{context.read(kind.name)} {len(held)}" for kind, held in kinds if held]
    return f"{context.say('Tile map of the pilot zones')}{context.say(': ')}{context.say('; ').join(counted)}"


def _growth(context: Context, wanted: str) -> str:
    comparisons = queries.growth(context.library, wanted)
    if not comparisons:
        raise LookupError(wanted)
    lines = []
    for growth in comparisons:
        ends = [
            f"{word_period(end.period, context.language)} {context.quantity(end)}"
            for end in (growth.start, growth.end)
        ]
        lines.append(f"{context.read(growth.comparison.name)}{context.say(': ')}{' → '.join(ends)}")
    return context.say("; ").join(lines)


def _subject(context: Context, wanted: str) -> str:
    found = queries.find_subject(context.library, wanted)
    if found is None:
        raise LookupError(wanted)
    subject, metrics = found
    names = join([context.read(metric.name) for metric in metrics], context.language)
    return f"{context.read(subject.name)}{context.say(': ')}{names}"


def _milestone(context: Context, milestone_id: str) -> str:
    milestone = context.library.milestone(milestone_id)
    return f"{context.date(milestone.date)} · {context.read(milestone.title)}"


def _figure(context: Context, observation_id: str) -> str:
    observation = context.library.observation(observation_id)
    return figure_text(context.library, observation, context.language).line


def _digest(context: Context, key: str) -> str:
    digest = compose_by_key(context.library, key)
    if digest.figure:
        return _figure(context, digest.figure.id)
    return context.say("; ").join(_milestone(context, item.milestone.id) for item in digest.items)


_DESCRIPTIONS: dict[str, Callable[[Context, str], str]] = {
    "timeline": _timeline,
    "zones": _zones,
    "growth": _growth,
    "subject": _subject,
    "milestone": _milestone,
    "figure": _figure,
    "digest": _digest,
}
