"""People and the bot, over real HTTP: commands, buttons, rights, languages, subscriptions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.playground import CHANNEL, GROUP, PERSON
from bot.playground.bot_api.world import PlayChat
from digests.subscriptions import Address, SubscriptionState
from tests.integration.bot_world import STRANGER, Town, living_town, until
from tests.unit.invented_pack import write_pack

TOPIC = 2


@pytest.fixture
async def town(database_url: str) -> AsyncIterator[Town]:
    async with living_town(database_url) as opened:
        yield opened


async def test_a_command_is_answered_in_the_language_of_the_person(town: Town) -> None:
    assert (await town.ask("/zones")).startswith("综试区与各类试点")
    town.world.people[PERSON]["language_code"] = "en-GB"
    assert (await town.ask("/zones")).startswith("Pilot zones and pilots")


async def test_a_chosen_language_counts_more_than_the_apps(town: Town) -> None:
    await town.ask("/language en")
    assert (await town.ask("/timeline")).startswith("Timeline")


async def test_a_keyword_and_a_free_text_work_in_a_private_chat(town: Town) -> None:
    assert (await town.ask("时间线 2014")).startswith("时间线 · 2014")
    found = await town.ask("2021年跨境电商规模")
    assert "2018.3亿元" in " ".join(found.splitlines()[:3])


async def test_an_unknown_argument_is_answered_with_what_would_work(town: Town) -> None:
    assert "Luoyan" in await town.ask("/zones Luoyan")
    labels = [
        b["text"] for row in town.world.chats[PERSON].last()["reply_markup"]["inline_keyboard"] for b in row
    ]
    assert "洛阳" in labels
    assert (await town.press("洛阳"))["text"].startswith("洛阳")


async def test_an_unknown_command_is_said_to_be_unknown(town: Town) -> None:
    assert "/nonsense" in await town.ask("/nonsense")


async def test_a_button_changes_its_message_in_place(town: Town) -> None:
    await town.ask("/timeline 2014")
    before = town.newest()["message_id"]
    card = await town.press("习近平视察")
    assert (card["message_id"], card["text"].split("\n")[0]) == (before, "习近平视察河南保税物流中心")
    assert (await town.press("下一件"))["text"].startswith("李克强视察")


async def test_a_repeated_press_changes_nothing_twice(town: Town) -> None:
    await town.ask("/timeline 2014")
    message = town.newest()
    for _ in range(3):
        town.world.presses(PERSON, PERSON, message["message_id"], "v|timeline|2015|0")
    await town.forge("no such button", message["message_id"])
    assert town.world.chats[PERSON].messages[message["message_id"]]["text"].startswith("时间线 · 2015")
    refused = [call for call in town.world.calls if call.refusal]
    assert all("not modified" in call.refusal.description for call in refused if call.refusal)
    town.world.calls.clear()


@pytest.mark.parametrize(
    "data", ["v|old_command||0", "v|stats||0", "timeline", "a|b|c|d", "v|timeline||-1", "🀄"]
)
async def test_a_stale_or_forged_button_is_answered_kindly(town: Town, data: str) -> None:
    await town.ask("/start")
    message_id = town.world.chats[PERSON].last()["message_id"]
    presser = STRANGER if "stats" in data else PERSON
    assert await town.forge(data, message_id, presser)


async def test_a_deep_link_opens_its_fact(town: Town) -> None:
    assert (await town.ask("/start m-luoyang-zone")).startswith("国务院批复设立洛阳综试区")
    assert (await town.ask("/start f-core-area-size")).startswith("核心功能集聚区规划面积")
    assert (await town.ask("/start p-xuchang")).startswith("许昌")
    assert (await town.ask("/start m-nothing")).startswith("没有找到：nothing")
    assert (await town.ask("/start something")).startswith("我是丝路年轮")


async def test_growth_is_followed_by_its_chart_which_is_uploaded_once(town: Town) -> None:
    def photos() -> list[str]:
        return [str(call.parameters["photo"]) for call in town.world.calls if call.method == "sendPhoto"]

    await town.ask("/growth")
    await until(lambda: len(photos()) == 1)
    await town.ask("/growth")
    await until(lambda: len(photos()) == 2)
    assert "photo" in town.world.chats[PERSON].last()
    assert [photo.startswith("photo-") for photo in photos()] == [False, True]


async def test_in_a_group_only_an_administrator_subscribes(town: Town) -> None:
    town.world.chats[GROUP].members[STRANGER] = "member"
    assert "管理员" in await town.ask("/subscribe", GROUP, STRANGER, TOPIC)
    assert await town.instance.store.subscriptions.get(Address(GROUP, TOPIC)) is None
    assert "已订阅" in await town.ask("/subscribe daily 08:30", GROUP, PERSON, TOPIC)
    subscribed = await town.instance.store.subscriptions.get(Address(GROUP, TOPIC))
    assert subscribed is not None
    assert f"{subscribed.schedule.at:%H:%M}" == "08:30"


async def test_a_button_of_the_settings_is_refused_to_others(town: Town) -> None:
    town.world.chats[GROUP].members[STRANGER] = "member"
    await town.ask("/subscribe daily", GROUP, PERSON, TOPIC)
    message = town.world.chats[GROUP].last()
    query = town.world.presses(STRANGER, GROUP, message["message_id"], "settings|monthly")
    await until(lambda: town.world.callbacks[query] is not None)
    subscribed = await town.instance.store.subscriptions.get(Address(GROUP, TOPIC))
    assert subscribed is not None
    assert subscribed.schedule.cadence.value == "daily"


async def test_a_channel_subscribes_itself_and_gets_the_post_of_the_day(town: Town) -> None:
    assert "已订阅" in await town.ask("/subscribe daily 09:00", CHANNEL)
    await _until(town, datetime(2026, 5, 10, 9, 0, 5, tzinfo=ZoneInfo("Asia/Shanghai")))
    post = town.world.chats[CHANNEL].last()
    assert "photo" in post
    assert post["caption"].startswith("历史上的今天 · 2026年5月10日")
    assert "2014年5月10日 · 12年前" in post["caption"]


async def test_what_was_due_before_the_subscription_is_not_sent(town: Town) -> None:
    await _until(town, datetime(2026, 5, 10, 10, tzinfo=ZoneInfo("Asia/Shanghai")))
    await town.ask("/subscribe daily 09:00")
    await _until(town, datetime(2026, 5, 10, 11, tzinfo=ZoneInfo("Asia/Shanghai")))
    assert "历史上的今天" not in town.world.chats[PERSON].last()["text"]


async def _until(town: Town, to: datetime) -> None:
    await town.move_to(to)


async def test_wishes_in_words_are_understood_together(town: Town) -> None:
    answer = await town.ask("/subscribe weekly fri 08:30 Europe/Berlin en")
    assert "每周，周五" in answer
    assert "08:30（柏林 · UTC" in answer
    assert "English" in answer


@pytest.mark.parametrize("wish", ["25:00", "sometimes", "Europe/Berln", "daily yesterday"])
async def test_a_wish_that_is_not_understood_changes_nothing(town: Town, wish: str) -> None:
    answer = await town.ask(f"/subscribe {wish}")
    assert wish.rsplit(maxsplit=1)[-1] in answer
    assert await town.instance.store.subscriptions.get(Address(PERSON)) is None


async def test_a_near_time_zone_is_suggested(town: Town) -> None:
    assert "/subscribe Europe/Berlin" in await town.ask("/subscribe Europe/Berln")


async def test_settings_are_changed_by_their_buttons(town: Town) -> None:
    await town.ask("/subscribe")
    assert "每日" in (await town.press("每日"))["text"]
    await town.press("🕘")
    assert "20:00" in (await town.press("20:00"))["text"]
    await town.press("时区")
    assert "（伦敦 · UTC" in (await town.press("伦敦"))["text"]
    await town.press("更多")
    assert "静音" in (await town.press("提示音"))["text"]
    subscribed = await town.instance.store.subscriptions.get(Address(PERSON))
    assert subscribed is not None
    assert (subscribed.silent, subscribed.schedule.timezone) == (True, "Europe/London")


async def test_unsubscribing_keeps_the_settings(town: Town) -> None:
    await town.ask("/subscribe daily 07:15")
    assert "已退订" in await town.ask("/unsubscribe")
    assert "还没有订阅" in await town.ask("/unsubscribe")
    assert "07:15" in await town.ask("/subscribe")


async def test_a_preview_is_what_will_be_posted(town: Town) -> None:
    await town.ask("/subscribe daily 09:00")
    town.world.says(PERSON, PERSON, "/preview 2026-05-10")
    await until(lambda: "photo" in town.world.chats[PERSON].last())
    shown = town.world.chats[PERSON].last()
    await _until(town, datetime(2026, 5, 10, 9, 1, tzinfo=ZoneInfo("Asia/Shanghai")))
    sent = town.world.chats[PERSON].last()
    assert sent["message_id"] != shown["message_id"]
    assert [sent[part] for part in ("caption", "caption_entities", "photo")] == [
        shown[part] for part in ("caption", "caption_entities", "photo")
    ]
    assert "没有可以回顾" in await town.ask("/preview 2026-10")
    assert "无法识别日期" in await town.ask("/preview someday")
    assert "2100" in await town.ask("/preview 9999-12-31")
    assert "1900" in await town.ask("/preview 0001-01-01")


async def test_what_operators_do_is_unknown_to_others(town: Town) -> None:
    assert "订阅" in await town.ask("/stats")
    town.world.chats[STRANGER] = type(town.world.chats[PERSON])(
        STRANGER, "private", "Eve", {STRANGER: "member"}
    )
    assert "Unknown command" in await town.ask("/stats", STRANGER, STRANGER)
    assert "Unknown command" in await town.ask("/publish 2026-05-10", STRANGER, STRANGER)


async def test_publishing_early_takes_the_place_of_the_scheduled_post(town: Town) -> None:
    await town.ask("/subscribe daily 09:00", CHANNEL)
    assert "1" in await town.ask("/publish 2026-05-10 daily")
    await _until(town, datetime(2026, 5, 9, 13, tzinfo=ZoneInfo("Asia/Shanghai")))
    await _until(town, datetime(2026, 5, 10, 9, 1, tzinfo=ZoneInfo("Asia/Shanghai")))
    posts = [
        m for m in town.world.chats[CHANNEL].messages.values() if "2014年5月10日" in m.get("caption", "")
    ]
    assert len(posts) == 1


async def test_the_packs_are_read_again_on_request(town: Town) -> None:
    before = town.instance.library_holder.current.version
    write_pack(town.instance.settings.packs_dir)
    told = await town.ask("/reload", seconds=60)
    after = town.instance.library_holder.current
    assert "已载入" in told
    assert "henan-cbec-2023的文件夹已不存在，数据仍保留" in told
    assert after.version in told
    assert after.version != before
    assert [report.id for report in after.reports] == ["henan-cbec-2023", "tea"]


async def test_a_pack_with_a_fault_is_told_and_the_last_good_library_stays(town: Town) -> None:
    before = town.instance.library_holder.current
    write_pack(town.instance.settings.packs_dir, milestones="milestones: [none]")
    assert "已载入" not in await town.ask("/reload", seconds=60)
    assert town.instance.library_holder.current is before


async def test_after_midnight_today_is_the_new_day(town: Town) -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    await town.move_to(datetime(2026, 5, 9, 23, 59, tzinfo=shanghai))
    assert "历史上的今天 · 2026年5月9日" in await town.ask("/today")
    await town.move_to(datetime(2026, 5, 10, 0, 1, tzinfo=shanghai))
    assert "历史上的今天 · 2026年5月10日" in await town.ask("/today")


async def test_a_chat_that_blocked_the_bot_is_suspended_and_wakes_again(town: Town) -> None:
    await town.ask("/subscribe daily 09:00")
    town.world.admit(PERSON, PERSON, "kicked")
    assert await _state(town, SubscriptionState.SUSPENDED)
    town.world.admit(PERSON, PERSON, "member")
    assert await _state(town, SubscriptionState.ACTIVE)


async def _state(town: Town, wanted: SubscriptionState) -> bool:
    for _ in range(250):
        found = await town.instance.store.subscriptions.get(Address(PERSON))
        if found and found.state is wanted:
            return True
        await asyncio.sleep(0.02)
    return False


async def test_a_group_that_becomes_a_supergroup_keeps_its_subscription(town: Town) -> None:
    await town.ask("/subscribe monthly", GROUP)
    town.world.migrate(GROUP, -1009)
    for _ in range(250):
        if await town.instance.store.subscriptions.get(Address(-1009)):
            break
        await asyncio.sleep(0.02)
    assert await town.instance.store.subscriptions.get(Address(GROUP)) is None


async def test_another_bots_command_and_a_forwarded_channel_post_are_left_alone(town: Town) -> None:
    assert await town.silence(lambda: town.world.says(PERSON, GROUP, "/zones@another_bot"), GROUP)
    assert await town.silence(lambda: town.world.says(PERSON, GROUP, "just talking"), GROUP)


async def test_a_hundred_people_are_all_answered_and_a_picture_is_uploaded_once(town: Town) -> None:
    chat = type(town.world.chats[PERSON])
    people = range(3000, 3100)
    for person in people:
        town.world.people[person] = {"id": person, "is_bot": False, "first_name": "P", "language_code": "zh"}
        town.world.chats[person] = chat(person, "private", "P", {person: "member"})
        town.world.says(person, person, "/timeline")
    await until(lambda: all(_has_answer(town.world.chats[person].messages) for person in people))
    photos = [str(call.parameters["photo"]) for call in town.world.calls if call.method == "sendPhoto"]
    assert sum(photo.startswith("attach://") for photo in photos) <= 1  # the others go by its file_id


def _has_answer(messages: dict[int, dict[str, Any]]) -> bool:
    return any("2014" in message.get("text", "") for message in messages.values())


@pytest.mark.parametrize("wish", ["daily 9998-01-01", "2020-01-01", "0001-01-01", "9999-12-31", "2029-01-01"])
async def test_a_pause_out_of_bounds_is_refused_and_stores_nothing(town: Town, wish: str) -> None:
    await town.ask("/subscribe monthly")
    before = await town.instance.store.subscriptions.get(Address(PERSON))
    assert wish.rpartition(" ")[2] in await town.ask(f"/settings {wish}")
    assert await town.instance.store.subscriptions.get(Address(PERSON)) == before
    assert "09:00" in await town.ask("/settings")


async def test_words_that_belong_together_are_kept_in_a_suggestion(town: Town) -> None:
    await town.ask("/subscribe monthly")
    assert "/settings daily 10:00 Europe/Berlin" in await town.ask("/settings daily 10:00 Berln")
    changed = await town.press("Europe/Berlin")
    assert "10:00（柏林 · UTC" in changed["text"]


@pytest.mark.parametrize("content", ["sticker", "photo", "voice", "something_new"])
async def test_nothing_in_private_is_answered_by_silence(town: Town, content: str) -> None:
    chat = town.world.chats[PERSON]
    message = town.world.new_message(chat, 0) | {"from": town.world.people[PERSON], content: {}}
    answer = await town.after(lambda: town.world.push("message", message, chat), PERSON)
    assert "只能读文字" in answer["text"]


async def test_a_caption_is_read_as_a_text(town: Town) -> None:
    chat = town.world.chats[PERSON]
    message = town.world.new_message(chat, 0) | {
        "from": town.world.people[PERSON],
        "caption": "/timeline 2014",
    }
    answer = await town.after(lambda: town.world.push("message", message, chat), PERSON)
    assert answer["text"].startswith("时间线 · 2014")


async def test_the_nearest_command_is_offered_as_a_button(town: Town) -> None:
    assert "/timline" in await town.ask("/timline 2014")
    assert (await town.press("/timeline"))["text"].startswith("时间线 · 2014")


async def test_an_app_in_another_language_is_answered_in_english_and_can_choose(town: Town) -> None:
    town.world.people[PERSON]["language_code"] = "pt-br"
    assert (await town.ask("/zones")).startswith("Pilot zones and pilots")
    await town.ask("/start")
    await town.press("中文 / English")
    await town.press("中文")
    assert (await town.ask("/zones")).startswith("综试区与各类试点")
    await town.ask("/language English")
    assert (await town.ask("/zones")).startswith("Pilot zones and pilots")


async def test_the_keyboard_that_picks_a_chat_can_be_put_away(town: Town) -> None:
    await town.ask("/start")
    await town.press("添加到频道")
    await until(lambda: town.world.chats[PERSON].keyboard is not None)
    label = str((town.world.chats[PERSON].keyboard or [])[1][0]["text"])
    town.world.says(PERSON, PERSON, label)
    await until(lambda: not town.world.chats[PERSON].keyboard)


async def test_an_answer_in_a_group_replies_to_its_question_in_its_thread(town: Town) -> None:
    await town.ask("/zones", GROUP, PERSON, TOPIC)
    call = next(call for call in reversed(town.world.calls) if call.method == "sendMessage")
    assert call.parameters["message_thread_id"] in (TOPIC, str(TOPIC))
    assert "reply_parameters" in call.parameters


async def test_the_menu_subscribes_opens_the_settings_and_is_a_button_away(town: Town) -> None:
    await town.ask("/start")
    assert "已订阅" in (await town.press("订阅"))["text"]
    assert (await town.press("菜单"))["text"].startswith("我是丝路年轮")
    assert await town.instance.store.subscriptions.get(Address(PERSON)) is not None
    await town.press("设置")
    await town.press("菜单")
    await town.press("中文 / English")
    assert (await town.press("English"))["text"].startswith("Language set")
    assert (await town.press("Menu"))["text"].startswith("I am Silkline")


async def test_every_one_of_fifty_presses_is_acknowledged(town: Town) -> None:
    await town.ask("/timeline 2014")
    message = town.newest()["message_id"]
    queries = [town.world.presses(PERSON, PERSON, message, "v|timeline|2015|0") for _ in range(50)]
    await until(lambda: all(town.world.callbacks[query] is not None for query in queries))
    assert town.world.chats[PERSON].messages[message]["text"].startswith("时间线 · 2015")
    town.world.calls.clear()


async def test_another_chat_is_answered_before_one_that_floods_had_five_answers_for_each_call_of_the_intake(
    town: Town,
) -> None:
    """500 questions are five calls of the intake: nobody behind them waits for more than their first few."""
    town.world.chats[STRANGER] = PlayChat(STRANGER, "private", "Eve", {STRANGER: "member"})
    heard = town.world.listen()
    for _ in range(500):
        town.world.says(PERSON, PERSON, "/timeline")
    town.world.says(STRANGER, STRANGER, "/help")
    before = 0
    async with asyncio.timeout(30):
        while True:
            event = await heard.get()
            message = event.get("message", {})
            if event["type"] != "message" or not message.get("from", {}).get("is_bot"):
                continue
            if event["chat_id"] == STRANGER:
                break
            before += "photo" not in message
    assert before <= 5 * 5 + 5


async def test_without_any_report_the_first_commands_say_so(town: Town) -> None:
    reports = town.instance.store.reports
    for report_id, _ in await reports.listed():
        await reports.withdraw(report_id, town.instance.clock.now())
    await town.instance.library_holder.refresh()
    for command in ("/start", "/about"):
        assert await town.ask(command) == "这里暂时没有报告。"
