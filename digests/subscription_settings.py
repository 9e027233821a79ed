"""The table of subscription settings that are on or off, or one of two named values.

The words that people type, the buttons, the lines of the settings page, the keys in JSON and the columns of
the store follow from it. A new setting is a field of `Subscription`, a row here and a migration.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum

from digests.schedules import Cadence
from digests.subscriptions import Layout, Subscription, Theme
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


@dataclass(frozen=True, slots=True)
class Choice:
    """A setting that is one of two named values, the first of which its button ticks.

    ``words`` are the words for each value, its own on the wire; ``texts`` are the msgids of its line.
    ``label`` and ``title`` are as in `Switch`.
    """

    name: str
    kind: type[StrEnum]
    words: Mapping[StrEnum, tuple[str, ...]]
    label: str
    title: str
    texts: Mapping[StrEnum, str]

    @property
    def is_optional(self) -> bool:
        """Whether a subscription may leave it to the instance."""
        return _DEFAULTS[self.name] is None

    def is_ticked(self, subscription: Subscription) -> bool:
        """Whether the first of its values is chosen."""
        return bool(getattr(subscription, self.name) is next(iter(self.words)))

    def text(self, subscription: Subscription) -> str:
        """The msgid of its value."""
        return self.texts[getattr(subscription, self.name)]


@dataclass(frozen=True, slots=True)
class Selection:
    """A setting that is a list of what the reports tell of; none means everything.

    ``words`` stand before what is chosen, ``everything`` are those that choose all; ``label`` and
    ``title`` are as in `Switch`.
    """

    name: str
    words: tuple[str, ...]
    everything: tuple[str, ...]
    label: str
    title: str


NARROWING = Selection(
    "only",
    ("only", "只看", "只推", "只要", "仅看", "仅推", "僅看", "仅限", "仅"),
    ("all", "everything", "anything", "全部", "所有", "一切", "不限"),
    label=msgid("What is told"),
    title=msgid("What is told"),
)

_DEFAULTS = {field.name: field.default for field in fields(Subscription)}

SWITCHES = (
    Switch(
        "silent",
        ("silent", "静音"),
        ("sound", "有声", "声音", "提示音"),
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
        ("figures", "数据", "数字", "今日一数", "figure of the day"),
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
        "quiz",
        ("quiz", "测验"),
        ("noquiz", "无测验"),
        label=msgid("Quiz"),
        title=msgid("Quiz with each digest"),
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

CHOICES = (
    Choice(
        "layout",
        Layout,
        words={
            Layout.RICH: ("rich", "rich layout", "富版式", "富文本", "富文本版式"),
            Layout.CLASSIC: ("classic", "经典", "经典版式"),
        },
        label=msgid("Rich layout"),
        title=msgid("Layout"),
        texts={Layout.RICH: msgid("rich (tables)"), Layout.CLASSIC: msgid("classic")},
    ),
    Choice(
        "theme",
        Theme,
        words={
            Theme.DARK: ("dark", "dark pictures", "dark theme", "theme dark", "深色", "深色图片"),
            Theme.LIGHT: ("light", "light pictures", "light theme", "theme light", "浅色", "浅色图片"),
        },
        label=msgid("Dark pictures"),
        title=msgid("Picture theme"),
        texts={Theme.DARK: msgid("dark"), Theme.LIGHT: msgid("light")},
    ),
)

#: A word and the setting that it gives a value.
SWITCH_WORDS: dict[str, tuple[str, bool]] = {
    word: (switch.name, value)
    for switch in SWITCHES
    for value, words in ((True, switch.on), (False, switch.off))
    for word in words
}


#: A word and the choice that it makes, likewise.
CHOICE_WORDS: dict[str, tuple[str, StrEnum]] = {
    word: (choice.name, value)
    for choice in CHOICES
    for value, words in choice.words.items()
    for word in words
}


def switch_values(source: object) -> dict[str, bool]:
    """The switches of anything that has them as attributes: a subscription, a row, a line."""
    return {switch.name: bool(getattr(source, switch.name)) for switch in SWITCHES}


def choice_values(source: object) -> dict[str, StrEnum | None]:
    """The choices of anything that has them as attributes."""
    return {choice.name: getattr(source, choice.name) for choice in CHOICES}
