from __future__ import annotations

from datetime import timedelta

from digests.delivery.planner import Planner
from digests.delivery.sender import Sender
from digests.posts import DeliveryState
from digests.store.chats import Forgotten
from digests.subscriptions import Address, ChatSettings, Layout, SubscriptionState, Theme
from digests.text import Language
from tests.integration.small_world import DAY, EVE, MORNING, Composer, Postman, daily, planned, state_of


async def test_a_chat_that_was_never_met_has_no_settings(store):
    assert await store.chats.get(1) is None


async def test_what_a_chat_chose_stays_when_its_title_changes(store):
    await store.chats.set_language(1, Language.EN)
    await store.chats.set_layout(1, Layout.RICH)
    await store.chats.remember(1, "channel", "Trade")
    await store.chats.remember(1, "channel", "Trade news")
    assert await store.chats.get(1) == ChatSettings(1, "channel", "Trade news", Language.EN, Layout.RICH)


async def test_the_language_of_a_chat_is_that_of_its_subscriptions_too(store):
    await store.subscriptions.put(daily(1), EVE)
    await store.chats.set_language(1, Language.EN)
    assert (await store.subscriptions.get(Address(1))).language is Language.EN


async def test_the_theme_of_a_chat_is_that_of_its_subscriptions_too_and_moves_with_it(store):
    await store.subscriptions.put(daily(-1), EVE)
    await store.chats.set_theme(-1, Theme.DARK)
    await store.chats.move(-1, -2)
    assert (await store.chats.get(-2)).theme is Theme.DARK
    assert (await store.subscriptions.get(Address(-2))).theme is Theme.DARK
    await store.chats.set_theme(-2, None)
    assert (await store.subscriptions.get(Address(-2))).theme is None


async def test_the_layout_of_a_chat_is_that_of_its_subscriptions_too(store):
    await store.subscriptions.put(daily(1), EVE)
    await store.chats.set_layout(1, Layout.RICH)
    assert (await store.subscriptions.get(Address(1))).layout is Layout.RICH


async def test_a_moved_chat_keeps_its_settings_subscription_and_history(store):
    await planned(store, daily(-5, silent=True))
    await Sender(store, Postman(), lambda: MORNING).drain(MORNING)
    await store.chats.set_language(-5, Language.ZH)
    await store.chats.move(-5, -1005)
    assert await store.chats.get(-5) is None
    assert (await store.chats.get(-1005)).language is Language.ZH
    assert (await store.subscriptions.get(Address(-1005))).silent
    assert await state_of(store, -1005) is DeliveryState.SENT


async def test_a_move_that_is_told_twice_or_to_itself_changes_nothing_more(store):
    await store.subscriptions.put(daily(-5), EVE)
    await store.chats.move(-5, -1005)
    before = await store.subscriptions.get(Address(-1005))
    await store.chats.move(-5, -1005)
    await store.chats.move(-1005, -1005)
    assert await store.subscriptions.get(Address(-1005)) == before


async def test_merged_chats_have_one_subscription_with_the_settings_that_were_chosen_last(store):
    await store.subscriptions.put(daily(-5, silent=True), EVE)
    await store.subscriptions.put(daily(-1005, silent=False), EVE + timedelta(minutes=1))
    await store.chats.move(-5, -1005)
    assert await store.subscriptions.count() == 1
    assert not (await store.subscriptions.get(Address(-1005))).silent


async def test_an_active_subscription_wins_over_one_that_was_stopped_later(store):
    await store.subscriptions.put(daily(-5, silent=True), EVE)
    await store.subscriptions.put(daily(-1005), EVE)
    await store.subscriptions.unsubscribe(Address(-1005), EVE + timedelta(minutes=1))
    await store.chats.move(-5, -1005)
    merged = await store.subscriptions.get(Address(-1005))
    assert (merged.state, merged.silent) == (SubscriptionState.ACTIVE, True)


async def test_merged_chats_get_nothing_that_either_of_them_got(store):
    await planned(store, daily(-5))
    await Sender(store, Postman(), lambda: MORNING).drain(MORNING)
    await store.subscriptions.put(daily(-1005), EVE)
    await store.chats.move(-5, -1005)
    assert (await Planner(store, Composer()).publish(DAY, MORNING)).already == 1


async def test_a_merged_chat_fills_what_it_never_chose(store):
    await store.chats.set_language(-5, Language.EN)
    await store.chats.set_layout(-5, Layout.RICH)
    await store.chats.set_language(-1005, Language.ZH)
    await store.chats.move(-5, -1005)
    merged = await store.chats.get(-1005)
    assert (merged.language, merged.layout) == (Language.ZH, Layout.RICH)


async def test_a_forgotten_chat_leaves_nothing_behind(store):
    await planned(store, daily(1), daily(2))
    await store.chats.remember(1, "private", "Li")
    assert await store.chats.forget(1) == Forgotten(chats=1, subscriptions=1, deliveries=1)
    assert await store.chats.get(1) is None
    assert await store.subscriptions.get(Address(1)) is None
    assert [record.address.chat_id for record in await store.outbox.list()] == [2]


async def test_a_file_id_belongs_to_one_bot_and_can_be_dropped(store):
    await store.files.put(7, "card:1", "old")
    await store.files.put(7, "card:1", "new")
    assert await store.files.get(7, "card:1") == "new"
    assert await store.files.get(8, "card:1") is None
    await store.files.drop(7, "card:1")
    assert await store.files.get(7, "card:1") is None


async def test_many_chats_are_looked_up_together(store):
    for chat_id in (1, 5, 250):
        await store.chats.set_language(chat_id, Language.EN)

    found = await store.chats.get_all(range(1, 300))

    assert set(found) == {1, 5, 250}
    assert {settings.language for settings in found.values()} == {Language.EN}
    assert await store.chats.get_all([]) == {}
