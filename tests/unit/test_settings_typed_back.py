"""A setting is understood as its page names it: the label, then what it stands at."""

from __future__ import annotations

from datetime import date, time

import pytest

from bot.handlers.settings.parser import apply_settings
from digests.pages import Pages
from digests.report.library import Library
from digests.schedules import Cadence, Schedule
from digests.subscription_settings import SWITCHES, Switch
from digests.subscriptions import Address, Subscription
from digests.text import Language

TODAY = date(2026, 5, 9)
DAILY = Schedule(Cadence.DAILY, time(9), "Asia/Shanghai")


def typed(text: str, switch: Switch) -> object:
    fresh = Subscription(Address(1), DAILY, Language.ZH)
    return getattr(apply_settings(fresh, text, TODAY, Library([])), switch.name)


@pytest.mark.parametrize("switch", SWITCHES, ids=lambda switch: switch.name)
@pytest.mark.parametrize(("on", "off"), [("开", "关"), ("：开", "：关"), (" 开", " 关")])
def test_a_label_with_on_or_off_turns_its_switch(switch: Switch, on: str, off: str) -> None:
    label = Pages().say(Language.ZH, switch.label)
    turned = (typed(f"{label}{on}", switch), typed(f"{label}{off}", switch))
    assert turned == ((False, True) if switch.shows_off else (True, False))


@pytest.mark.parametrize("text", ["繁體中文", "繁体中文", "zh-TW", "zh-Hant"])
def test_traditional_chinese_is_chinese(text: str) -> None:
    fresh = Subscription(Address(1), DAILY, Language.EN)
    assert apply_settings(fresh, text, TODAY, Library([])).language is Language.ZH
