"""A session of somebody who tries everything: each thing gets an answer, or is rightly left."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from bot.handlers.dispatcher import feed
from bot.playground import CHANNEL, GROUP, GUEST, PERSON
from bot.telegram.callback_data import SubscriptionAction
from bot.telegram.calls.decoding import decode
from bot.telegram.signed_callbacks import CallbackSigner, SignedAction
from bot.updates.update_queue import UpdateQueue
from digests.subscriptions import Address
from tests.integration.bot_world import Town, living_town
from tests.integration.rights_table import DIRECT, TOPIC, people

USER = {"id": PERSON, "is_bot": False, "first_name": "A", "language_code": "en"}
READER = USER | {"id": GUEST}
PRIVATE = {"id": PERSON, "type": "private", "first_name": "A"}
IN_GROUP = {"id": GROUP, "type": "supergroup", "title": "G", "is_forum": True}
IN_CHANNEL = {"id": CHANNEL, "type": "channel", "title": "C"}
IN_DIRECT = {"id": DIRECT, "type": "supergroup", "title": "D", "is_direct_messages": True}
OTHER = {"id": -100999, "type": "channel", "title": "X"}
ORIGIN = {"type": "hidden_user", "date": 1, "sender_user_name": "A"}
INLINE = {"id": 9, "is_bot": True, "first_name": "B"}

COMMANDS = ("today", "month", "timeline", "zones", "preview", "settings", "search", "cite", "quiz", "start")
ARGUMENTS = (
    "9" * 4000, "1e999999", "٣٤٥", "\u202eabc", "a\x00b", "\ud800", "\U0001f600" * 2000, "<b>" * 500,
    "%s%n{x}", "9999-12-31", "2026-02-30", "½Ⅷ", "|" * 60, "\u200b", "-1", "25:61", "UTC+99", "\n" * 2000,
)  # fmt: skip
WORDS = (
    "/", "//", "/@silkline_bot", "/" + "x" * 4000, "/help\x00", "\ud83d", "." * 4096, "\u2028",
    "/start " + "A" * 64, "/start m-../x", "/start f-" + "9" * 60, "\U0001f3f3\ufe0f\u200d\U0001f308" * 400,
)  # fmt: skip
MEDIA = ("sticker", "photo", "location", "story", "checklist", "gift", "paid_media", "brand_new_media")
PRESSED = (
    "", "~", "~|s", "~|s|a|b|c", "~|s|" + "9" * 50 + ".0|daily|xxxxxxxx", "~|f|0.0||AAAA", "v|", "v|stats||0",
    "v|timeline|2016|-1", "v|timeline|2016|" + "9" * 20, "picture|../x", "quiz|-1|", "quiz|9999|", "data|exe",
    "menu|x", "add|x", "\x00", "\U0001f600" * 16, "v|search|\ud800|0",
)  # fmt: skip
STATUSES = ("administrator", "restricted", "kicked", "creator", "owner_of_all", "")

#: What is expected of a case.
ANSWERED, LEFT, ACKNOWLEDGED, EITHER = "answered", "left", "acknowledged", "either"

Case = tuple[str, dict[str, Any]]


def said(text: str | None, chat: dict[str, Any] = PRIVATE, **more: Any) -> dict[str, Any]:
    words = {} if text is None else {"text": text}
    return {"message": {"message_id": 9, "date": 1, "chat": chat, "from": USER} | words | more}


def pressed(data: str | None, **more: Any) -> dict[str, Any]:
    shown = said("x")["message"] | {"from": {"id": 1, "is_bot": True, "first_name": "S"}}
    query = {"id": "1", "from": USER, "chat_instance": "1", "data": data, "message": shown} | more
    return {"callback_query": {name: value for name, value in query.items() if value is not None}}


def typed() -> Iterator[Case]:
    """Commands with impossible arguments, words that are none, and what is no text."""
    for command in COMMANDS:
        yield from ((ANSWERED, said(f"/{command} {argument}")) for argument in ARGUMENTS)
    yield from ((ANSWERED, said(word)) for word in WORDS)
    yield from ((ANSWERED, said(None, **{kind: {"x": 1}})) for kind in MEDIA)
    yield ANSWERED, said(None, photo=[], caption="/zones")


def elsewhere() -> Iterator[Case]:
    """Other senders, other chats, other kinds."""
    mask = {"id": 136817688, "is_bot": True, "first_name": "C"}
    for more in ({"forward_origin": ORIGIN}, {"via_bot": INLINE}):
        yield from ((ANSWERED, said("/subscribe", chat, **more)) for chat in (PRIVATE, IN_GROUP))
    yield ANSWERED, said("/settings", IN_GROUP, sender_chat=IN_GROUP)
    yield ANSWERED, said("/settings", IN_GROUP, sender_chat=OTHER, **{"from": mask})
    yield LEFT, said("/settings", IN_GROUP, sender_chat=IN_CHANNEL, is_automatic_forward=True)
    yield LEFT, said(None, IN_GROUP, migrate_to_chat_id=GROUP)
    for kind in ("forum_topic_closed", "forum_topic_reopened"):
        yield LEFT, said(None, IN_GROUP, message_thread_id=2, is_topic_message=True, **{kind: {}})
    topic = {"topic_id": TOPIC, "user": READER}
    yield ANSWERED, said("/zones", IN_DIRECT, direct_messages_topic=topic, **{"from": READER})
    yield ANSWERED, said("/subscribe", IN_DIRECT, direct_messages_topic=topic)
    post = {"message_id": 9, "date": 1, "chat": IN_CHANNEL, "text": "/zones"}
    yield ANSWERED, {"channel_post": post}
    for kind in ("edited_message", "business_message", "edited_channel_post", "guest_message", "brand_new"):
        yield LEFT, {kind: post}


def buttons(signer: CallbackSigner) -> Iterator[Case]:
    """Forged, foreign and impossible buttons."""
    yield from ((ACKNOWLEDGED, pressed(data)) for data in PRESSED)
    for action in SubscriptionAction:
        for value in ("", "\x00", "9999-12-31", "daily:0000-00-00", "+"):
            yield ACKNOWLEDGED, pressed(signer.sign(PERSON, SignedAction(action, Address(PERSON), value)))
    for shown_in, address in ((GROUP, PERSON), (PERSON, GUEST), (PERSON, -(2**40))):
        foreign = SignedAction(SubscriptionAction.CHANGE, Address(address), "daily")
        yield ACKNOWLEDGED, pressed(signer.sign(shown_in, foreign))
    gone = {"chat": PRIVATE, "message_id": 1, "date": 0}
    yield ACKNOWLEDGED, pressed("v|zones||0", message=gone)
    yield ACKNOWLEDGED, pressed("v|zones||0", message=None, inline_message_id="x")
    yield ACKNOWLEDGED, pressed(None, game_short_name="g")


def memberships(signer: CallbackSigner) -> Iterator[Case]:
    """Picked chats and the bot's own membership, of kinds and states that there may be one day."""
    number = signer.request_id("channel", PERSON)
    for request, picked, title in ((1, -5, "x"), (number, GUEST, "\u202e"), (number, CHANNEL, "x" * 5000)):
        yield ANSWERED, said(None, chat_shared={"request_id": request, "chat_id": picked, "title": title})
    bot = {"id": 1, "is_bot": True, "first_name": "S"}
    for status in STATUSES:
        for chat in (PRIVATE, IN_CHANNEL, {"id": -4, "type": "planet", "title": "z" * 5000}):
            old, new = ({"user": bot, "status": each} for each in ("left", status))
            change = {"chat": chat, "from": USER, "date": 1, "old_chat_member": old, "new_chat_member": new}
            yield EITHER, {"my_chat_member": change}


async def test_each_thing_that_somebody_tries_gets_an_answer_or_is_rightly_left(
    sqlite_url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.handlers.subscription.membership._OTHER_ROAD", 0)
    async with living_town(sqlite_url) as town:
        people(town.world)
        dispatcher, bot = town.instance.dispatcher, town.instance.bot
        queue = UpdateQueue(lambda update: feed(dispatcher, bot, update), bot)
        signer = dispatcher["signer"]
        cases = [*typed(), *elsewhere(), *buttons(signer), *memberships(signer)]
        for number, (expected, update) in enumerate(cases, 90_000):
            raw = json.dumps(update | {"update_id": number}).encode()
            town.world.calls.clear()
            if task := queue.submit(decode(raw)):
                await task
            assert expected in (EITHER, *came_of(town)), update
        town.world.calls.clear()
    assert [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR] == []
    assert len(cases) > 280


def came_of(town: Town) -> list[str]:
    """What the bot did."""
    methods = [call.method for call in town.world.calls]
    refused = [call.refusal.description for call in town.world.calls if call.refusal]
    assert [why for why in refused if "too long" in why or "parse" in why] == []
    texts = " ".join(str(call.parameters.get("text")) for call in town.world.calls)
    assert "went wrong" not in texts
    is_answered = any(method.startswith(("send", "edit")) for method in methods)
    is_acknowledged = methods.count("answerCallbackQuery") == 1
    return [ANSWERED] * is_answered + [ACKNOWLEDGED] * is_acknowledged + [LEFT] * (not is_answered)
