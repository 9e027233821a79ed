"""/stats, /publish, /reload: for those who run the instance, invisible to others."""

from __future__ import annotations

from datetime import timedelta

from bot.handlers.context import Visit
from bot.handlers.subscription.preview import read_occasion
from bot.views.screen import Screen
from digests.schedules import Cadence, Occasion

#: What ended longer ago is not counted in ``/stats``.
_RECENT = timedelta(days=7)


async def stats(visit: Visit) -> None:
    """``/stats``: how the instance does."""
    store, now = visit.services.store, visit.services.clock.now()
    counts = await store.outbox.summary(now - _RECENT)
    deliveries = {state.value: count for state, count in counts.items() if count}
    html = visit.question().render(
        "stats",
        chats=await store.chats.count(),
        subscriptions=await store.subscriptions.count(),
        deliveries=deliveries,
    )
    await visit.show(Screen(html))


async def publish(visit: Visit) -> None:
    """``/publish 2026-05-10 [daily | weekly | monthly]``: queue a digest now."""
    day, _, cadence = visit.argument.partition(" ")
    occasion = _occasion(day, cadence)
    if occasion is None:
        await visit.notice(
            visit.say("This is not a date or a month."), "/publish 2026-05-10 daily", "/publish 2026-11"
        )
        return
    done = await visit.services.planner.publish(occasion, visit.services.clock.now())
    await visit.notice(
        visit.say("%(queued)s queued, %(already)s had it already.", queued=done.queued, already=done.already),
        "/stats",
    )


def _occasion(day: str, cadence: str) -> Occasion | None:
    occasion = read_occasion(day)
    if occasion is None or not cadence:
        return occasion
    try:
        return Occasion.containing(Cadence(cadence), occasion.first_day)
    except ValueError:
        return None


async def reload(visit: Visit) -> None:
    """``/reload``: read the packs again; a broken one keeps the last good library."""
    problems = await visit.services.library_holder.take_in_packs()
    if problems:
        await visit.notice(visit.say("The packs have problems; the last good library stays:"), *problems[:20])
        return
    version = visit.services.library_holder.current.version
    await visit.notice(visit.say("Loaded: library %(version)s.", version=version), "/about")
