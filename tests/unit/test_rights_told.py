"""What a chat member may do, as Telegram tells it, and who may change what."""

from __future__ import annotations

from typing import Any

import pytest
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import GetMe
from pydantic import SecretStr

from bot.settings import Settings
from bot.telegram.permissions import OwnRights, Permissions, rights_of
from bot.telegram.sender import Authority, Sender
from digests.subscriptions import Address


class ToldBot:
    """Answers each method with what the test says of it; what it says nothing of is refused."""

    id = 42

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.asked: list[tuple[str, int, int | None]] = []

    async def __call__(self, method: Any) -> Any:
        name = type(method).__api_method__
        self.asked.append((name, method.chat_id, getattr(method, "user_id", None)))
        if name not in self.answers:
            raise TelegramBadRequest(GetMe(), "not told")
        return self.answers[name]

    async def send_chat_action(self, chat_id: int, what: str, message_thread_id: int) -> bool:
        self.asked.append((what, chat_id, message_thread_id))
        if what not in self.answers:
            raise TelegramBadRequest(GetMe(), "topic closed")
        return True


def permissions(bot: ToldBot, **given: Any) -> Permissions:
    return Permissions(bot, Settings(_env_file=None, bot_token=SecretStr("1:a"), **given))  # type: ignore[arg-type] # only called


def administrator(status: str = "administrator") -> ToldBot:
    return ToldBot(getChatMember={"status": status})


ALL, POST_ONLY, PIN_ONLY, NONE = (
    OwnRights(may_post=post, may_pin=pin)
    for post, pin in ((True, True), (True, False), (False, True), (False, False))
)
EVERYTHING = OwnRights(may_post=True, may_pin=True, may_delete=True)


@pytest.mark.parametrize(
    ("member", "rights"),
    [
        ({"status": "creator"}, EVERYTHING),
        ({"status": "administrator", "can_edit_messages": True, "can_delete_messages": True}, EVERYTHING),
        ({"status": "administrator", "can_edit_messages": True, "can_delete_messages": False}, ALL),
        ({"status": "administrator"}, POST_ONLY),
        ({"status": "administrator", "can_pin_messages": True}, ALL),
        ({"status": "administrator", "can_edit_messages": True}, ALL),
        ({"status": "administrator", "can_pin_messages": False, "can_edit_messages": True}, ALL),
        ({"status": "administrator", "can_pin_messages": True, "can_edit_messages": False}, ALL),
        ({"status": "administrator", "can_pin_messages": False, "can_edit_messages": False}, POST_ONLY),
        ({"status": "administrator", "can_post_messages": True, "can_edit_messages": True}, ALL),
        ({"status": "administrator", "can_post_messages": False, "can_edit_messages": True}, PIN_ONLY),
        ({"status": "administrator", "can_post_messages": False}, NONE),
        ({"status": "administrator", "can_post_messages": None}, POST_ONLY),
        ({"status": "member"}, POST_ONLY),
        ({"status": "member", "can_pin_messages": True}, ALL),
        ({"status": "restricted", "can_send_messages": True}, POST_ONLY),
        ({"status": "restricted", "can_send_messages": True, "can_pin_messages": True}, ALL),
        ({"status": "restricted", "can_send_messages": False}, NONE),
        ({"status": "restricted"}, NONE),
        ({"status": "restricted", "can_send_messages": True, "is_member": True}, POST_ONLY),
        ({"status": "restricted", "can_send_messages": True, "is_member": False}, NONE),
        ({"status": "left"}, NONE),
        ({"status": "kicked", "can_pin_messages": True, "can_send_messages": True}, NONE),
        ({}, NONE),
    ],
)
def test_the_rights_to_post_pin_and_delete_follow_from_the_membership(
    member: dict[str, Any], rights: OwnRights
) -> None:
    assert rights_of(member) == rights


async def test_in_a_private_chat_the_bot_may_do_everything_and_asks_nobody() -> None:
    bot = ToldBot()
    assert await permissions(bot).own_rights(1) == EVERYTHING
    assert bot.asked == []


async def test_in_a_channel_the_bots_own_rights_are_asked_for() -> None:
    bot = ToldBot(getChatMember={"status": "administrator", "can_edit_messages": True})
    assert await permissions(bot).own_rights(-200) == ALL
    assert bot.asked == [("getChatMember", -200, 42)]


async def test_rights_that_are_not_told_are_none() -> None:
    assert await permissions(ToldBot()).own_rights(-200) == NONE


def person(chat_id: int, kind: str = "supergroup", user_id: int | None = 7, **given: Any) -> Sender:
    return Sender(chat_id, kind, user_id=user_id, **given)


async def test_people_change_their_own_private_chat_without_being_looked_up() -> None:
    bot = ToldBot()
    assert await permissions(bot).may_change(person(7, "private"), 7)
    assert bot.asked == []


@pytest.mark.parametrize(("status", "may"), [("administrator", True), ("creator", True), ("member", False)])
async def test_from_the_private_chat_another_chat_is_changed_by_its_administrators(
    status: str, may: bool
) -> None:
    bot = administrator(status)
    assert await permissions(bot).may_change(person(7, "private"), -100) is may
    assert bot.asked == [("getChatMember", -100, 7)]


async def test_a_private_chat_of_somebody_else_is_not_ones_own() -> None:
    bot = administrator()
    stranger = person(8, "private", user_id=7)
    assert not await permissions(bot).may_change(stranger, 8)
    assert not await permissions(bot).may_change(stranger, -100)
    anonymous = person(7, "private", user_id=None)
    assert not await permissions(bot).may_change(anonymous, 7)
    in_the_name_of_a_chat = person(7, "private", authority=Authority.CHAT)
    assert not await permissions(bot).may_change(in_the_name_of_a_chat, 7)


async def test_from_one_group_no_other_is_changed_even_by_its_administrator() -> None:
    bot = administrator()
    assert await permissions(bot).may_change(person(-100), -100)
    assert not await permissions(bot).may_change(person(-100), -101)
    itself = person(-100, user_id=None, authority=Authority.CHAT)
    assert not await permissions(bot).may_change(itself, -101)


async def test_a_chat_that_speaks_for_itself_is_not_looked_up() -> None:
    bot = ToldBot()
    assert await permissions(bot).may_change(person(-100, user_id=None, authority=Authority.CHAT), -100)
    assert bot.asked == []


async def test_nobody_changes_nothing_even_where_they_administer() -> None:
    bot = administrator()
    assert not await permissions(bot).may_change(person(-100, authority=Authority.NOBODY), -100)
    assert not await permissions(bot).may_change(person(7, "private", authority=Authority.NOBODY), 7)
    assert not await permissions(bot).may_change(person(-100, user_id=None), -100)


@pytest.mark.parametrize(
    ("members", "may"),
    [
        ([{"user": {"id": 8}}, {"user": {"id": 7}}], True),
        ([{"user": {"id": 8}}], False),
        ([], False),
        ([{"status": "creator"}, {"user": None}], False),
    ],
)
async def test_where_a_member_is_not_told_the_list_decides(members: list[dict[str, Any]], may: bool) -> None:
    bot = ToldBot(getChatAdministrators=members)
    assert await permissions(bot).administers(7, -100) is may
    assert bot.asked == [("getChatMember", -100, 7), ("getChatAdministrators", -100, None)]


async def test_who_is_told_to_be_no_administrator_is_not_sought_in_the_list() -> None:
    bot = ToldBot(getChatMember={"status": "member"}, getChatAdministrators=[{"user": {"id": 7}}])
    assert not await permissions(bot).administers(7, -100)


async def test_what_telegram_does_not_tell_is_said_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    told = permissions(ToldBot())
    await told.administers(7, -100)
    await told.own_rights(-200)
    await told.reaches_topic(Address(-100, 9))
    refused = "Telegram server says - "
    assert caplog.messages == [
        f"the membership of 7 in -100 is not told: {refused}not told",
        f"the administrators of -100 are not told: {refused}not told",
        f"the bot's own rights in -200 are not told: {refused}not told",
        f"topic {Address(-100, 9)} cannot be reached: {refused}topic closed",
    ]


async def test_a_topic_is_reached_where_typing_is_allowed() -> None:
    bot = ToldBot(typing=True)
    assert await permissions(bot).reaches_topic(Address(-100, 9))
    assert bot.asked == [("typing", -100, 9)]
    assert not await permissions(ToldBot()).reaches_topic(Address(-100, 9))


def test_an_open_instance_takes_everybody_and_an_allowlist_its_operators() -> None:
    bot = ToldBot()
    assert permissions(bot, admin_ids="7").may_subscribe(9)
    assert permissions(bot).may_subscribe(None)
    closed = permissions(bot, admin_ids="7", subscribe="allowlist")
    assert [closed.may_subscribe(user) for user in (7, 9, None)] == [True, False, False]
    assert [closed.is_operator(user) for user in (7, 9, None)] == [True, False, False]
