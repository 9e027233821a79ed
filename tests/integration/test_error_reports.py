"""Errors that readers report: asked for below a post, passed on to the operators, bounded; over real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.handlers.general.error_report import LONGEST, MOST, PERIOD, ErrorReports
from bot.playground import CHANNEL, GUEST, HELPER, PERSON
from digests.text import Language
from tests.integration.bot_world import Town, living_town, until
from tests.integration.test_life_of_a_chat import TENTH_OF_MAY

FACT = "zhengzhou-model-noticed"


@pytest.fixture
async def town(sqlite_url: str) -> AsyncIterator[Town]:
    async with living_town(sqlite_url) as opened:
        yield opened


async def reply(town: Town, text: str, person: int = GUEST) -> str:
    """Ask for the question of a fact, and reply to it."""
    await town.ask(f"/start e-{FACT}", person, person)
    return await answer(town, text, person)


async def answer(town: Town, text: str, person: int = GUEST) -> str:
    question = town.world.chats[person].last()["message_id"]
    message = await town.after(lambda: town.world.says(person, person, text, reply_to=question), person)
    return str(message["text"])


async def told(town: Town, part: str) -> dict[str, Any]:
    """The message to the operator that holds a text."""
    messages = town.world.chats[PERSON].messages
    await until(lambda: any(part in str(message.get("text")) for message in messages.values()))
    return next(message for message in messages.values() if part in str(message.get("text")))


async def test_an_error_below_a_post_reaches_the_operators_with_its_fact_and_place(town: Town) -> None:
    await town.ask("/subscribe daily 09:00", CHANNEL)
    await town.move_to(TENTH_OF_MAY)
    question = await town.follow("指出错误", CHANNEL, GUEST)
    assert "2014年5月10日" in question
    assert town.world.calls[-1].method == "sendMessage"
    assert '"force_reply":true' in str(town.world.calls[-1].parameters["reply_markup"]).replace(
        " ", ""
    ).replace("'", '"').replace("True", "true")
    assert "已转给" in await answer(town, "日期 <b>不对</b>\n见报纸")
    report = await told(town, "日期")
    fact = next(m for m in town.instance.library_holder.current.milestones if str(m.date) == "2014-05-10")
    assert fact.id in report["text"]
    assert "一（一） 发展历程" in report["text"]
    assert "<b>不对</b>" in report["text"]
    assert "见报纸" in report["text"]
    assert f"老王\u2069 · {GUEST}" in report["text"]


async def test_the_words_of_a_reader_reorder_nothing_and_are_cut(town: Town) -> None:
    await reply(town, "\u202eevil " + "long " * 400)
    report = await told(town, "evil")
    assert "\u202e" not in report["text"]
    assert report["text"].count("long") < LONGEST / 5


async def test_a_post_of_several_events_is_reported_with_all_of_them(town: Town) -> None:
    assert "2021年11月" in await town.ask("/start e-monthly_2026-11", GUEST, GUEST)
    await answer(town, "第二件有误")
    report = await told(town, "第二件有误")
    assert report["text"].count("2015年11月") == 1
    assert "2021年11月" in report["text"]


async def test_the_question_can_be_left_by_a_command_or_any_other_word(town: Town) -> None:
    await town.ask(f"/start e-{FACT}", GUEST, GUEST)
    assert "已转给" not in await answer(town, "/today")
    assert "已转给" not in await town.ask("洛阳", GUEST, GUEST)
    assert not any("读者" in str(m.get("text")) for m in town.world.chats[PERSON].messages.values())


async def test_after_so_many_reports_within_an_hour_a_person_is_asked_to_wait(town: Town) -> None:
    for _ in range(MOST):
        assert "已转给" in await reply(town, "again")
    assert f"{MOST}条" in await reply(town, "again")
    assert "Passed on" in await reply(town, "another person", HELPER)


def test_an_hour_later_the_person_may_report_again() -> None:
    now = [0.0]
    reports = ErrorReports(None, frozenset({1}), lambda: now[0])  # type: ignore[arg-type] # nobody is told here
    assert [reports.may_tell(7) for _ in range(MOST + 1)] == [True] * MOST + [False]
    now[0] = PERIOD + 1
    assert reports.may_tell(7)


async def test_without_operators_the_reader_is_told_so_and_where_to_look(sqlite_url: str) -> None:
    async with living_town(sqlite_url, admin_ids=frozenset()) as town:
        told_so = await town.ask(f"/start e-{FACT}", GUEST, GUEST)
        assert "没有登记运营者" in told_so
        assert "一（二）2" in told_so
        assert (await town.press("出处", GUEST, GUEST))["text"]


async def test_an_operator_who_cannot_be_reached_is_not_called_told(town: Town) -> None:
    town.world.admit(PERSON, PERSON, "kicked")
    assert "无法转交" in await reply(town, "lost")
    town.world.calls.clear()


async def test_a_link_to_a_fact_that_is_gone_says_so(town: Town) -> None:
    assert "已不在" in await town.ask("/start e-no-such-fact", GUEST, GUEST)


async def test_the_question_is_asked_in_the_language_of_the_reader(town: Town) -> None:
    assert (await town.ask(f"/start e-{FACT}", HELPER, HELPER)).startswith("Report an error")
    assert town.world.language is Language.ZH
