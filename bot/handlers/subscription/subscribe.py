"""/subscribe, /unsubscribe, /settings, /language: the digests of a chat."""

from __future__ import annotations

from dataclasses import replace

from aiogram.types import CallbackQuery

from bot.handlers.context import Visit
from bot.handlers.subscription.settings_buttons import MORE_WISHES, SECTIONS, zone_rows
from bot.handlers.subscription.settings_parser import UnknownSettingError, apply_settings
from bot.handlers.subscription.settings_screen import show_settings
from bot.views.screen import Button, Screen
from digests.schedules import Schedule
from digests.subscriptions import Subscription, SubscriptionState
from digests.text import Language
from digests.timeparse import parse_timezone


async def subscribe(visit: Visit) -> None:
    """``/subscribe [wishes]``: subscribe this chat or topic, or change what it has."""
    if not await may_change(visit) or not await may_subscribe(visit):
        return
    known = await visit.services.store.subscriptions.get(visit.address)
    is_active = known is not None and known.state is SubscriptionState.ACTIVE
    if not is_active and not (await visit.services.permissions.own_rights(visit.address.chat_id)).may_post:
        await visit.notice(
            visit.say("I may not post there: make me an administrator who may post messages, then try again.")
        )
        return
    await change(visit, known or await fresh(visit), made=known is None)


async def settings(visit: Visit) -> None:
    """``/settings [wishes]``: what this chat has, with buttons to change it."""
    if not await may_change(visit):
        return
    known = await visit.services.store.subscriptions.get(visit.address)
    if known is None:
        await _not_subscribed(visit)
    elif visit.argument:
        await change(visit, known)
    else:
        await show_settings(visit, known)


async def show_section(visit: Visit) -> None:
    """A button of the settings that opens one of their pages."""
    known = await visit.services.store.subscriptions.get(visit.address)
    if not await may_change(visit):
        return
    if known is None:
        await _not_subscribed(visit)
        return
    await show_settings(visit, known, visit.argument if visit.argument in SECTIONS else "main")


async def unsubscribe(visit: Visit) -> None:
    """``/unsubscribe``: stop the digests; the settings are kept."""
    if not await may_change(visit):
        return
    stopped = await visit.services.store.subscriptions.unsubscribe(visit.address, visit.services.clock.now())
    if stopped:
        text = visit.say("Unsubscribed. The settings are kept; to begin again:")
    else:
        text = visit.say("This chat is not subscribed. To begin:")
    await _offer(visit, text)


async def stop(visit: Visit) -> None:
    """The button under a digest in a private chat: one tap, and the digest itself stays readable."""
    if visit.is_private and await may_change(visit):
        now = visit.services.clock.now()
        await visit.services.store.subscriptions.unsubscribe(visit.address, now)
        await visit.notice(visit.say("Unsubscribed. To begin again: /subscribe"))


async def language(visit: Visit) -> None:
    """``/language [zh | en]``: of the answers and the digests of this chat."""
    chosen = Language.from_code(visit.argument or None)
    if chosen is None:
        html = visit.question().render(
            "notice", text="语言 / Language", examples=("/language zh", "/language en")
        )
        buttons = (Button("中文", visit.sealed("l", "zh")), Button("English", visit.sealed("l", "en")))
        await visit.show(Screen(html, (buttons,)))
    elif await may_change(visit):
        await visit.services.languages.choose(visit.address.chat_id, chosen)
        speaking = visit.speaking(chosen)
        await speaking.show(
            Screen(speaking.question().render("notice", text=speaking.say("Language set."), examples=()))
        )


async def send_now(visit: Visit) -> None:
    """The button that sends today's post after a change would have skipped it."""
    if not await may_change(visit):
        return
    if visit.occasion is None:
        await visit.notice(visit.say("This button is from an older version. Please send the command again."))
        return
    now = visit.services.clock.now()
    done = await visit.services.planner.publish(visit.occasion, now, address=visit.address)
    posted, there = visit.say("It will be posted at once."), visit.say("This post is there already.")
    await visit.notice(posted if done.queued else there)


async def may_change(visit: Visit) -> bool:
    """Whether whoever asks may change the address; else they are told who may."""
    if await visit.services.permissions.may_change(visit.event, visit.address.chat_id):
        return True
    await visit.notice(
        visit.say("Only administrators of this chat can do that; an anonymous one writes it as a command.")
    )
    return False


async def may_subscribe(visit: Visit) -> bool:
    """Whether this instance takes subscriptions from whoever asks; else they are told."""
    if visit.services.permissions.may_subscribe(visit.user_id):
        return True
    await visit.notice(
        visit.say("This instance is for its own subscribers; its operator can subscribe a chat.")
    )
    return False


async def fresh(visit: Visit) -> Subscription:
    """A first subscription with the instance's defaults, in the language of who makes it."""
    defaults = visit.services.settings
    schedule = Schedule(defaults.default_cadence, defaults.default_time, defaults.default_timezone)
    chosen = await _language_of_subscriber(visit)
    layout = await visit.services.languages.layout_of(visit.address.chat_id)
    return Subscription(visit.address, schedule, chosen, layout=layout, subscribed_by=visit.named_user)


async def _language_of_subscriber(visit: Visit) -> Language:
    user, chat_id = visit.event.from_user, visit.address.chat_id
    known = await visit.services.store.chats.get(chat_id)
    if known and known.language:
        return known.language
    chosen = Language.from_code(user.language_code if user else None) or visit.language
    if chat_id < 0:
        await visit.services.languages.choose(chat_id, chosen)
    return chosen


async def change(visit: Visit, subscription: Subscription, *, made: bool = False) -> None:
    """Apply the wishes of a visit, store them, and say what has changed."""
    reports = [report.id for report in visit.services.library_holder.current.reports]
    try:
        wanted = apply_settings(subscription, visit.argument, reports)
    except UnknownSettingError as error:
        await _explain(visit, error)
        return
    wanted = replace(wanted, state=SubscriptionState.ACTIVE)
    stored = await visit.services.store.subscriptions.put(wanted, visit.services.clock.now())
    chat = visit.message.chat
    if chat.id == stored.address.chat_id:
        await visit.services.store.chats.remember(chat.id, chat.type, chat.title or "")
    if stored.layout is not subscription.layout:
        await visit.services.languages.choose_layout(visit.address.chat_id, stored.layout)
    made = made or subscription.state is not SubscriptionState.ACTIVE
    await show_settings(visit, stored, _page_of(visit), made=made, before=None if made else subscription)


def _page_of(visit: Visit) -> str:
    """A button that switches something leaves its page of the settings open."""
    is_switch = isinstance(visit.event, CallbackQuery) and visit.argument in MORE_WISHES
    return "more" if is_switch or visit.argument[:1] in ("+", "-") else "main"


async def _not_subscribed(visit: Visit) -> None:
    await _offer(visit, visit.say("This chat is not subscribed. To begin:"))


async def _offer(visit: Visit, text: str) -> None:
    begin = Button("▶️ " + visit.say("Subscribe"), visit.sealed("r"))
    chats = Button(visit.say("My chats"), visit.sealed("c"))
    rows = ((begin,), (chats,)) if visit.is_private else ((begin,),)
    examples = ("/subscribe",) if visit.address.chat_id == visit.message.chat.id else ()
    await visit.show(Screen(visit.question().render("notice", text=text, examples=examples), rows))


async def _explain(visit: Visit, error: UnknownSettingError) -> None:
    text = visit.say(
        "“%(word)s” is not a cadence, a weekday, a time, a date, a time zone or a language.", word=error.word
    )
    if error.near:
        text = text + " " + visit.say("Did you mean one of these?")
    examples = error.near or ("daily 09:00", "weekly fri 08:30", "monthly Europe/Berlin en")
    html = visit.question().render("notice", text=text, examples=[f"/subscribe {each}" for each in examples])
    is_known = await visit.services.store.subscriptions.get(visit.address)
    zones = tuple(parse_timezone(zone) for zone in error.near) if is_known else ()
    await visit.show(Screen(html, zone_rows(visit, zones)))
