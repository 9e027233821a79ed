"""The next posts of a subscription, and what they tell."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from digests.composing.digest import Upcoming, compose, upcoming
from digests.pages.headings import digest_summary
from digests.report.library import Library
from digests.schedules import Occasion, next_due
from digests.subscriptions import Subscription, SubscriptionState
from digests.text import Language

_POSTS_SHOWN = 3


def next_posts(
    library: Library, subscription: Subscription, now: datetime, count: int
) -> tuple[Upcoming, ...]:
    """The next posts that will have content; none begins before a pause is over."""
    followed, schedule, after = library.following(subscription.reports), subscription.schedule, now
    if subscription.paused_until is not None:
        begin = datetime.combine(subscription.paused_until, time(), ZoneInfo(schedule.timezone))
        after = max(after, begin - timedelta.resolution)
    return upcoming(
        followed, schedule, after, count, figures=subscription.figure_on_empty_days, only=subscription.only
    )


def next_titles(
    library: Library, subscription: Subscription, now: datetime, language: Language
) -> list[tuple[datetime, str]]:
    """The next posts: when, in the subscription's zone, and the titles of what they tell."""
    zone = ZoneInfo(subscription.schedule.timezone)
    found = next_posts(library, subscription, now, _POSTS_SHOWN)
    return [(post.due.at.astimezone(zone), digest_summary(library, post.digest, language)) for post in found]


def missed_today(
    library: Library, before: Subscription, after: Subscription, now: datetime
) -> Occasion | None:
    """The occasion of today that the old schedule would still have told, and the new one will not."""
    if before.state is not SubscriptionState.ACTIVE or before.schedule == after.schedule:
        return None
    due = next_due(before.schedule, now)
    today = now.astimezone(ZoneInfo(before.schedule.timezone)).date()
    is_covered = next_due(after.schedule, now).occasion.first_day <= due.occasion.first_day
    if due.occasion.first_day != today or is_covered:
        return None
    if before.schedule.cadence is not after.schedule.cadence:
        return None
    digest = compose(library.following(after.reports), due.occasion, after.only)
    return due.occasion if digest and (digest.items or after.figure_on_empty_days) else None
