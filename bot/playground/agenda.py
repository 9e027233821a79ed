"""What is worth a walk of the clock: the next post that really comes, and the day that recalls most."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.playground.clock_routes import BusiestDay
from digests.composing.digest import recalled_on_day, upcoming
from digests.report.library import Library
from digests.store import Store
from digests.subscriptions import Subscription, SubscriptionState


class NextPosts:
    """When the next post of any subscription comes; remembered until something changes."""

    def __init__(self) -> None:
        self._found: dict[object, tuple[datetime, datetime | None]] = {}

    async def first(self, store: Store, library: Library, now: datetime) -> datetime | None:
        """The instant of the next post that has something to tell; None when none is in sight."""
        active = [one async for one in store.subscriptions.all() if one.state is SubscriptionState.ACTIVE]
        coming = [self._of(subscription, library, now) for subscription in active]
        return min((due for due in coming if due is not None), default=None)

    def _of(self, subscription: Subscription, library: Library, now: datetime) -> datetime | None:
        wanted = replace(subscription, address=replace(subscription.address, chat_id=0, thread_id=0))
        key = wanted, library.version
        asked, due = self._found.get(key, (None, None))
        if asked is None or now < asked or (due is not None and due <= now):
            due = _next_post(wanted, library, now)
            self._found = {known: self._found[known] for known in list(self._found)[-100:]}
            self._found[key] = now, due
        return due


def _next_post(subscription: Subscription, library: Library, now: datetime) -> datetime | None:
    """As a chat's settings tell it: after a pause, and with figures only where they are wished."""
    schedule, after = subscription.schedule, now
    if subscription.paused_until is not None:
        begin = datetime.combine(subscription.paused_until, time(), ZoneInfo(schedule.timezone))
        after = max(after, begin - timedelta.resolution)
    followed = library.following(subscription.reports)
    found = upcoming(
        followed, schedule, after, 1, figures=subscription.figure_on_empty_days, only=subscription.only
    )
    return found[0].due.at if found else None


def busiest_day(library: Library, today: date) -> BusiestDay | None:
    """The day after *today*, within a year, with most anniversaries known to the day, the nearest of them."""
    days = [today + timedelta(days=offset) for offset in range(1, 367)]
    counts = {day: sum(item.on is not None for item in recalled_on_day(library, day)) for day in days}
    best = max(days, key=lambda day: counts[day])
    return BusiestDay(best, counts[best]) if counts[best] else None
