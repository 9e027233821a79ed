"""/preview: exactly what will be posted, before it is; and a sample of it in the chat itself."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from aiogram.types import CallbackQuery

from bot.handlers.context import Visit
from bot.handlers.subscription.settings_screen import coming, told
from bot.handlers.subscription.subscribe import fresh, may_change
from bot.views.screen import Screen
from digests.composing import post
from digests.digest import compose
from digests.posts import Delivery, Post, Sent
from digests.schedules import Cadence, Occasion, Schedule
from digests.subscriptions import Address, Subscription

_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_MOST = 3


async def preview(visit: Visit) -> None:
    """``/preview [3 | 2026-11 | 2026-05-10]``: the next posts of this chat, or those of a month or a day."""
    known = await visit.services.store.subscriptions.get(visit.address)
    if visit.argument and not visit.argument.isdecimal():
        await _preview_occasion(visit, known)
        return
    count = min(max(int(visit.argument or 1), 1), _MOST)
    subscription = known or await fresh(visit)
    found = coming(visit, subscription, count)
    html = visit.question().render("preview", upcoming=told(visit, subscription), count=len(found))
    await visit.show(Screen(html))
    for each in found:
        await _show(visit, subscription, each.due.occasion)


async def peek(visit: Visit) -> None:
    """A button of the settings: the next post, to nobody but who pressed."""
    if not await may_change(visit):
        return
    known = await visit.services.store.subscriptions.get(visit.address)
    found = coming(visit, known, 1) if known else ()
    if known is None or not found:
        await visit.notice(visit.say("Nothing to recall then: no post would be sent."))
        return
    to = visit.user_id if isinstance(visit.event, CallbackQuery) else None
    await _show(visit, known, found[0].due.occasion, Address(to or visit.message.chat.id))


async def sample(visit: Visit) -> None:
    """A button of the settings: the next post, now, in the chat itself; it counts as no delivery."""
    if not await may_change(visit):
        return
    known = await visit.services.store.subscriptions.get(visit.address)
    found = coming(visit, known, 1) if known else ()
    if known is None or not found:
        await visit.notice(visit.say("Nothing to recall then: no post would be sent."))
    elif await _show(visit, known, found[0].due.occasion, visit.address):
        await visit.notice(visit.say("The sample was posted."))


async def _preview_occasion(visit: Visit, known: Subscription | None) -> None:
    occasion = read_occasion(visit.argument, known.schedule if known else None)
    if occasion is None:
        await visit.notice(
            visit.say("This is not a date or a month."), "/preview 2026-11", "/preview 2026-05-10"
        )
    elif compose(visit.services.library_holder.current, occasion) is None:
        await visit.notice(visit.say("Nothing to recall then: no post would be sent."), "/preview")
    else:
        await _show(visit, known, occasion)


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


def _post(visit: Visit, subscription: Subscription | None, occasion: Occasion) -> Post | None:
    reports = subscription.reports if subscription else ()
    library = visit.services.library_holder.current.following(reports)
    digest = compose(library, occasion)
    language = subscription.language if subscription else visit.language
    return post(digest, library, language, visit.services.pages, reports=reports) if digest else None


async def _show(
    visit: Visit, subscription: Subscription | None, occasion: Occasion, to: Address | None = None
) -> bool:
    """Send a post as it will be; whether that was possible, else whoever asked is told."""
    shown = _post(visit, subscription, occasion)
    if shown is None:
        return True
    to = to or replace(visit, target=None).address
    outcome = await visit.services.preview_messenger.send(
        _delivery(visit, subscription or await fresh(visit), shown, to)
    )
    if isinstance(outcome, Sent):
        return True
    await visit.notice(
        visit.say("I cannot write there. If it is our private chat, open it and press Start first.")
    )
    return False


def _delivery(visit: Visit, subscription: Subscription, shown: Post, to: Address) -> Delivery:
    """What the sender would send, but on no record."""
    now = visit.services.clock.now()
    return Delivery(
        id=0,
        epoch=0,
        attempt=1,
        address=to,
        language=subscription.language,
        layout=subscription.layout,
        post_id=0,
        post=shown,
        silent=subscription.silent,
        picture=subscription.picture,
        timezone=subscription.schedule.timezone,
        due_at=now,
        stale_at=None,
        lease_until=now,
    )
