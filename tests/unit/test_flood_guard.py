"""Who is turned away when a chat asks faster than it may be answered."""

from __future__ import annotations

from typing import Any

import pytest

from bot.updates.flood_guard import FloodGuard

GROUP = -100


def asked(person: int, text: str) -> dict[str, Any]:
    chat = {"id": GROUP, "type": "supergroup"}
    return {"message": {"chat": chat, "from": {"id": person}, "text": text}}


def pressed(person: int, data: str) -> dict[str, Any]:
    return {"callback_query": {"from": {"id": person}, "data": data, "message": {"chat": {"id": GROUP}}}}


def flooded(*updates: dict[str, Any]) -> FloodGuard:
    guard = FloodGuard(longest=5)
    for update in updates:
        guard.join(GROUP, update)
    return guard


@pytest.mark.parametrize(
    "change", [asked(9, "/unsubscribe"), asked(9, "/settings daily"), pressed(9, "~|u|a|")]
)
def test_while_members_flood_a_group_its_settings_are_still_taken(change: dict[str, Any]) -> None:
    guard = flooded(*(asked(person, "/timeline") for person in range(5)))
    assert guard.is_full(GROUP, asked(9, "/zones"))
    assert guard.is_full(GROUP, pressed(9, "v|zones||0"))
    assert not guard.is_full(GROUP, change)


def test_one_person_gets_no_more_than_the_chat_whatever_they_ask() -> None:
    guard = flooded(*(asked(1, "/unsubscribe") for _ in range(5)))
    assert guard.is_full(GROUP, asked(1, "/settings"))
    assert not guard.is_full(GROUP, asked(2, "/settings"))


def test_many_who_change_something_are_bounded_as_well() -> None:
    guard = flooded(*(asked(person, "/unsubscribe") for person in range(20)))
    assert guard.is_full(GROUP, asked(99, "/unsubscribe"))


def test_what_is_no_question_is_always_taken() -> None:
    guard = flooded(*(asked(1, "/timeline") for _ in range(9)))
    assert not guard.is_full(GROUP, asked(1, "just talking"))
    assert not guard.is_full(GROUP, {"my_chat_member": {"chat": {"id": GROUP}}})


def test_when_all_is_answered_there_is_room_again() -> None:
    updates = [asked(1, "/timeline") for _ in range(5)]
    guard = flooded(*updates)
    assert guard.turn_away(GROUP)
    assert not guard.turn_away(GROUP)
    for update in updates:
        guard.leave(GROUP, update)
    assert not guard.is_full(GROUP, asked(1, "/timeline"))
    assert guard.turn_away(GROUP)
