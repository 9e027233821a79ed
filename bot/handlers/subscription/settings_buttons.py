"""The buttons of the settings: each does one thing to one chat, and carries its seal."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.handlers.context import Visit
from bot.handlers.subscription.settings_parser import REPORT_ROOM
from bot.views.screen import Button, Rows, in_rows
from digests.schedules import Cadence
from digests.subscriptions import Layout, Subscription, SubscriptionState
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
_PAUSES = (7, 14, 30, 90)
_WIDTH = 3

#: The pages of the menu; a button that opens one carries its name.
SECTIONS = ("main", "time", "zone", "more", "pause")

#: The wishes whose buttons stand on the page "more".
MORE_WISHES = frozenset(
    {"picture", "nopicture", "sound", "silent", "pin", "nopin", "rich", "classic"}
    | {"figures", "nofigures", "fallback", "nofallback"}
)


def rows_of(visit: Visit, subscription: Subscription, section: str) -> Rows:
    """The buttons of one page of the menu."""
    pages = {"time": _times, "zone": _zones, "more": _more, "pause": _pauses}
    if section not in pages:
        return _main(visit, subscription)
    back = Button("‹ " + visit.say("Back"), visit.sealed("v", "main"))
    return (*pages[section](visit, subscription), (back,))


def zone_rows(visit: Visit, zones: tuple[str, ...]) -> Rows:
    """Buttons that set a time zone."""
    return in_rows([Button(zone, visit.sealed("s", zone)) for zone in zones], 1)


def _main(visit: Visit, subscription: Subscription) -> Rows:
    if subscription.state is not SubscriptionState.ACTIVE:
        resume = Button("▶️ " + visit.say("Resume"), visit.sealed("r"))
        return ((resume,), *_way_back(visit))
    schedule = subscription.schedule
    is_weekly = schedule.cadence is Cadence.WEEKLY
    days = tuple(_day(visit, number, schedule.weekday) for number in range(7)) if is_weekly else ()
    opening = (
        (_open(visit, "🕘", f"{schedule.at:%H:%M}", "time"), _open(visit, "🌐", visit.say("Zone"), "zone")),
        (_open(visit, "⚙️", visit.say("More"), "more"), _open(visit, "⏸", visit.say("Pause"), "pause")),
    )
    return (_cadences(visit, subscription), days, _languages(visit, subscription), *opening, *_doing(visit))


def _doing(visit: Visit) -> Rows:
    preview = Button("👀 " + visit.say("See the next post"), visit.sealed("p"))
    sample = Button("📤 " + visit.say("Post a sample"), visit.sealed("x"))
    stop = Button("🚫 " + visit.say("Unsubscribe"), visit.sealed("u"))
    return ((preview, sample), (stop,), *_way_back(visit))


def _way_back(visit: Visit) -> Rows:
    return ((Button("‹ " + visit.say("My chats"), visit.sealed("c")),),) if visit.is_private else ()


def _open(visit: Visit, sign: str, label: str, section: str) -> Button:
    return Button(f"{sign} {label}", visit.sealed("v", section))


def _cadences(visit: Visit, subscription: Subscription) -> tuple[Button, ...]:
    labels = (
        (visit.say("Daily"), Cadence.DAILY),
        (visit.say("Weekly"), Cadence.WEEKLY),
        (visit.say("Monthly"), Cadence.MONTHLY),
    )
    chosen = subscription.schedule.cadence
    return tuple(_choice(visit, label, cadence, chosen=cadence is chosen) for label, cadence in labels)


def _languages(visit: Visit, subscription: Subscription) -> tuple[Button, ...]:
    chosen = subscription.language
    return (
        _choice(visit, "中文", "zh", chosen=chosen is Language.ZH),
        _choice(visit, "English", "en", chosen=chosen is Language.EN),
    )


def _choice(visit: Visit, label: str, wish: str, *, chosen: bool) -> Button:
    return Button(f"✓ {label}" if chosen else label, visit.sealed("s", wish))


def _day(visit: Visit, number: int, chosen: int) -> Button:
    label = "一二三四五六日"[number] if visit.language is Language.ZH else _WEEKDAYS[number].capitalize()
    return _choice(visit, label, _WEEKDAYS[number], chosen=number == chosen)


def _times(visit: Visit, subscription: Subscription) -> Rows:
    chosen = f"{subscription.schedule.at:%H:%M}"
    return in_rows([_choice(visit, at, at, chosen=at == chosen) for at in _TIMES], _WIDTH)


def _zones(visit: Visit, subscription: Subscription) -> Rows:
    chosen = subscription.schedule.timezone
    buttons = [_choice(visit, _city(zone), zone, chosen=zone == chosen) for zone in _ZONES]
    return in_rows(buttons, _WIDTH)


def _city(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")


def _pauses(visit: Visit, subscription: Subscription) -> Rows:
    today = visit.services.clock.now().astimezone(ZoneInfo(subscription.schedule.timezone)).date()
    days = [(str(today + timedelta(days=count)), count) for count in _PAUSES]
    buttons = [
        Button(visit.say("%(count)s days", count=count), visit.sealed("s", day)) for day, count in days
    ]
    going_on = (Button("▶️ " + visit.say("Resume"), visit.sealed("s", "resume")),)
    return (*in_rows(buttons, _WIDTH), *((going_on,) if subscription.paused_until else ()))


def _more(visit: Visit, subscription: Subscription) -> Rows:
    is_rich = subscription.layout is Layout.RICH
    buttons = [
        _switch(visit, visit.say("Picture"), "picture", "nopicture", on=subscription.picture),
        _switch(visit, visit.say("Sound"), "sound", "silent", on=not subscription.silent),
        _switch(visit, visit.say("Pin"), "pin", "nopin", on=subscription.pin),
        _switch(visit, visit.say("Rich layout"), "rich", "classic", on=is_rich),
    ]
    if subscription.schedule.cadence is Cadence.DAILY:
        wanted = subscription.figure_on_empty_days
        buttons.append(_switch(visit, visit.say("Figures on empty days"), "figures", "nofigures", on=wanted))
    if subscription.address.thread_id:
        back = subscription.falls_back
        buttons.append(_switch(visit, visit.say("Fall back to the group"), "fallback", "nofallback", on=back))
    return (*in_rows(buttons, 2), *_reports(visit, subscription))


def _reports(visit: Visit, subscription: Subscription) -> Rows:
    reports = visit.services.library_holder.current.reports
    if len(reports) == 1:
        return ()
    followed = subscription.reports or tuple(report.id for report in reports)
    buttons = []
    for report in reports:
        name, short = report.name[visit.language], report.id[:REPORT_ROOM]
        buttons.append(_switch(visit, name, f"+{short}", f"-{short}", on=report.id in followed))
    return in_rows(buttons, 1)


def _switch(visit: Visit, label: str, to_on: str, to_off: str, *, on: bool) -> Button:
    return Button(f"{'☑' if on else '☐'} {label}", visit.sealed("s", to_off if on else to_on))
