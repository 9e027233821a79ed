from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from aiohttp import web
from markupsafe import Markup

from bot.sending.messenger import TelegramMessenger
from bot.sending.pinning import PinningMessenger
from bot.telegram.rate_limiter import Lane
from digests.posts import Delivery, Failed, Gone, Later, Moved, Post, PostKind, Sent, Unknown
from digests.subscriptions import Address, Layout
from digests.text import Language
from tests.integration.scripted_api import message, refusal, result, scripted, speaking
from tests.integration.small_world import daily

NOW = datetime(2026, 5, 10, 1, tzinfo=UTC)


def delivery(
    html: str = "<h1>On this day</h1><p>One &amp; two</p>", thread_id: int = 0, *, silent: bool = False
):
    return Delivery(
        id=1,
        epoch=1,
        attempt=1,
        address=Address(-100, thread_id),
        language=Language.EN,
        layout=Layout.CLASSIC,
        post_id=1,
        post=Post(PostKind.RECALL, Markup(html), None, ()),
        silent=silent,
        picture=True,
        timezone="Asia/Shanghai",
        due_at=NOW,
        stale_at=None,
        lease_until=NOW,
    )


async def outcome_after(answer):
    async with scripted(lambda *_: answer) as api, speaking(api.url, lane=Lane.BROADCAST) as bot:
        return await TelegramMessenger(bot).send(delivery())


async def test_a_post_goes_out_as_html_to_its_topic_with_or_without_sound():
    async with scripted(lambda *_: message(-100, 77)) as api, speaking(api.url, lane=Lane.BROADCAST) as bot:
        messenger = TelegramMessenger(bot)
        assert await messenger.send(delivery(thread_id=5, silent=True)) == Sent(77)
        await messenger.send(delivery())
    first, second = api.named("sendMessage")
    assert first["text"].startswith("<b>On this day</b>")
    assert (first["chat_id"], first["message_thread_id"], first["disable_notification"]) == (-100, 5, True)
    assert first["parse_mode"] == "HTML"
    assert not {"message_thread_id", "disable_notification", "allow_paid_broadcast"} & second.keys()


async def test_paid_broadcast_is_asked_for_only_when_it_is_switched_on():
    async with scripted(lambda *_: message(-100)) as api, speaking(api.url, lane=Lane.BROADCAST) as bot:
        await TelegramMessenger(bot, paid=True).send(delivery())
    assert api.named("sendMessage")[0]["allow_paid_broadcast"] is True


@pytest.mark.parametrize(
    "refused",
    [
        refusal(403, "Forbidden: bot was blocked by the user"),
        refusal(403, "Forbidden: user is deactivated"),
        refusal(403, "Forbidden: bot was kicked from the supergroup chat"),
        refusal(403, "Forbidden: bot is not a member of the channel chat"),
        refusal(403, "Forbidden: the group chat was deleted"),
        refusal(400, "Bad Request: chat not found"),
        refusal(400, "Bad Request: not enough rights to send text messages to the chat"),
        refusal(400, "Bad Request: need administrator rights in the channel chat"),
    ],
)
async def test_a_chat_that_cannot_be_reached_is_gone_with_the_reason(refused):
    outcome = await outcome_after(refused)
    assert isinstance(outcome, Gone)
    assert refused["description"].split(": ")[1] in outcome.reason


@pytest.mark.parametrize("told", ["message thread not found", "TOPIC_CLOSED"])
async def test_a_topic_that_is_gone_ends_its_own_subscription_and_not_the_whole_chats(told):
    outcome = await outcome_after(refusal(400, f"Bad Request: {told}"))
    assert isinstance(outcome, Gone)
    assert outcome.topic_only
    assert told in outcome.reason


@pytest.mark.parametrize(("falls_back", "expected"), [(True, Sent(1)), (False, None)])
async def test_a_lost_topic_falls_back_to_the_chat_itself_where_that_was_chosen(falls_back, expected):
    def script(_method, fields):
        if fields.get("message_thread_id"):
            return refusal(400, "Bad Request: message thread not found")
        return message(-100)

    async with scripted(script) as api, speaking(api.url, lane=Lane.BROADCAST) as bot:
        wanted = replace(delivery(thread_id=7), falls_back=falls_back)
        outcome = await TelegramMessenger(bot).send(wanted)
    assert outcome == (expected or Gone("Bad Request: message thread not found", topic_only=True))


async def test_a_digest_is_pinned_and_the_one_before_unpinned(store):
    await store.subscriptions.put(daily(-100, pin=True), NOW)
    numbers = iter((11, 12))

    def script(method, _fields):
        return message(-100, next(numbers)) if method == "sendMessage" else result(True)

    async with scripted(script) as api, speaking(api.url, lane=Lane.BROADCAST) as bot:
        messenger = PinningMessenger(TelegramMessenger(bot), bot, store.subscriptions)
        for _ in range(2):
            await messenger.send(replace(delivery(), pin=True))
            await messenger.close()
        await messenger.send(delivery())
    assert [fields["message_id"] for fields in api.named("pinChatMessage")] == [11, 12]
    assert [fields["message_id"] for fields in api.named("unpinChatMessage")] == [11]


async def test_a_digest_that_cannot_be_pinned_was_sent_all_the_same(store):
    await store.subscriptions.put(daily(-100, pin=True), NOW)

    def script(method, _fields):
        return message(-100, 5) if method == "sendMessage" else refusal(400, "not enough rights")

    async with scripted(script) as api, speaking(api.url, lane=Lane.BROADCAST) as bot:
        messenger = PinningMessenger(TelegramMessenger(bot), bot, store.subscriptions)
        assert await messenger.send(replace(delivery(), pin=True)) == Sent(5)
        await messenger.close()


async def test_an_unknown_403_does_not_make_a_chat_gone():
    outcome = await outcome_after(refusal(403, "Forbidden: something new"))
    assert isinstance(outcome, Failed)
    assert not outcome.permanent


async def test_a_group_that_became_a_supergroup_has_moved():
    assert await outcome_after(refusal(400, "upgraded", migrate_to_chat_id=-1009)) == Moved(-1009)


async def test_a_429_is_for_later_by_as_much_as_telegram_says():
    outcome = await outcome_after(refusal(429, "Too Many Requests: retry after 17", retry_after=17))
    assert isinstance(outcome, Later)
    assert outcome.seconds == 17


@pytest.mark.parametrize("answer", [refusal(500, "Internal"), web.Response(status=502, text="bad gateway")])
async def test_a_server_in_trouble_is_for_later(answer):
    assert isinstance(await outcome_after(answer), Later)


async def test_a_server_that_is_not_there_is_for_later():
    async with speaking("http://127.0.0.1:9", lane=Lane.BROADCAST) as bot:
        assert isinstance(await TelegramMessenger(bot).send(delivery()), Later)


async def test_an_answer_that_cannot_be_read_leaves_the_outcome_unknown():
    assert isinstance(await outcome_after(web.Response(status=200, text="what?")), Unknown)


async def test_a_connection_that_drops_after_the_call_leaves_the_outcome_unknown():
    class Dropping(web.Response):
        async def prepare(self, request):
            request.transport.close()
            return await super().prepare(request)

    assert isinstance(await outcome_after(Dropping()), Unknown)


async def test_while_another_instance_owns_the_token_nothing_is_sent():
    async with scripted(lambda *_: message(-100)) as api, speaking(api.url, lane=Lane.BROADCAST) as bot:
        outcome = await TelegramMessenger(bot, held=lambda: "another instance is polling").send(delivery())
    assert isinstance(outcome, Later)
    assert outcome.reason == "another instance is polling"
    assert api.calls == []


async def test_another_400_fails_for_good():
    outcome = await outcome_after(refusal(400, "Bad Request: message text is empty"))
    assert isinstance(outcome, Failed)
    assert outcome.permanent


async def test_what_telegram_cannot_parse_goes_out_as_plain_text():
    def script(_method, fields):
        if "parse_mode" in fields:
            return refusal(400, "Bad Request: can't parse entities: unsupported start tag")
        return message(-100, 5)

    async with scripted(script) as api, speaking(api.url, parse_mode="HTML", lane=Lane.BROADCAST) as bot:
        assert await TelegramMessenger(bot).send(delivery()) == Sent(5)
    assert api.named("sendMessage")[-1]["text"] == "On this day\n\nOne & two"


async def test_a_long_post_comes_in_parts_and_counts_by_its_first():
    html = "".join(f"<p>{'word ' * 100}{number}</p>" for number in range(30))
    answers = iter(range(10, 100))
    async with (
        scripted(lambda *_: message(1, next(answers))) as api,
        speaking(api.url, lane=Lane.BROADCAST) as bot,
    ):
        assert await TelegramMessenger(bot).send(delivery(html)) == Sent(10)
    assert len(api.named("sendMessage")) > 1
