"""The settings of a chat as a page: what it has, what comes next, and whether all is well."""

from __future__ import annotations

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.handlers.responder import Responder
from bot.handlers.settings.buttons import SettingsButtons, private_settings
from bot.handlers.settings.narrowing_buttons import page_of_section
from bot.handlers.settings.self_check import SelfCheck
from bot.handlers.settings.upcoming import missed_today, next_titles
from bot.telegram.callback_data import SubscriptionAction
from bot.views.screen import Button, Rows, Screen
from digests.delivery.clock import Clock
from digests.inputs.zones import zone_label
from digests.library_holder import LibraryHolder
from digests.narrowing.options import example, gone, names_of
from digests.report.library import Library
from digests.schedules import Occasion
from digests.store import Store
from digests.subscription_settings import CHOICES, SWITCHES
from digests.subscriptions import Address, Subscription, SubscriptionState, Theme
from digests.text import Language, isolated

_CHOSEN = tuple(choice.name for choice in CHOICES)
_SWITCHED = tuple(switch.name for switch in SWITCHES)
_MORE = (*_CHOSEN, *_SWITCHED, "reports")


class SettingsPage:
    """Makes the page; one for an instance. *theme* is that of who chose none."""

    def __init__(
        self,
        store: Store,
        self_check: SelfCheck,
        library_holder: LibraryHolder,
        clock: Clock,
        theme: Theme = Theme.LIGHT,
    ) -> None:
        self._store = store
        self._self_check = self_check
        self._library_holder = library_holder
        self._clock = clock
        self._theme = theme

    async def screen(
        self,
        responder: Responder,
        subscription: Subscription,
        section: str = "main",
        *,
        made: bool = False,
        before: Subscription | None = None,
    ) -> Screen:
        """A page of the settings; with *before*, it says in words what has changed since.

        In a group or channel it is a line with a link: the page itself is for the private chat.
        """
        library, now = self._library_holder.current, self._clock.now()
        subscription, before = self._whole(subscription), before and self._whole(before)
        html = await self._html(responder, subscription, section, made=made, before=before)
        missed = missed_today(library, before, subscription, now) if before else None
        send_now = _send_now(responder, subscription, missed)
        if responder.chat_id < 0:
            return Screen(html, (*send_now, (private_settings(responder, subscription.address),)))
        today = now.astimezone(ZoneInfo(subscription.schedule.timezone)).date()
        buttons = SettingsButtons(responder, subscription, library, today)
        return Screen(html, (*send_now, *buttons.rows(section)))

    async def _html(
        self,
        responder: Responder,
        subscription: Subscription,
        section: str,
        *,
        made: bool,
        before: Subscription | None,
    ) -> Markup:
        library, now = self._library_holder.current, self._clock.now()
        followed = library.following(subscription.reports).reports
        is_active = subscription.state is SubscriptionState.ACTIVE
        return responder.render(
            "subscription" if responder.chat_id > 0 else "subscription_line",
            subscription=subscription,
            title=await self.title(responder, subscription.address),
            section="only" if page_of_section(section) is not None else section,
            narrowing=_narrowing(library, subscription, responder.language),
            made=made,
            changes=_changes(before, subscription) if before else (),
            shown=self._shown(subscription),
            named={setting.name: setting for setting in (*SWITCHES, *CHOICES)},
            more=_MORE,
            followed=[report.name[responder.language] for report in followed],
            zone=zone_label(subscription.schedule.timezone, responder.language, now),
            cadences=_cadences(responder),
            outcomes=_outcomes(responder),
            upcoming=next_titles(library, subscription, now, responder.language) if is_active else (),
            check=await self._self_check.check(subscription),
        )

    async def title(self, responder: Responder, address: Address) -> str:
        """What a chat is called, for who looks at its settings."""
        if address.chat_id > 0:
            return responder.say("this private chat")
        chat = await self._store.chats.get(address.chat_id)
        title = isolated((chat and chat.title) or str(address.chat_id))
        if not address.thread_id:
            return title
        return f"{title} · {responder.say('topic %(number)s', number=address.thread_id)}"

    def _whole(self, subscription: Subscription) -> Subscription:
        """With what the instance decides."""
        return replace(subscription, theme=subscription.theme or self._theme)

    def _shown(self, subscription: Subscription) -> tuple[str, ...]:
        reports = ("reports",) if len(self._library_holder.current.reports) > 1 else ()
        switches = tuple(switch.name for switch in SWITCHES if switch.applies(subscription))
        paused = ("paused_until",) if subscription.paused_until else ()
        return ("cadence", "at", *paused, "language", *_CHOSEN, "only", *switches, *reports)


def _changes(before: Subscription, after: Subscription) -> tuple[str, ...]:
    """The names of the settings that differ."""
    old, new = before.schedule, after.schedule
    names = ["cadence"] if (old.cadence, old.weekday) != (new.cadence, new.weekday) else []
    names += ["at"] if (old.at, old.timezone) != (new.at, new.timezone) else []
    simple = ("language", *_CHOSEN, *_SWITCHED, "only", "reports", "paused_until")
    names += [name for name in simple if getattr(before, name) != getattr(after, name)]
    return tuple(names)


@dataclass(frozen=True, slots=True)
class _Narrowing:
    """What a subscription is narrowed to, by name.

    ``gone`` are those of which nothing is told any more; ``example`` are words that choose.
    """

    chosen: list[str]
    gone: list[str]
    example: str


def _narrowing(library: Library, subscription: Subscription, language: Language) -> _Narrowing:
    followed = library.following(subscription.reports)
    chosen = names_of(followed, subscription.only, language)
    lost = names_of(followed, gone(followed, subscription.only), language)
    return _Narrowing(chosen, lost, example(followed, language))


def _cadences(responder: Responder) -> dict[str, str]:
    say = responder.say
    return {"daily": say("daily"), "weekly": say("weekly"), "monthly": say("monthly")}


def _outcomes(responder: Responder) -> dict[str, str]:
    say = responder.say
    return {
        "sent": say("arrived"),
        "skipped": say("skipped"),
        "gone": say("the chat could not be reached"),
        "failed": say("failed"),
        "unknown": say("outcome unknown"),
    }


def _send_now(responder: Responder, subscription: Subscription, missed: Occasion | None) -> Rows:
    if missed is None:
        return ()
    data = responder.signed(SubscriptionAction.SEND_NOW, subscription.address, missed.key)
    return ((Button(f"📮 {responder.say('Send today’s post now')}", data),),)
