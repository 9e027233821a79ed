"""The table of subscription settings that are on or off.

The words that people type, the buttons, the page of the settings, the JSON lines and the rows of the store
follow from it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from digests.schedules import Cadence
from digests.subscriptions import Subscription


def _always(_subscription: Subscription) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Switch:
    """A setting that is on or off.

    ``name`` is the field of `Subscription`, the key in JSON and the column; ``on`` and ``off`` are the
    words for its values, the first of each on the wire; ``label`` is the msgid of its button. With
    ``shows_off`` the button is ticked while the setting is off. It has an effect only where ``applies``.
    """

    name: str
    label: str
    on: tuple[str, ...]
    off: tuple[str, ...]
    shows_off: bool = False
    applies: Callable[[Subscription], bool] = _always


SWITCHES = (
    Switch("picture", "Picture", ("picture", "图片"), ("nopicture", "无图")),
    Switch("silent", "Sound", ("silent", "静音"), ("sound", "有声", "声音"), shows_off=True),
    Switch("pin", "Pin", ("pin", "置顶"), ("nopin", "不置顶")),
    Switch(
        "figure_on_empty_days",
        "Figures on empty days",
        ("figures", "数据"),
        ("nofigures", "无数据"),
        applies=lambda subscription: subscription.schedule.cadence is Cadence.DAILY,
    ),
    Switch(
        "falls_back",
        "Fall back to the group",
        ("fallback", "改发群组"),
        ("nofallback", "不改发"),
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
