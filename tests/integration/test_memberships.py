"""The bot is added, muted, removed and moved, in whatever order and shape Telegram tells it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.lifecycle import tell_subscribers
from bot.playground import CHANNEL, GROUP, HELPER, PERSON, SMALL_GROUP
from bot.playground import user_actions as acts
from bot.playground.bot_api.fault_injection import Faults
from bot.telegram.callback_data import SubscriptionAction
from bot.telegram.signed_callbacks import CallbackSigner, SignedAction
from digests.subscriptions import Address, SubscriptionState
from tests.integration.bot_world import Town, living_town, tell_failures, until

ACTIVE, SUSPENDED, UNSUBSCRIBED = (
    SubscriptionState.ACTIVE,
    SubscriptionState.SUSPENDED,
    SubscriptionState.UNSUBSCRIBED,
)
GOES_ON, LOST = "恢复推送", "我不能再在那里发消息"


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
async def town(sqlite_url: str, faults: Faults) -> AsyncIterator[Town]:
    async with living_town(sqlite_url, faults=faults) as opened:
        yield opened


async def state(town: Town, chat_id: int, thread_id: int = 0) -> SubscriptionState | None:
    found = await town.instance.store.subscriptions.get(Address(chat_id, thread_id))
    return found.state if found else None


def said(town: Town, part: str, person: int = PERSON) -> int:
    texts = [str(each.get("text", "")) for each in town.world.chats[person].messages.values()]
    return sum(part in text for text in texts)


async def tell_membership(town: Town, chat_id: int, **members: dict[str, Any]) -> None:
    """Telegram tells a change of the bot's membership; wait until it was handled."""
    chat, people = town.world.chats[chat_id].brief(), town.world.people
    event: dict[str, Any] = {"chat": chat, "from": people[PERSON], "date": 1_770_000_000}
    town.world.push("my_chat_member", event | members)
    await until(lambda: not town.instance.update_queue._running)


def member(town: Town, status: str, **flags: Any) -> dict[str, Any]:
    return {"user": town.world.bot, "status": status, **flags}


async def test_a_right_that_comes_and_goes_begins_no_digests_that_were_ended(town: Town) -> None:
    await town.ask("/subscribe daily 10:00", CHANNEL)
    await town.ask("/unsubscribe", CHANNEL)
    mute, free = (member(town, "administrator", can_post_messages=may) for may in (False, True))
    await tell_membership(town, CHANNEL, old_chat_member=free, new_chat_member=mute)
    await tell_membership(town, CHANNEL, old_chat_member=mute, new_chat_member=free)
    assert await state(town, CHANNEL) is UNSUBSCRIBED


async def test_a_channel_that_forgot_its_digests_is_offered_them_and_not_given(town: Town) -> None:
    mute, free = (member(town, "administrator", can_post_messages=may) for may in (False, True))
    await tell_membership(town, CHANNEL, old_chat_member=mute, new_chat_member=free)
    await until(lambda: said(town, "它的管理员可以为它订阅"))
    assert await state(town, CHANNEL) is None


@pytest.mark.parametrize("old", [{"status": "guardian"}, None, "x"], ids=["unknown", "absent", "malformed"])
async def test_a_removal_is_noticed_whatever_was_before(town: Town, old: Any) -> None:
    await town.ask("/subscribe daily 10:00", GROUP)
    before = {} if old is None else {"old_chat_member": old}
    await tell_membership(town, GROUP, **before, new_chat_member=member(town, "kicked", until_date=0))
    assert await state(town, GROUP) is SUSPENDED


async def test_who_was_restricted_and_left_is_not_there(town: Town) -> None:
    await town.ask("/subscribe daily 10:00", GROUP)
    left = member(town, "restricted", is_member=False, until_date=0, can_send_messages=True)
    await tell_membership(town, GROUP, old_chat_member=member(town, "administrator"), new_chat_member=left)
    assert await state(town, GROUP) is SUSPENDED
    await tell_membership(town, GROUP, old_chat_member=member(town, "left"), new_chat_member=left)
    assert await state(town, GROUP) is SUSPENDED
    assert said(town, GOES_ON) == 0


async def test_a_notice_that_could_not_be_told_while_telegram_was_away_is_told_later(
    town: Town, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.middlewares._ANSWER_TIME", 0.3)
    await town.ask("/subscribe daily 09:00", GROUP)
    town.world.admit(HELPER, GROUP, "kicked")
    await until(lambda: not town.instance.update_queue._running)
    faults.server_error = 1.0
    await tell_failures(town)
    faults.server_error = 0.0
    assert said(town, LOST) == 0
    assert await tell_failures(town) == 1
    assert said(town, LOST) == 1
    assert await tell_failures(town) == 0


async def test_the_end_of_a_pause_that_could_not_be_told_is_told_later(
    town: Town, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.middlewares._ANSWER_TIME", 0.3)
    await town.ask("/subscribe daily 09:00", GROUP)
    await town.ask("/settings 2026-05-20", GROUP)
    await town.move_to(datetime(2026, 5, 20, 9, 0, 5, tzinfo=ZoneInfo("Asia/Shanghai")))
    faults.server_error = 1.0
    await tell_subscribers(town.instance)
    faults.server_error = 0.0
    for _ in range(2):
        await tell_subscribers(town.instance)
    assert said(town, GOES_ON) == 1


async def test_a_chat_of_several_topics_that_is_lost_is_told_of_once(town: Town) -> None:
    for topic in town.world.chats[GROUP].topics:
        await town.ask("/subscribe daily", GROUP, PERSON, topic)
    town.world.admit(HELPER, GROUP, "kicked")
    await until(lambda: not town.instance.update_queue._running)
    await tell_failures(town)
    assert said(town, LOST) == 1


async def test_who_administers_a_chat_no_more_hears_and_sees_nothing_of_it(town: Town) -> None:
    await town.ask("/subscribe daily", GROUP)
    town.world.chats[GROUP].members[PERSON] = "left"
    town.world.admit(HELPER, GROUP, "restricted")
    await until(lambda: not town.instance.update_queue._running)
    assert await state(town, GROUP) is SUSPENDED
    await tell_failures(town)
    assert said(town, LOST) == 0
    await town.ask("/settings")
    assert "示范群组" not in str((await town.press("我的聊天"))["reply_markup"])


async def test_a_pause_is_told_over_when_it_is_and_not_when_the_bot_is_let_in_again(town: Town) -> None:
    await town.ask("/subscribe daily 09:00", GROUP)
    await town.ask("/settings 2026-05-20", GROUP)
    for status in ("restricted", "administrator"):
        town.world.admit(HELPER, GROUP, status)
    await until(lambda: not town.instance.update_queue._running)
    assert await state(town, GROUP) is ACTIVE
    assert said(town, GOES_ON) == 0
    found = await town.instance.store.subscriptions.get(Address(GROUP))
    assert found is not None
    assert found.paused_until == date(2026, 5, 20)


async def test_with_its_group_no_closed_topic_is_woken_and_an_opened_one_waits_for_its_group(
    town: Town,
) -> None:
    await town.ask("/subscribe daily 09:00", GROUP, PERSON, 2)
    acts.set_topic(town.world, GROUP, 2, "closed", PERSON)
    for status in ("restricted", "administrator"):
        town.world.admit(HELPER, GROUP, status)
    await until(lambda: not town.instance.update_queue._running)
    assert await state(town, GROUP, 2) is SUSPENDED
    assert said(town, GOES_ON) == 0
    town.world.admit(HELPER, GROUP, "restricted")
    acts.set_topic(town.world, GROUP, 2, "open", PERSON)
    await until(lambda: not town.instance.update_queue._running)
    assert await state(town, GROUP, 2) is SUSPENDED
    town.world.admit(HELPER, GROUP, "administrator")
    await until(lambda: said(town, GOES_ON))
    assert await state(town, GROUP, 2) is ACTIVE


async def test_a_group_that_became_a_supergroup_goes_on_though_its_old_id_was_lost_first(town: Town) -> None:
    town.world.chats[SMALL_GROUP].bot_status = "member"
    await town.ask("/subscribe daily 09:00", SMALL_GROUP)
    gone = {"old_chat_member": member(town, "member"), "new_chat_member": member(town, "left")}
    await tell_membership(town, SMALL_GROUP, **gone)
    assert await state(town, SMALL_GROUP) is SUSPENDED
    new = acts.upgrade(town.world, SMALL_GROUP)
    await until(lambda: said(town, GOES_ON))
    assert await state(town, new) is ACTIVE


async def test_a_button_from_before_a_group_moved_says_so(town: Town) -> None:
    town.world.chats[SMALL_GROUP].bot_status = "member"
    await town.ask("/subscribe daily 09:00", SMALL_GROUP)
    acts.upgrade(town.world, SMALL_GROUP)
    await until(lambda: not town.instance.update_queue._running)
    signed = CallbackSigner("1:test").sign(
        PERSON, SignedAction(SubscriptionAction.UNSUBSCRIBE, Address(SMALL_GROUP))
    )
    message = await town.after(lambda: town.world.says(PERSON, PERSON, "/help"), PERSON)
    assert "升级为超级群组" in await town.forge(signed, message["message_id"])


async def test_the_settings_of_a_chat_without_the_bot_say_that_it_is_not_there(town: Town) -> None:
    await town.ask("/subscribe daily 09:00", GROUP)
    town.world.admit(HELPER, GROUP, "kicked")
    await until(lambda: not town.instance.update_queue._running)
    await tell_failures(town)
    message = town.newest()
    data = message["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    assert "我不在那个聊天里" in await town.forge(data, message["message_id"])


async def test_one_tap_ends_the_topic_whose_post_it_stands_under_and_says_when_nothing_ended(
    town: Town,
) -> None:
    town.world.chats[PERSON].topics[5] = "T"
    await town.ask("/subscribe daily 09:00 fallback", PERSON, PERSON, 5)
    assert await state(town, PERSON, 5) is ACTIVE
    acts.set_topic(town.world, PERSON, 5, "deleted", PERSON)
    await town.move_to(datetime(2026, 5, 10, 9, 0, 5, tzinfo=ZoneInfo("Asia/Shanghai")))
    post = town.world.chats[PERSON].last()
    stop = post["reply_markup"]["inline_keyboard"][-1][0]["callback_data"]
    assert "已退订" in await town.forge(stop, post["message_id"])
    assert await state(town, PERSON, 5) is UNSUBSCRIBED
    assert "已不在推送中" in await town.forge(stop, post["message_id"])
    assert "已不在推送中" in await town.forge("stop", post["message_id"])


async def test_no_next_post_is_promised_for_what_is_not_subscribed(town: Town) -> None:
    await town.ask("/subscribe daily 09:00")
    await town.ask("/unsubscribe")
    told = await town.ask("/settings 10:00")
    assert "10:00" in told
    assert "下一次推送" not in told
