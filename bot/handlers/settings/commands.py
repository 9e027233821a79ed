"""/settings, and what is done with the page of the settings: open a section, change, reply in words."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.types import CallbackQuery, Message, TelegramObject

from bot.handlers.filters import CommandFilter, SettingsReplyFilter, SignedActionFilter
from bot.handlers.responder import Responder
from bot.handlers.settings.buttons import MORE_WORDS, SECTIONS, private_settings, word_rows
from bot.handlers.settings.narrowing_buttons import NARROWING_SECTION, page_of_section
from bot.handlers.settings.page import SettingsPage
from bot.handlers.settings.parser import UnknownSettingError, apply_settings
from bot.handlers.subscription.service import Change, Edit, SubscriptionService
from bot.telegram.callback_data import SubscriptionAction
from bot.telegram.sender import Sender
from bot.views.screen import Button, Rows, Screen
from bot.views.suggestions import problem_text
from digests.delivery.clock import Clock
from digests.library_holder import LibraryHolder
from digests.narrowing.reading import cut_narrowing
from digests.subscriptions import Address, Subscription
from digests.text import isolated, undirected


def settings_router() -> Router:
    """The settings of a chat."""
    router = Router(name="settings")
    for observer in (router.message, router.channel_post):
        observer.register(settings, CommandFilter("settings"))
        observer.register(change_settings, SettingsReplyFilter())
    router.callback_query.register(change_settings, SignedActionFilter(SubscriptionAction.CHANGE))
    router.callback_query.register(open_section, SignedActionFilter(SubscriptionAction.OPEN_SECTION))
    return router


async def settings(
    message: Message,
    *,
    sender: Sender,
    address: Address,
    argument: str,
    responder: Responder,
    subscriptions: SubscriptionService,
    settings_page: SettingsPage,
    library_holder: LibraryHolder,
    clock: Clock,
) -> None:
    """``/settings [words]``: what this chat has, with buttons to change it."""
    is_bare = cut_narrowing(argument) == ("", "")
    if not argument or is_bare:
        await open_section(
            message,
            sender=sender,
            address=address,
            argument=NARROWING_SECTION if is_bare else "main",
            responder=responder,
            subscriptions=subscriptions,
            settings_page=settings_page,
        )
        return
    await change_settings(
        message,
        sender=sender,
        address=address,
        argument=argument,
        responder=responder,
        subscriptions=subscriptions,
        settings_page=settings_page,
        library_holder=library_holder,
        clock=clock,
    )


async def open_section(
    _event: TelegramObject,
    *,
    sender: Sender,
    address: Address,
    argument: str,
    responder: Responder,
    subscriptions: SubscriptionService,
    settings_page: SettingsPage,
) -> None:
    """Show one page of the settings."""
    known = await subscriptions.read(sender, address)
    if known is None:
        is_here = address.chat_id == responder.chat_id
        title = await settings_page.title(responder, address)
        text = (
            responder.say("This chat is not subscribed. To begin:")
            if is_here
            else responder.say("%(title)s is not subscribed. To begin:", title=title)
        )
        await offer_subscription(responder, address, text)
        return
    is_known = argument in SECTIONS or page_of_section(argument) is not None
    section = argument if is_known else "main"
    await responder.show(await settings_page.screen(responder, known, section))


async def change_settings(
    event: TelegramObject,
    *,
    sender: Sender,
    address: Address,
    argument: str,
    responder: Responder,
    subscriptions: SubscriptionService,
    settings_page: SettingsPage,
    library_holder: LibraryHolder,
    clock: Clock,
) -> None:
    """Change settings by words: typed, replied to the page, or of a button."""
    try:
        change = await subscriptions.change(sender, address, edit_by(argument, library_holder, clock.now()))
    except UnknownSettingError as error:
        await explain(responder, subscriptions=subscriptions, sender=sender, address=address, error=error)
        return
    if change is None:
        await offer_subscription(responder, address, responder.say("This chat is not subscribed. To begin:"))
        return
    is_switch = isinstance(event, CallbackQuery) and argument in MORE_WORDS
    section = "more" if is_switch or argument[:1] in ("+", "-") else "main"
    await show_change(responder, settings_page, change, section)


def edit_by(words: str, library_holder: LibraryHolder, now: datetime) -> Edit:
    """What changes a subscription as the words say."""
    library = library_holder.current

    def edit(subscription: Subscription) -> Subscription:
        today = now.astimezone(ZoneInfo(subscription.schedule.timezone)).date()
        return apply_settings(subscription, words, today, library)

    return edit


async def show_change(
    responder: Responder, settings_page: SettingsPage, change: Change, section: str = "main"
) -> None:
    """Show the settings after a change, and what has changed."""
    before = None if change.is_start else change.before
    screen = await settings_page.screen(responder, change.after, section, made=change.is_start, before=before)
    await responder.show(screen)


async def offer_subscription(responder: Responder, address: Address, text: str) -> None:
    """A text with a button that subscribes; in a group or channel, with the link to its settings."""
    if responder.chat_id < 0:
        html = responder.render("notice", text=text, examples=("/subscribe",))
        await responder.show(Screen(html, ((private_settings(responder, address),),)))
        return
    begin = Button("▶️ " + responder.say("Subscribe"), responder.signed(SubscriptionAction.SUBSCRIBE, address))
    chats = Button(responder.say("My chats"), responder.signed(SubscriptionAction.MY_CHATS, address))
    examples = ("/subscribe",) if address.chat_id == responder.chat_id else ()
    await responder.show(
        Screen(responder.render("notice", text=text, examples=examples), ((begin,), (chats,)))
    )


async def explain(
    responder: Responder,
    *,
    subscriptions: SubscriptionService,
    sender: Sender,
    address: Address,
    error: UnknownSettingError,
    command: str = "settings",
) -> None:
    """Say what no setting understands, and what would work behind *command*."""
    problem, word = error.unknown.problem, error.unknown.text
    if problem is not None:
        text = _told(responder, word, problem_text(responder.request, problem))
    else:
        text = responder.say(
            "“%(word)s” is not a cadence, a weekday, a time, a date, a time zone or a language.", word=word
        )
    if error.suggestions:
        text = responder.say("%(problem)s Did you mean one of these?", problem=text)
    forms = problem.forms if problem is not None else ()
    examples = error.suggestions or forms or ("daily 09:00", "weekly fri 08:30", "monthly Europe/Berlin en")
    html = responder.render("notice", text=text, examples=[f"/{command} {each}" for each in examples])
    is_known = await subscriptions.read(sender, address)
    if responder.chat_id < 0:
        rows: Rows = ((private_settings(responder, address),),)
    else:
        rows = word_rows(responder, address, error) if is_known else ()
    await responder.show(Screen(html, rows))


def _told(responder: Responder, word: str, problem: str) -> str:
    """A problem with the word that has it, which most problems quote themselves."""
    if undirected(word) in undirected(problem):
        return problem
    return responder.say(": ").join((f"“{isolated(word)}”", problem))
