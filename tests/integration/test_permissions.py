from __future__ import annotations

from typing import Any

import pytest
from aiogram.types import CallbackQuery, Message
from pydantic import SecretStr

from bot.settings import Settings
from bot.telegram.permissions import Permissions, RightsUnknownError, WhyUnknown
from bot.telegram.sender import Sender
from tests.integration.scripted_api import TOKEN, refusal, result, scripted, speaking

GROUP = {"id": -100, "type": "supergroup", "title": "G"}
CHANNEL = {"id": -200, "type": "channel", "title": "C"}
ANN = {"id": 7, "is_bot": False, "first_name": "Ann"}
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group"}


def message(chat: dict[str, Any], **fields: Any) -> Message:
    return Message.model_validate({"message_id": 1, "date": 1, "chat": chat, "text": "/settings", **fields})


def press(chat: dict[str, Any]) -> CallbackQuery:
    return CallbackQuery.model_validate(
        {"id": "1", "from": ANN, "chat_instance": "x", "data": "d", "message": message(chat).model_dump()}
    )


def settings(**values: Any) -> Settings:
    return Settings(_env_file=None, bot_token=SecretStr(TOKEN), **values)


def sender_of(event: Message | CallbackQuery) -> Sender:
    if isinstance(event, Message):
        return Sender.of_message(event)
    assert isinstance(event.message, Message)
    return Sender.of_button(event, event.message)


async def verdict(event: Message | CallbackQuery, script=lambda *_: result({"status": "member"})) -> bool:
    async with scripted(script) as api, speaking(api.url) as bot:
        sender = sender_of(event)
        return await Permissions(bot, settings()).may_change(sender, sender.chat_id)


async def test_in_a_private_chat_the_person_may():
    assert await verdict(message({"id": 7, "type": "private"}, **{"from": ANN}))


@pytest.mark.parametrize(
    ("status", "may"),
    [("creator", True), ("administrator", True), ("member", False), ("restricted", False), ("left", False)],
)
async def test_in_a_group_only_administrators_may_whatever_rights_the_server_lists(status, may):
    def script(method, fields):
        if method == "getChatMember":
            assert fields == {"chat_id": -100, "user_id": 7}
            return result({"status": status})
        raise AssertionError(method)

    assert await verdict(message(GROUP, **{"from": ANN}), script) is may
    assert await verdict(press(GROUP), script) is may


async def test_rights_are_asked_afresh_each_time():
    async with scripted(lambda *_: result({"status": "administrator"})) as api, speaking(api.url) as bot:
        permissions = Permissions(bot, settings())
        await permissions.may_change(sender_of(message(GROUP, **{"from": ANN})), -100)
        await permissions.may_change(sender_of(message(GROUP, **{"from": ANN})), -100)
    assert len(api.named("getChatMember")) == 2


async def test_where_a_member_may_not_be_looked_up_the_list_of_administrators_decides():
    def script(method, _fields):
        if method == "getChatMember":
            return refusal(400, "Bad Request: CHAT_ADMIN_REQUIRED")
        return result([{"status": "creator", "user": ANN}])

    assert await verdict(message(GROUP, **{"from": ANN}), script)


async def test_in_doubt_nobody_may():
    assert not await verdict(message(GROUP))


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (refusal(500, "Internal"), WhyUnknown.AWAY),
        (refusal(429, "Too Many Requests: retry after 30", retry_after=30), WhyUnknown.AWAY),
        (refusal(403, "Forbidden: bot was kicked from the supergroup chat"), WhyUnknown.NOT_THERE),
        (refusal(400, "Bad Request: chat not found"), WhyUnknown.NOT_THERE),
        (
            refusal(
                400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1007
            ),
            WhyUnknown.MOVED,
        ),
    ],
)
async def test_rights_that_telegram_does_not_tell_are_not_taken_for_none(monkeypatch, told, why):
    monkeypatch.setattr("bot.telegram.middlewares._ANSWER_TIME", 0.3)
    with pytest.raises(RightsUnknownError) as unknown:
        await verdict(message(GROUP, **{"from": ANN}), lambda *_: told)
    assert unknown.value.why is why


async def test_an_administrator_who_stays_anonymous_may():
    assert await verdict(message(GROUP, **{"from": ANONYMOUS, "sender_chat": GROUP}))


async def test_another_chat_that_speaks_in_a_group_may_not():
    assert not await verdict(message(GROUP, **{"from": ANONYMOUS, "sender_chat": CHANNEL}))
    forwarded = {"from": ANONYMOUS, "sender_chat": GROUP, "is_automatic_forward": True}
    assert not await verdict(message(GROUP, **forwarded))


async def test_a_post_of_a_channel_speaks_for_the_channel_but_what_it_forwards_does_not():
    assert await verdict(message(CHANNEL, sender_chat=CHANNEL))
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "x"}
    assert not await verdict(message(CHANNEL, sender_chat=CHANNEL, forward_origin=origin))
    assert not await verdict(message(CHANNEL, sender_chat=CHANNEL, via_bot=ANONYMOUS))


ORIGIN = {"type": "hidden_user", "date": 1, "sender_user_name": "x"}
OTHERS_WORDS = [
    {"forward_origin": ORIGIN},
    {"forward_date": 1, "forward_from": ANN},
    {"forward_date": 1, "forward_from_chat": CHANNEL},
    {"forward_sender_name": "x"},
    {"via_bot": ANONYMOUS},
]


@pytest.mark.parametrize("others", OTHERS_WORDS, ids="+".join)
@pytest.mark.parametrize(
    ("chat", "speaker"),
    [
        (GROUP, {"from": ANN}),
        (GROUP, {"from": ANONYMOUS, "sender_chat": GROUP}),
        (CHANNEL, {"sender_chat": CHANNEL}),
    ],
    ids=["administrator", "anonymous", "channel"],
)
async def test_what_others_wrote_is_nobodys_wish_whoever_passes_it_on(chat, speaker, others):
    def script(*_):
        return result({"status": "administrator"})

    assert await verdict(message(chat, **speaker), script)
    assert not await verdict(message(chat, **speaker, **others), script)


async def test_another_bot_may_not_though_it_administers_the_group():
    robot = {"id": 8, "is_bot": True, "first_name": "Robot"}
    assert not await verdict(
        message(GROUP, **{"from": robot}), lambda *_: result({"status": "administrator"})
    )


async def test_operators_are_those_that_the_settings_name():
    async with speaking("http://127.0.0.1:9") as bot:
        permissions = Permissions(bot, settings(admin_ids="7,8"))
        assert permissions.is_operator(7)
        assert not permissions.is_operator(9)
        assert not permissions.is_operator(None)


async def test_an_allowlist_lets_only_operators_subscribe():
    async with speaking("http://127.0.0.1:9") as bot:
        closed = Permissions(bot, settings(admin_ids="7", subscribe="allowlist"))
        assert closed.may_subscribe(7)
        assert not closed.may_subscribe(9)
        assert not closed.may_subscribe(None)
        assert Permissions(bot, settings()).may_subscribe(None)


@pytest.mark.parametrize(
    ("member", "may"),
    [
        ({"status": "administrator", "can_post_messages": True}, True),
        ({"status": "administrator", "can_post_messages": False}, False),
        ({"status": "administrator"}, True),
        ({"status": "member"}, True),
        ({"status": "restricted", "can_send_messages": False}, False),
        ({"status": "left"}, False),
    ],
)
async def test_the_bots_own_right_to_post_is_looked_up(member, may):
    async with scripted(lambda *_: result(member)) as api, speaking(api.url) as bot:
        assert (await Permissions(bot, settings()).own_rights(-200)).may_post is may
    assert api.named("getChatMember") == [{"chat_id": -200, "user_id": 42}]
