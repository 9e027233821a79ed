"""/stats, /publish, /reload: for those who run the instance, in private; unknown to others."""

from __future__ import annotations

from datetime import date, timedelta

from aiogram import Router
from aiogram.types import Message

from bot.handlers.filters import CommandFilter, OperatorFilter
from bot.handlers.responder import Responder
from bot.handlers.subscription.preview import read_occasion
from bot.views.screen import Screen
from bot.views.suggestions import problem_text
from digests.delivery.clock import Clock
from digests.delivery.planner import Planner
from digests.inputs import InputError
from digests.inputs.times import find_cadence
from digests.library_holder import LibraryHolder, Reloaded
from digests.schedules import Occasion
from digests.store import Store
from digests.store.operator_acts import Act

#: What ended longer ago is not counted in ``/stats``.
_RECENT = timedelta(days=7)

#: So many lines of each kind fit into an answer.
_MOST_LINES = 20


def operators_router() -> Router:
    """The commands of operators."""
    router = Router(name="operators")
    router.message.filter(OperatorFilter())
    router.message.register(stats, CommandFilter("stats"))
    router.message.register(publish, CommandFilter("publish"))
    router.message.register(reload, CommandFilter("reload"))
    return router


async def stats(_message: Message, responder: Responder, store: Store, clock: Clock) -> None:
    """``/stats``: how the instance does."""
    counts = await store.outbox.summary(clock.now() - _RECENT)
    deliveries = {state.value: count for state, count in counts.items() if count}
    html = responder.render(
        "stats",
        chats=await store.chats.count(),
        subscriptions=await store.subscriptions.count(),
        deliveries=deliveries,
    )
    await responder.show(Screen(html))


async def publish(
    message: Message, *, argument: str, responder: Responder, planner: Planner, store: Store, clock: Clock
) -> None:
    """``/publish 2026-05-10 [daily | weekly | monthly]``: queue a digest now."""
    try:
        occasion = _occasion(argument, responder.request.today)
    except InputError as error:
        text = problem_text(responder.request, error)
        await responder.notice(text, "/publish 2026-05-10 daily", "/publish 2026-11")
        return
    done = await planner.publish(occasion, clock.now())
    await _record(store, Act.PUBLISH, f"{occasion.key}: {done.queued} queued", message, clock)
    text = responder.say(
        "%(queued)s queued, %(already)s had it already.", queued=done.queued, already=done.already
    )
    await responder.notice(text, "/stats")


def _occasion(argument: str, today: date) -> Occasion:
    """Raises InputError when the argument is no date."""
    day, _, last = argument.rpartition(" ")
    cadence = find_cadence(last)
    if cadence is None or not day:
        return read_occasion(argument, today)
    return Occasion.containing(cadence, read_occasion(day, today).first_day)


async def _record(store: Store, act: Act, detail: str, message: Message, clock: Clock) -> None:
    actor = str(message.from_user.id) if message.from_user else "unknown"
    await store.acts.record(act, detail, clock.now(), actor)


async def reload(
    message: Message, responder: Responder, library_holder: LibraryHolder, store: Store, clock: Clock
) -> None:
    """``/reload``: read the packs again, and say what changed, what stayed and why."""
    reloaded, problems = await library_holder.reload()
    version = library_holder.current.version
    await _record(store, Act.RELOAD, f"library {version}", message, clock)
    lines = [_became(responder, each, is_whole=not problems) for each in reloaded]
    if problems:
        text = responder.say("The packs have problems; the last good library stays:")
        await responder.notice(text, *problems[:_MOST_LINES], *lines[:_MOST_LINES])
        return
    await responder.notice(
        responder.say("Loaded: library %(version)s.", version=version), *lines[:_MOST_LINES], "/about"
    )


def _became(responder: Responder, report: Reloaded, *, is_whole: bool) -> str:
    """What a reload made of a report; only when all folders could be read is it known that one is gone."""
    names = {"report": report.report_id, "before": report.before, "after": report.after}
    if report.after is None:
        return responder.say("%(report)s is withdrawn; a higher revision brings it back", **names)
    if report.before is None:
        return responder.say("%(report)s is new: revision %(after)s", **names)
    if report.before != report.after:
        return responder.say("%(report)s: revision %(before)s became %(after)s", **names)
    if report.in_folder is None and is_whole:
        return responder.say(
            "%(report)s has no folder any more and stays, until silkline reports withdraw %(report)s", **names
        )
    if report.in_folder is not None and report.in_folder < report.after:
        return responder.say(
            "%(report)s: revision %(after)s is newer than %(folder)s in the folder, and stays",
            folder=report.in_folder,
            **names,
        )
    return responder.say("%(report)s: revision %(after)s stays", **names)
