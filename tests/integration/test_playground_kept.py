"""What the playground keeps between two starts, and what it finds worth a walk of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.errors import OperatorError
from bot.playground import CHANNEL, GROUP, HELPER, PERSON, demo_world
from bot.playground.agenda import NextPosts, busiest_day
from bot.playground.bot_api.world import MESSAGES_KEPT
from bot.playground.demo import speak
from bot.playground.saving import SavedWorld, state_folder
from bot.playground.settings import rehearsed
from bot.settings import load_settings
from digests.composing.digest import recalled_on_day
from digests.delivery.clock import ShiftedClock
from digests.report.library import Library
from digests.schedules import Cadence, Schedule
from digests.store import Store
from digests.subscriptions import Address, Subscription
from digests.text import Language
from tests.integration.bot_world import report


def test_the_world_comes_back_as_it_was_with_the_clock_where_it_was_left(tmp_path: Path) -> None:
    clock = ShiftedClock()
    clock.set(datetime(2031, 5, 10, 12, tzinfo=UTC))
    world = demo_world(clock.now)
    speak(world, Language.EN)
    message = world.says(PERSON, GROUP, "/today", 2)
    world.chats[GROUP].pins.add(message["message_id"])
    world.commands['{"type": "default"}', "en"] = [{"command": "today", "description": "x"}]
    world.files["photo-1"] = b"png"
    kept = SavedWorld(tmp_path)
    assert kept.is_fresh
    kept.save(world, clock)
    kept.close()

    again, later = demo_world(), ShiftedClock()
    kept = SavedWorld(tmp_path)
    assert not kept.is_fresh
    kept.restore(again, later)
    kept.close()
    assert again.chats == world.chats
    assert (again.people, again.updates, again.commands) == (world.people, world.updates, world.commands)
    assert again.files == {"photo-1": b"png"}
    assert abs(later.now() - clock.now()) < timedelta(seconds=5)
    assert again.says(PERSON, GROUP, "x")["message_id"] == message["message_id"] + 1


def test_of_a_long_chat_the_newest_messages_and_the_pinned_are_kept() -> None:
    world = demo_world()
    group = world.chats[GROUP]
    first = world.says(PERSON, GROUP, "pinned")["message_id"]
    group.pins.add(first)
    for number in range(MESSAGES_KEPT + 20):
        group.own.add(world.says(PERSON, GROUP, str(number))["message_id"])
    assert len(group.messages) == MESSAGES_KEPT
    assert first in group.messages
    assert group.last()["text"] == str(MESSAGES_KEPT + 19)
    assert group.own <= group.messages.keys()


def test_fresh_forgets_everything(tmp_path: Path) -> None:
    kept = SavedWorld(tmp_path)
    kept.save(demo_world(), ShiftedClock())
    kept.close()
    kept = SavedWorld(tmp_path, fresh=True)
    assert kept.is_fresh
    kept.close()


def test_what_cannot_be_read_says_how_to_begin_anew(tmp_path: Path) -> None:
    (tmp_path / "world.json").write_text("{}")
    kept = SavedWorld(tmp_path)
    with pytest.raises(OperatorError, match="--fresh"):
        kept.restore(demo_world(), ShiftedClock())
    kept.close()


def test_a_folder_is_used_by_one_playground_at_a_time(tmp_path: Path) -> None:
    kept = SavedWorld(tmp_path)
    with pytest.raises(OperatorError, match="another playground"):
        SavedWorld(tmp_path)
    kept.close()
    SavedWorld(tmp_path).close()


def test_the_state_lies_beside_the_bots_database() -> None:
    assert state_folder("sqlite+aiosqlite:///var/silkline.db") == Path("var/playground")
    assert state_folder("sqlite+aiosqlite:////var/lib/silkline/silkline.db") == Path(
        "/var/lib/silkline/playground"
    )
    assert state_folder("postgresql+asyncpg://u@h/silkline") == Path("var/playground")


def test_whom_admin_ids_names_operates_and_lives_in_the_playground() -> None:
    settings = load_settings(None, admin_ids=str(HELPER))
    assert rehearsed(settings, "http://x", Path("x")).admin_ids == {HELPER}
    assert rehearsed(load_settings(None, admin_ids=""), "http://x", Path("x")).admin_ids == {PERSON}
    world = demo_world(operators=(HELPER, 77))
    assert world.people[77]["first_name"] == "运营者 77"
    speak(world, Language.EN)
    assert world.people[77]["first_name"] == "Operator 77"


async def test_the_next_post_passes_over_days_without_anything_to_tell(store: Store) -> None:
    library, found = Library([report()]), NextPosts()
    now = datetime(2026, 10, 2, 3, tzinfo=UTC)
    assert await found.first(store, library, now) is None
    daily = Schedule(Cadence.DAILY, time(9), "UTC")
    await store.subscriptions.put(Subscription(Address(CHANNEL), daily, Language.EN), now)
    due = await found.first(store, library, now)
    assert due is not None
    assert recalled_on_day(library, due.date())
    between = [now.date() + timedelta(days=day) for day in range((due.date() - now.date()).days)]
    assert not any(recalled_on_day(library, day) for day in between)
    assert await found.first(store, library, due) > due  # type: ignore[operator] # a report has more than one
    figures = Subscription(Address(CHANNEL), daily, Language.EN, figure_on_empty_days=True)
    await store.subscriptions.put(figures, now)
    assert await found.first(store, library, now) == datetime(2026, 10, 2, 9, tzinfo=UTC)


def test_the_busiest_day_is_counted_from_the_pack() -> None:
    library = Library([report()])
    today = date(2026, 11, 26)
    best = busiest_day(library, today)
    assert best is not None
    counts = {
        day: sum(item.on is not None for item in recalled_on_day(library, day))
        for day in (today + timedelta(days=offset) for offset in range(1, 367))
    }
    assert best.milestones == counts[best.day] == max(counts.values())
    assert busiest_day(Library([]), today) is None
