"""/subscribe, /unsubscribe, /settings, /language: the digests of a chat."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.handlers.visit import Visit
from bot.handlers.wishes import UnknownWishError, apply_wishes
from bot.screens import Button, Rows, Screen, action
from digests.digest import Digest, Upcoming, upcoming
from digests.pages.wording import figure_title
from digests.schedules import Cadence, Schedule
from digests.subscriptions import Subscription, SubscriptionState
from digests.text import Language

_TIMES = ("08:00", "09:00", "12:00", "20:00")
_ZONES = ("Asia/Shanghai", "Europe/London", "America/New_York", "UTC")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_POSTS_SHOWN = 3
_TITLES_SHOWN = 2


async def subscribe(visit: Visit) -> None:
    """``/subscribe [wishes]``: subscribe this chat or topic, or change what it has."""
    if not await _may(visit):
        return
    services = visit.services
    if not services.access.may_subscribe(visit.user_id):
        await visit.notice(
            visit.say("This instance is for its own subscribers; its operator can subscribe a chat.")
        )
        return
    known = await services.store.subscriptions.get(visit.address)
    await _change(visit, known or await _fresh(visit), made=known is None)


async def settings(visit: Visit) -> None:
    """``/settings [wishes]``: what this chat has, with buttons to change it."""
    known = await visit.services.store.subscriptions.get(visit.address)
    if known is None:
        await visit.notice(visit.say("This chat is not subscribed. To begin:"), "/subscribe")
    elif not visit.argument:
        await visit.show(_screen(visit, known))
    elif await _may(visit):
        await _change(visit, known)


async def unsubscribe(visit: Visit) -> None:
    """``/unsubscribe``: stop the digests; the settings are kept."""
    if not await _may(visit):
        return
    if await visit.services.store.subscriptions.unsubscribe(visit.address, visit.services.clock.now()):
        text = "Unsubscribed. The settings are kept; to begin again:"
    else:
        text = "This chat is not subscribed. To begin:"
    await visit.notice(visit.say(text), "/subscribe")


async def language(visit: Visit) -> None:
    """``/language [zh | en]``: of the answers and the digests of this chat."""
    chosen = Language.from_code(visit.argument or None)
    if chosen is None:
        html = visit.question().render(
            "notice", text="语言 / Language", examples=("/language zh", "/language en")
        )
        buttons = (Button("中文", action("language", "zh")), Button("English", action("language", "en")))
        await visit.show(Screen(html, (buttons,)))
    elif await _may(visit):
        await visit.services.languages.choose(visit.address.chat_id, chosen)
        speaking = visit.speaking(chosen)
        await speaking.show(
            Screen(speaking.question().render("notice", text=speaking.say("Language set."), examples=()))
        )


async def _may(visit: Visit) -> bool:
    if await visit.services.access.may_change(visit.event):
        return True
    await visit.notice(visit.say("Only administrators of this chat can do that."))
    return False


async def _fresh(visit: Visit) -> Subscription:
    """A first subscription with the instance's defaults, in the language of who makes it."""
    defaults = visit.services.settings
    chosen = await _language_of_subscriber(visit)
    schedule = Schedule(defaults.default_cadence, defaults.default_time, defaults.default_timezone)
    return Subscription(
        visit.address, schedule, chosen, layout=defaults.default_layout, subscribed_by=visit.user_id
    )


async def _language_of_subscriber(visit: Visit) -> Language:
    user = visit.event.from_user
    chat = visit.message.chat
    settings_ = await visit.services.store.chats.get(chat.id)
    if settings_ and settings_.language:
        return settings_.language
    chosen = Language.from_code(user.language_code if user else None) or visit.language
    if chat.type != "private":
        await visit.services.languages.choose(chat.id, chosen)
    return chosen


async def _change(visit: Visit, subscription: Subscription, *, made: bool = False) -> None:
    try:
        wanted = apply_wishes(subscription, visit.argument)
    except UnknownWishError as error:
        await _explain(visit, error)
        return
    wanted = replace(wanted, state=SubscriptionState.ACTIVE)
    stored = await visit.services.store.subscriptions.put(wanted, visit.services.clock.now())
    made = made or subscription.state is not SubscriptionState.ACTIVE
    await visit.show(_screen(visit, stored, made=made, changed=not made))


async def _explain(visit: Visit, error: UnknownWishError) -> None:
    text = visit.say(
        "“%(word)s” is not a cadence, a weekday, a time, a time zone or a language.", word=error.word
    )
    if error.near:
        text = f"{text} {visit.say('Did you mean one of these?')}"
    examples = error.near or ("daily 09:00", "weekly fri 08:30", "monthly Europe/Berlin en")
    await visit.notice(text, *(f"/subscribe {example}" for example in examples))


def _screen(visit: Visit, subscription: Subscription, *, made: bool = False, changed: bool = False) -> Screen:
    cadences = {"daily": visit.say("daily"), "weekly": visit.say("weekly"), "monthly": visit.say("monthly")}
    html = visit.question().render(
        "subscription",
        subscription=subscription,
        made=made,
        changed=changed,
        cadences=cadences,
        upcoming=told(visit, subscription.schedule, figures=subscription.figure_on_empty_days),
    )
    return Screen(html, _rows(visit, subscription))


def told(visit: Visit, schedule: Schedule, *, figures: bool) -> list[tuple[object, str]]:
    """The next posts of a schedule: when, in its own zone, and what they tell."""
    library = visit.services.shelf.current
    found = upcoming(library, schedule, visit.services.clock.now(), _POSTS_SHOWN, figures=figures)
    zone = ZoneInfo(schedule.timezone)
    return [(post.due.at.astimezone(zone), _titles(visit, post)) for post in found]


def _titles(visit: Visit, post: Upcoming) -> str:
    digest: Digest = post.digest
    if digest.figure:
        return figure_title(visit.services.shelf.current, digest.figure, visit.language)
    titles = [item.milestone.title[visit.language] for item in digest.items]
    more = f" +{len(titles) - _TITLES_SHOWN}" if len(titles) > _TITLES_SHOWN else ""
    return ("；" if visit.language is Language.ZH else "; ").join(titles[:_TITLES_SHOWN]) + more


def _rows(visit: Visit, subscription: Subscription) -> Rows:
    schedule = subscription.schedule
    cadences = (
        (visit.say("Daily"), Cadence.DAILY),
        (visit.say("Weekly"), Cadence.WEEKLY),
        (visit.say("Monthly"), Cadence.MONTHLY),
    )
    rows: list[tuple[Button, ...]] = [
        tuple(
            _choice(label, cadence.value, chosen=schedule.cadence is cadence) for label, cadence in cadences
        ),
        tuple(_choice(at, at, chosen=f"{schedule.at:%H:%M}" == at) for at in _TIMES),
        tuple(
            _choice(zone.rpartition("/")[2].replace("_", " "), zone, chosen=schedule.timezone == zone)
            for zone in _ZONES
        ),
        (
            _choice("中文", "zh", chosen=subscription.language is Language.ZH),
            _choice("English", "en", chosen=subscription.language is Language.EN),
        ),
    ]
    if schedule.cadence is Cadence.WEEKLY:
        rows.insert(1, tuple(_day(visit, number, schedule.weekday) for number in range(7)))
    rows.append(tuple(_switches(visit, subscription)))
    rows.append(
        (
            Button(visit.say("See the next post"), action("preview")),
            Button(visit.say("Unsubscribe"), action("unsubscribe")),
        )
    )
    return tuple(rows)


def _choice(label: str, wish: str, *, chosen: bool) -> Button:
    return Button(f"✓ {label}" if chosen else label, action("settings", wish))


def _day(visit: Visit, number: int, chosen: int) -> Button:
    label = "一二三四五六日"[number] if visit.language is Language.ZH else _WEEKDAYS[number].capitalize()
    return _choice(label, _WEEKDAYS[number], chosen=number == chosen)


def _switches(visit: Visit, subscription: Subscription) -> list[Button]:
    sound = Button(
        visit.say("Sound on") if subscription.silent else visit.say("Silent"),
        action("settings", "sound" if subscription.silent else "silent"),
    )
    if subscription.schedule.cadence is not Cadence.DAILY:
        return [sound]
    wanted = subscription.figure_on_empty_days
    label = visit.say("No figures") if wanted else visit.say("Figures on empty days")
    return [sound, Button(label, action("settings", "nofigures" if wanted else "figures"))]
