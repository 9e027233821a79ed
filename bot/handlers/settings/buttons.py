"""The buttons of the settings: each does one thing to one chat, and is signed."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from bot.handlers.responder import Responder
from bot.handlers.settings.narrowing_buttons import NARROWING_SECTION, NarrowingButtons, page_of_section
from bot.handlers.settings.parser import REPORT_ROOM, UnknownSettingError
from bot.telegram.callback_data import SubscriptionAction
from bot.telegram.deep_links import LinkKind, opening
from bot.views.screen import Button, Rows, in_rows
from digests.inputs.zones import zone_city
from digests.pages.formatting import month_name
from digests.report.library import Library
from digests.schedules import Cadence
from digests.subscription_settings import CHOICE_WORDS, CHOICES, NARROWING, SWITCH_WORDS, SWITCHES
from digests.subscriptions import Address, Subscription, SubscriptionState
from digests.text import Language

_TIMES = (
    "06:00", "07:00", "08:00", "09:00", "10:00", "12:00",
    "15:00", "18:00", "19:00", "20:00", "21:00", "22:00",
)  # fmt: skip
_ZONES = (
    "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Singapore", "Asia/Tokyo", "Asia/Dubai", "Europe/London",
    "Europe/Berlin", "Europe/Moscow", "America/New_York", "America/Los_Angeles", "Australia/Sydney", "UTC",
)  # fmt: skip
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: So many names of weekdays stand in a row.
_NAMED_DAYS = 4
_PAUSES = (7, 14, 30, 90)
_WIDTH = 3

#: The pages of the menu; a button that opens one carries its name.
SECTIONS = ("main", "time", "zone", "more", "pause")

#: The words whose buttons stand on the page "more".
MORE_WORDS = frozenset({*SWITCH_WORDS, *CHOICE_WORDS})


def word_rows(responder: Responder, address: Address, error: UnknownSettingError) -> Rows:
    """Buttons for what may have been meant: the whole wish, or the word alone where that is too long."""
    buttons = []
    for near, whole in zip(error.unknown.near, error.suggestions, strict=True):
        for words in (whole, near):
            with suppress(ValueError):  # it is too long
                buttons.append(Button(near, responder.signed(SubscriptionAction.CHANGE, address, words)))
                break
    return in_rows(buttons, 1)


def private_settings(responder: Responder, address: Address) -> Button:
    """The link from a group or channel to its settings in the private chat of whoever opens it."""
    outlets = responder.outlets
    link = opening(outlets.bot.username, f"{LinkKind.SETTINGS}-{outlets.signer.seal(address)}")
    return Button("⚙️ " + responder.say("Settings"), url=link)


def _next_firsts(today: date) -> tuple[date, date]:
    """The first days of the next two months."""
    first = today.replace(day=1)
    coming = (first + timedelta(days=32)).replace(day=1)
    return coming, (coming + timedelta(days=32)).replace(day=1)


@dataclass(frozen=True, slots=True)
class SettingsButtons:
    """The buttons of one subscription; *today* is the day in its time zone."""

    responder: Responder
    subscription: Subscription
    library: Library
    today: date

    def rows(self, section: str) -> Rows:
        """The buttons of one page of the menu."""
        if (page := page_of_section(section)) is not None:
            return (*self._narrowing(page), self._back())
        pages = {"time": self._times, "zone": self._zones, "more": self._more, "pause": self._pauses}
        if section not in pages:
            return self._main()
        return (*pages[section](), self._back())

    def _back(self) -> tuple[Button, ...]:
        return (self._act("‹", "Back", SubscriptionAction.OPEN_SECTION, "main"),)

    def _narrowing(self, page: int) -> Rows:
        library = self.library.following(self.subscription.reports)
        return NarrowingButtons(self.responder, self.subscription, library).rows(page)

    def _main(self) -> Rows:
        if self.subscription.state is not SubscriptionState.ACTIVE:
            return ((self._act("▶️", "Resume", SubscriptionAction.SUBSCRIBE),), *self._way_back())
        schedule = self.subscription.schedule
        is_weekly = schedule.cadence is Cadence.WEEKLY
        width = len(_WEEKDAYS) if self.responder.language is Language.ZH else _NAMED_DAYS
        days = in_rows([self._day(number) for number in range(7)], width) if is_weekly else ()
        opening = (
            (self._open(f"🕘 {schedule.at:%H:%M}", "time"), self._open_named("🌐", "Zone", "zone")),
            (self._open_named("🎯", NARROWING.label, NARROWING_SECTION),),
            (self._open_named("⚙️", "More", "more"), self._open_named("⏸", "Pause", "pause")),
        )
        return (self._cadences(), *days, self._languages(), *opening, *self._doing())

    def _doing(self) -> Rows:
        preview = self._act("👀", "See the next post", SubscriptionAction.PREVIEW)
        sample = self._act("📤", "Post a sample", SubscriptionAction.SAMPLE)
        stop = self._act("🚫", "Unsubscribe", SubscriptionAction.UNSUBSCRIBE)
        return ((preview, sample), (stop,), *self._way_back())

    def _way_back(self) -> Rows:
        is_private = self.responder.chat_id > 0
        return ((self._act("‹", "My chats", SubscriptionAction.MY_CHATS),),) if is_private else ()

    def _act(self, sign: str, phrase: str, action: SubscriptionAction, value: str = "") -> Button:
        return Button(f"{sign} {self.responder.say(phrase)}", self._data(action, value))

    def _data(self, action: SubscriptionAction, value: str) -> str:
        return self.responder.signed(action, self.subscription.address, value)

    def _open(self, label: str, section: str) -> Button:
        return Button(label, self._data(SubscriptionAction.OPEN_SECTION, section))

    def _open_named(self, sign: str, phrase: str, section: str) -> Button:
        return self._open(f"{sign} {self.responder.say(phrase)}", section)

    def _cadences(self) -> tuple[Button, ...]:
        labels = (("Daily", Cadence.DAILY), ("Weekly", Cadence.WEEKLY), ("Monthly", Cadence.MONTHLY))
        chosen = self.subscription.schedule.cadence
        return tuple(
            self._choice(self.responder.say(label), cadence, is_chosen=cadence is chosen)
            for label, cadence in labels
        )

    def _languages(self) -> tuple[Button, ...]:
        chosen = self.subscription.language
        return (
            self._choice("中文", "zh", is_chosen=chosen is Language.ZH),
            self._choice("English", "en", is_chosen=chosen is Language.EN),
        )

    def _choice(self, label: str, word: str, *, is_chosen: bool) -> Button:
        return Button(f"✓ {label}" if is_chosen else label, self._data(SubscriptionAction.CHANGE, word))

    def _day(self, number: int) -> Button:
        is_chinese = self.responder.language is Language.ZH
        label = "一二三四五六日"[number] if is_chinese else _WEEKDAYS[number].capitalize()
        chosen = self.subscription.schedule.weekday
        return self._choice(label, _WEEKDAYS[number], is_chosen=number == chosen)

    def _times(self) -> Rows:
        chosen = f"{self.subscription.schedule.at:%H:%M}"
        return in_rows([self._choice(at, at, is_chosen=at == chosen) for at in _TIMES], _WIDTH)

    def _zones(self) -> Rows:
        chosen = self.subscription.schedule.timezone
        buttons = [
            self._choice(zone_city(zone, self.responder.language), zone, is_chosen=zone == chosen)
            for zone in _ZONES
        ]
        return in_rows(buttons, _WIDTH)

    def _pauses(self) -> Rows:
        say, change = self.responder.say, SubscriptionAction.CHANGE
        days = [(count, str(self.today + timedelta(days=count))) for count in _PAUSES]
        buttons = [Button(say("%(count)s days", count=count), self._data(change, day)) for count, day in days]
        ends = [
            Button(
                say("until 1 %(month)s", month=month_name(first.month, self.responder.language)),
                self._data(change, str(first)),
            )
            for first in _next_firsts(self.today)
        ]
        is_paused = self.subscription.paused_until is not None
        resume = ((self._act("▶️", "Resume", change, "resume"),),) if is_paused else ()
        return (*in_rows(buttons, len(_PAUSES)), *in_rows(ends, 2), *resume)

    def _more(self) -> Rows:
        switches = [
            self._switch(
                switch.label,
                switch.off[0] if switch.shows_off else switch.on[0],
                switch.on[0] if switch.shows_off else switch.off[0],
                is_on=getattr(self.subscription, switch.name) is not switch.shows_off,
            )
            for switch in SWITCHES
            if switch.applies(self.subscription)
        ]
        choices = [
            self._switch(choice.label, *map(str, choice.words), is_on=choice.is_ticked(self.subscription))
            for choice in CHOICES
        ]
        return (*in_rows([*switches, *choices], 2), *self._reports())

    def _switch(self, phrase: str, to_on: str, to_off: str, *, is_on: bool) -> Button:
        return self._tick(self.responder.say(phrase), to_off if is_on else to_on, is_on=is_on)

    def _tick(self, label: str, word: str, *, is_on: bool) -> Button:
        return Button(f"{'☑' if is_on else '☐'} {label}", self._data(SubscriptionAction.CHANGE, word))

    def _reports(self) -> Rows:
        reports = self.library.reports
        if len(reports) == 1:
            return ()
        followed = self.subscription.reports or tuple(report.id for report in reports)
        buttons = [
            self._tick(
                report.name[self.responder.language],
                f"{'-' if report.id in followed else '+'}{report.id[:REPORT_ROOM]}",
                is_on=report.id in followed,
            )
            for report in reports
        ]
        return in_rows(buttons, 1)
