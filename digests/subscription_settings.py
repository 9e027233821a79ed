"""The table of subscription settings that are on or off.

The words that people type, the buttons, the lines of the settings page, the keys in JSON and the columns of
the store follow from it. A new switch is a field of `Subscription`, a row here and a migration.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

from digests.schedules import Cadence
from digests.subscriptions import Subscription
from digests.text import msgid


def _always(_subscription: Subscription) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Switch:
    """A setting that is on or off.

    ``name`` is the field of `Subscription`, the key in JSON and the column. ``on`` and ``off`` are the
    words for its values, the first of each on the wire. ``label`` is the msgid of its button, which is
    ticked while the setting is off with ``shows_off``; ``title``, ``when_on`` and ``when_off`` are those
    of its line. It has an effect only where it ``applies``.
    """

    name: str
    on: tuple[str, ...]
    off: tuple[str, ...]
    label: str
    title: str
    when_on: str = msgid("yes")
    when_off: str = msgid("no")
    shows_off: bool = False
    applies: Callable[[Subscription], bool] = _always

    @property
    def default(self) -> bool:
        """Its value in a new subscription."""
        return bool(_DEFAULTS[self.name])

    def text(self, subscription: Subscription) -> str:
        """The msgid of its value."""
        return self.when_on if getattr(subscription, self.name) else self.when_off


_DEFAULTS = {field.name: field.default for field in fields(Subscription)}

SWITCHES = (
    Switch(
        "silent",
        ("silent", "静音"),
        ("sound", "有声", "声音"),
        label=msgid("Sound"),
        title=msgid("Sound"),
        when_on=msgid("silent (no sound)"),
        when_off=msgid("on"),
        shows_off=True,
    ),
    Switch(
        "picture",
        ("picture", "图片"),
        ("nopicture", "无图"),
        label=msgid("Picture"),
        title=msgid("Picture"),
    ),
    Switch(
        "figure_on_empty_days",
        ("figures", "数据"),
        ("nofigures", "无数据"),
        label=msgid("Figures on days without milestones"),
        title=msgid("Figure of the day on empty days"),
        applies=lambda subscription: subscription.schedule.cadence is Cadence.DAILY,
    ),
    Switch(
        "pin",
        ("pin", "置顶"),
        ("nopin", "不置顶"),
        label=msgid("Pin"),
        title=msgid("Pin the newest digest"),
    ),
    Switch(
        "falls_back",
        ("fallback", "改发群组"),
        ("nofallback", "不改发"),
        label=msgid("Fall back to the group"),
        title=msgid("When the topic is gone"),
        when_on=msgid("post in the group itself"),
        when_off=msgid("stop and tell me"),
        applies=lambda subscription: bool(subscription.address.thread_id),
    ),
)

#: A word and the setting that it gives a value.
SWITCH_WORDS: dict[str, tuple[str, bool]] = {
    word: (switch.name, value)
    for switch in SWITCHES
    for value, words in ((True, switch.on), (False, switch.off))
    for word in words
}


def switch_values(source: object) -> dict[str, bool]:
    """The switches of anything that has them as attributes: a subscription, a row, a line."""
    return {switch.name: bool(getattr(source, switch.name)) for switch in SWITCHES}
