"""Who is turned away when a chat asks faster than it may be answered."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from bot.updates.flood_guard import FloodGuard, command_of, line_of, name_of
from tests.unit.test_update_queue import JSON

GROUP = -100


def asked(person: int, text: str) -> dict[str, Any]:
    chat = {"id": GROUP, "type": "supergroup"}
    return {"message": {"chat": chat, "from": {"id": person}, "text": text}}


def pressed(person: int, data: str) -> dict[str, Any]:
    return {"callback_query": {"from": {"id": person}, "data": data, "message": {"chat": {"id": GROUP}}}}


def flooded(*updates: dict[str, Any]) -> FloodGuard:
    guard = FloodGuard(longest=5)
    for update in updates:
        guard.enter(line_of(update))
    return guard


@pytest.mark.parametrize(
    "change", [asked(9, "/unsubscribe"), asked(9, "/Settings@silkline_bot daily"), pressed(9, "~|u|a|")]
)
def test_while_members_flood_a_group_its_settings_are_still_taken(change: dict[str, Any]) -> None:
    guard = flooded(*(asked(person, "/timeline") for person in range(5) for _ in range(5)))
    assert guard.admits(line_of(change))
    assert not guard.is_crowded(line_of(change))


def test_when_many_members_want_changes_only_those_of_administrators_are_taken_and_it_is_told_once() -> None:
    guard = flooded(*(asked(person, "/settings") for person in range(5)))
    assert [guard.is_crowded(line_of(asked(person, "/settings"))) for person in (1, 9)] == [True, True]
    assert guard.admits(line_of(asked(9, "/settings")))
    assert not guard.is_crowded(line_of(asked(9, "/timeline")))
    assert [guard.turn_away(line_of(asked(person, "/settings"))) for person in range(9, 12)] == [
        True,
        False,
        False,
    ]
    for person in range(5):
        guard.leave(line_of(asked(person, "/settings")))
    assert not guard.is_crowded(line_of(asked(9, "/settings")))
    assert (guard._in_work, guard._turned_away) == ({}, {})


def test_while_members_flood_a_group_its_other_questions_are_turned_away() -> None:
    guard = flooded(*(asked(person, "/timeline") for person in range(5)))
    assert not guard.admits(line_of(asked(9, "/zones")))
    assert not guard.admits(line_of(pressed(9, "v|zones||0")))


def test_one_person_gets_no_more_changes_than_the_chat_gets_answers() -> None:
    guard = flooded(*(asked(1, "/unsubscribe") for _ in range(5)))
    assert not guard.admits(line_of(asked(1, "/settings")))
    assert guard.admits(line_of(asked(2, "/settings")))


def test_what_is_no_question_is_always_taken() -> None:
    guard = flooded(*(asked(1, "/timeline") for _ in range(9)))
    assert guard.admits(line_of(asked(1, "just talking")))
    assert guard.admits(line_of({"my_chat_member": {"chat": {"id": GROUP}}}))


@pytest.mark.parametrize(
    ("update", "name"),
    [
        ({"update_id": 1} | asked(1, "/zones hush"), "update 1 (zones)"),
        ({"update_id": 2} | asked(1, "/hush"), "update 2 (message)"),
        ({"update_id": 3} | pressed(1, "hush"), "update 3 (button)"),
        ({"update_id": 4, "my_chat_member": {}}, "update 4 (my_chat_member)"),
        ({"update_id": 5}, "update 5 (empty)"),
    ],
)
def test_the_log_names_an_update_by_what_it_is_and_never_by_what_was_written(
    update: dict[str, Any], name: str
) -> None:
    assert name_of(update) == name


def test_when_all_is_answered_there_is_room_again() -> None:
    updates = [asked(1, "/timeline") for _ in range(5)]
    line = line_of(updates[0])
    guard = flooded(*updates)
    assert guard.turn_away(line)
    assert not guard.turn_away(line)
    for update in updates:
        guard.leave(line_of(update))
    assert guard.admits(line)
    assert guard.turn_away(line)


@given(JSON)
def test_no_shape_of_an_update_is_too_strange_to_be_counted(update: Any) -> None:
    if isinstance(update, dict):
        hash(line_of(update))
        hash(line_of({"message": update, "callback_query": update.get("callback_query")}))


def test_a_chat_has_five_questions_in_work_and_no_more() -> None:
    guard, line = FloodGuard(), line_of(asked(1, "/timeline"))
    for _ in range(5):
        assert guard.admits(line)
        guard.enter(line)
    assert not guard.admits(line)
    guard.leave(line)
    assert guard.admits(line)


def test_a_channels_own_question_and_a_private_word_are_counted_and_talk_in_a_group_is_not() -> None:
    channel, private = {"id": -200, "type": "channel"}, {"id": 7, "type": "private"}
    assert line_of({"channel_post": {"chat": channel, "text": "/zones"}}) == -200
    assert line_of({"channel_post": {"chat": channel, "text": "/settings", "sender_chat": channel}}) == (
        -200,
        -200,
    )
    assert line_of({"message": {"chat": private, "from": {"id": 7}, "text": "tea"}}) == 7
    assert line_of(asked(7, "tea")) is None
    assert line_of({"message": {"chat": private, "from": {"id": 7}, "sticker": {}}}) == 7
    assert line_of({"message": {"chat": private, "from": {"id": 7}, "chat_shared": {}}}) == (7, 7)
    assert line_of({"message": {"chat": private, "from": {"id": 7}, "caption": "/settings"}}) == (7, 7)
    assert line_of({"message": {"chat": {"id": GROUP}, "from": {"id": 7}, "sticker": {}}}) is None
    assert line_of(asked(7, "/subscribe@silkline_bot daily")) == (GROUP, 7)
    assert line_of(asked(7, "/search me@example")) == GROUP
    assert line_of(pressed(7, "~|u|7.0||x")) == (GROUP, 7)
    assert line_of(pressed(7, "v|zones||0")) == GROUP
    assert line_of({"callback_query": {"from": {"id": 7}, "data": "v|zones||0"}}) == 7
    assert line_of({"message": {"chat": private, "from": {"id": 7}, "text": "设置 每天"}}) == (7, 7)
    assert line_of(asked(7, "设置 每天")) is None


@pytest.mark.parametrize("slash", ["/", "／", "/ ", "⁄"])
def test_in_a_group_all_that_is_read_as_a_command_is_counted(slash: str) -> None:
    assert line_of(asked(7, f"{slash}zones＠silkline_bot Luoyang")) == GROUP
    assert line_of(asked(7, f"{slash}nonsense")) == GROUP
    assert line_of(asked(7, f"{slash}设置 每天")) == (GROUP, 7)


def test_a_chat_without_a_number_is_counted_by_the_person() -> None:
    question = asked(7, "/zones")
    question["message"]["chat"]["id"] = "-100"
    assert line_of(question) == 7


@pytest.mark.parametrize(
    ("update", "name"),
    [
        (asked(7, "/zones Luoyang"), "zones"),
        (asked(7, "/时间线@silkline_bot 2016"), "timeline"),
        ({"channel_post": {"text": "/settings"}}, "settings"),
        (pressed(7, "v|zones||0"), "button"),
        (asked(7, "/hush"), None),
        (asked(7, "zones"), None),
        (asked(7, ""), None),
        ({"message": {"text": 5}}, None),
        ({"message": ["/zones"]}, None),
        ({"my_chat_member": {}}, None),
    ],
)
def test_the_log_names_the_command_that_was_called_and_nothing_else(
    update: dict[str, Any], name: str | None
) -> None:
    assert command_of(update) == name


def test_a_reply_to_a_page_of_the_settings_is_a_change_of_whoever_speaks() -> None:
    rows = [[{"text": "x", "callback_data": "~|s|a||x"}]]
    replied = {"reply_markup": {"inline_keyboard": rows}}
    reply = asked(7, "daily")["message"] | {"reply_to_message": replied}
    anonymous = reply | {"from": {"id": 1087968824}, "sender_chat": {"id": GROUP}}
    assert line_of({"message": reply}) == (GROUP, 7)
    assert line_of({"message": anonymous}) == (GROUP, GROUP)
    rows[0][0]["callback_data"] = "v|zones||0"
    assert line_of({"message": reply}) is None


def test_the_number_that_was_turned_away_is_told_when_the_last_one_is_done(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    guard = flooded(asked(1, "/timeline"), asked(1, "/timeline"))
    for _ in range(3):
        guard.turn_away(GROUP)
    guard.leave(GROUP)
    assert caplog.messages == []
    guard.leave(GROUP)
    assert caplog.messages == ["3 updates of -100 came faster than they may be answered, and were left"]
    guard.enter(-200)
    guard.leave(-200)
    assert len(caplog.messages) == 1  # of -200 none was turned away
    guard.leave(None)
    guard.enter(None)
