"""/preview: exactly what will be posted, before it is."""

from __future__ import annotations

import re
from datetime import date

from bot.handlers.subscribing import told
from bot.handlers.visit import Visit
from bot.screens import Screen
from digests.composing import post
from digests.digest import compose, upcoming
from digests.schedules import Cadence, Occasion, Schedule

_MONTH = re.compile(r"(\d{4})-(\d{1,2})")


async def preview(visit: Visit) -> None:
    """``/preview [2026-11 | 2026-05-10]``: the next posts of this chat, or those of a month or a day."""
    if visit.argument:
        await _preview_occasion(visit)
        return
    known = await visit.services.store.subscriptions.get(visit.address)
    defaults = visit.services.settings
    schedule = (
        known.schedule
        if known
        else Schedule(defaults.default_cadence, defaults.default_time, defaults.default_timezone)
    )
    figures = bool(known and known.figure_on_empty_days)
    coming = told(visit, schedule, figures=figures)
    await visit.show(Screen(visit.question().render("preview", upcoming=coming)))
    found = upcoming(visit.services.shelf.current, schedule, visit.services.clock.now(), 1, figures=figures)
    if found:
        await _show(visit, found[0].due.occasion)


async def _preview_occasion(visit: Visit) -> None:
    known = await visit.services.store.subscriptions.get(visit.address)
    occasion = read_occasion(visit.argument, known.schedule if known else None)
    if occasion is None:
        await visit.notice(
            visit.say("This is not a date or a month."), "/preview 2026-11", "/preview 2026-05-10"
        )
    elif compose(visit.services.shelf.current, occasion) is None:
        await visit.notice(visit.say("Nothing to recall then: no post would be sent."), "/preview")
    else:
        await _show(visit, occasion)


def read_occasion(text: str, schedule: Schedule | None = None) -> Occasion | None:
    """A month as ``2026-11``, or a day as ``2026-05-10``; a weekly chat's day means its week."""
    try:
        if month := _MONTH.fullmatch(text):
            return Occasion(Cadence.MONTHLY, date(int(month[1]), int(month[2]), 1))
        day = date.fromisoformat(text)
    except ValueError:
        return None
    if schedule and schedule.cadence is Cadence.WEEKLY:
        return Occasion.containing(Cadence.WEEKLY, day, schedule.weekday)
    return Occasion(Cadence.DAILY, day)


async def _show(visit: Visit, occasion: Occasion) -> None:
    library = visit.services.shelf.current
    digest = compose(library, occasion)
    if digest is not None:
        for reply in visit.services.replies.show(
            Screen(post(digest, library, visit.language, visit.services.pages).html)
        ):
            await visit.message.answer(reply.text, parse_mode="HTML")
