"""The settings of a chat as a page: what it has, what comes next, and whether all is well."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.handlers.context import Visit
from bot.handlers.subscription.self_check import check
from bot.handlers.subscription.settings_buttons import rows_of
from bot.views.screen import Button, Rows, Screen
from digests.digest import Upcoming, compose, upcoming
from digests.pages.formatting import figure_title
from digests.schedules import Cadence, Occasion, Schedule, next_due
from digests.subscriptions import Subscription, SubscriptionState
from digests.text import Language

_POSTS_SHOWN = 3
_TITLES_SHOWN = 2
_SIMPLE = ("language", "layout", "silent", "picture", "figure_on_empty_days", "pin", "falls_back", "reports")


async def show_settings(
    visit: Visit,
    subscription: Subscription,
    section: str = "main",
    *,
    made: bool = False,
    before: Subscription | None = None,
) -> None:
    """Show a page of the settings; with *before*, say in words what has changed since."""
    screen = await settings_screen(visit, subscription, section, made=made, before=before)
    await visit.show(screen)


async def settings_screen(
    visit: Visit,
    subscription: Subscription,
    section: str = "main",
    *,
    made: bool = False,
    before: Subscription | None = None,
) -> Screen:
    """The page of `show_settings`."""
    html = visit.question().render(
        "subscription",
        subscription=subscription,
        title=await title_of(visit, subscription),
        section=section,
        made=made,
        changes=changes(before, subscription) if before else (),
        shown=_shown(visit, subscription),
        followed=_followed(visit, subscription),
        cadences=_cadences(visit),
        outcomes=_outcomes(visit),
        upcoming=told(visit, subscription),
        check=await check(visit.services, subscription),
    )
    missed = _missed(visit, before, subscription) if before else None
    return Screen(html, (*_send_now(visit, missed), *rows_of(visit, subscription, section)))


def changes(before: Subscription, after: Subscription) -> tuple[str, ...]:
    """The names of the settings that differ."""
    old, new = before.schedule, after.schedule
    names = ["cadence"] if (old.cadence, old.weekday) != (new.cadence, new.weekday) else []
    names += ["at"] if (old.at, old.timezone) != (new.at, new.timezone) else []
    names += [name for name in (*_SIMPLE, "paused_until") if getattr(before, name) != getattr(after, name)]
    return tuple(names)


def _shown(visit: Visit, subscription: Subscription) -> tuple[str, ...]:
    left_out = set()
    if subscription.schedule.cadence is not Cadence.DAILY:
        left_out.add("figure_on_empty_days")
    if not subscription.address.thread_id:
        left_out.add("falls_back")
    if len(visit.services.library_holder.current.reports) == 1:
        left_out.add("reports")
    if subscription.paused_until is None:
        left_out.add("paused_until")
    return tuple(n for n in ("cadence", "at", "paused_until", *_SIMPLE) if n not in left_out)


def _followed(visit: Visit, subscription: Subscription) -> list[str]:
    library = visit.services.library_holder.current.following(subscription.reports)
    return [report.name[visit.language] for report in library.reports]


def _cadences(visit: Visit) -> dict[str, str]:
    return {"daily": visit.say("daily"), "weekly": visit.say("weekly"), "monthly": visit.say("monthly")}


def _outcomes(visit: Visit) -> dict[str, str]:
    return {
        "sent": visit.say("arrived"),
        "skipped": visit.say("skipped"),
        "gone": visit.say("the chat could not be reached"),
        "failed": visit.say("failed"),
        "unknown": visit.say("outcome unknown"),
    }


async def title_of(visit: Visit, subscription: Subscription) -> str:
    """What a chat is called, for who looks at its settings."""
    address = subscription.address
    if address.chat_id == visit.message.chat.id:
        title = visit.message.chat.title
    else:
        chat = await visit.services.store.chats.get(address.chat_id)
        title = chat.title if chat else str(address.chat_id)
    if address.chat_id > 0:
        return visit.say("this private chat")
    topic = " · " + visit.say("topic %(number)s", number=address.thread_id) if address.thread_id else ""
    return f"{title or address.chat_id}{topic}"


def told(visit: Visit, subscription: Subscription) -> list[tuple[datetime, str]]:
    """The next posts of a subscription: when, in its own zone, and what they tell."""
    zone = ZoneInfo(subscription.schedule.timezone)
    found = coming(visit, subscription, _POSTS_SHOWN)
    return [(post.due.at.astimezone(zone), _titles(visit, post)) for post in found]


def coming(visit: Visit, subscription: Subscription, count: int) -> tuple[Upcoming, ...]:
    """The next posts that will have content; none begins before a pause is over."""
    library = visit.services.library_holder.current.following(subscription.reports)
    after, schedule = visit.services.clock.now(), subscription.schedule
    if subscription.paused_until is not None:
        begin = datetime.combine(subscription.paused_until, time(), ZoneInfo(schedule.timezone))
        after = max(after, begin - timedelta.resolution)
    return upcoming(library, schedule, after, count, figures=subscription.figure_on_empty_days)


def _titles(visit: Visit, post: Upcoming) -> str:
    if post.digest.figure:
        return figure_title(visit.services.library_holder.current, post.digest.figure, visit.language)
    titles = [item.milestone.title[visit.language] for item in post.digest.items]
    more = f" +{len(titles) - _TITLES_SHOWN}" if len(titles) > _TITLES_SHOWN else ""
    return ("；" if visit.language is Language.ZH else "; ").join(titles[:_TITLES_SHOWN]) + more


def _missed(visit: Visit, before: Subscription, after: Subscription) -> Occasion | None:
    """The occasion of today that the old schedule would still have told, and the new one will not."""
    if before.state is not SubscriptionState.ACTIVE or before.schedule == after.schedule:
        return None
    now = visit.services.clock.now()
    due = next_due(before.schedule, now)
    today = now.astimezone(ZoneInfo(before.schedule.timezone)).date()
    is_told = _occasion_of(after.schedule, now).first_day <= due.occasion.first_day
    if due.occasion.first_day != today or is_told or before.schedule.cadence is not after.schedule.cadence:
        return None
    digest = compose(visit.services.library_holder.current.following(after.reports), due.occasion)
    return due.occasion if digest and (digest.items or after.figure_on_empty_days) else None


def _occasion_of(schedule: Schedule, now: datetime) -> Occasion:
    return next_due(schedule, now).occasion


def _send_now(visit: Visit, missed: Occasion | None) -> Rows:
    if missed is None:
        return ()
    return ((Button("📮 " + visit.say("Send today’s post now"), visit.sealed("n", missed.key)),),)
