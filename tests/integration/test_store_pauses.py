"""Pauses that are over are found once, by the local day and not at night; on SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from digests.schedules import Cadence, Schedule
from digests.subscriptions import Address
from tests.integration.small_world import EVE, daily

UNTIL = date(2026, 6, 1)


def paused(at: time = time(9), zone: str = "Asia/Shanghai"):
    return replace(daily(-100), schedule=Schedule(Cadence.DAILY, at, zone), paused_until=UNTIL)


@pytest.mark.parametrize(
    ("subscription", "before", "after"),
    [
        (paused(), datetime(2026, 5, 31, 23, 59, tzinfo=UTC), datetime(2026, 6, 1, 0, 0, tzinfo=UTC)),
        (paused(time(6)), datetime(2026, 5, 31, 21, 59, tzinfo=UTC), datetime(2026, 5, 31, 22, tzinfo=UTC)),
        (
            paused(zone="America/New_York"),
            datetime(2026, 6, 1, 11, 59, tzinfo=UTC),
            datetime(2026, 6, 1, 12, tzinfo=UTC),
        ),
    ],
    ids=["in the morning", "with an early post", "in another zone"],
)
async def test_a_pause_ends_once_on_its_local_day(store, subscription, before, after):
    await store.subscriptions.put(subscription, EVE)
    assert await store.pauses.end(before) == ()
    assert [each.subscription.address for each in await store.pauses.end(after)] == [Address(-100)]
    assert await store.pauses.end(after) == ()
    kept = await store.subscriptions.get(Address(-100))
    assert kept.paused_until is None


async def test_an_end_that_could_not_be_told_is_given_out_again_and_keeps_no_post_back(store):
    await store.subscriptions.put(paused(), EVE)
    after = datetime(2026, 6, 1, 4, tzinfo=UTC)
    (ended,) = await store.pauses.end(after)
    await store.pauses.give_back(ended)
    assert await store.pauses.end(after) == (ended,)
    assert ended.until == UNTIL


async def test_the_pause_of_a_chat_that_unsubscribed_is_not_told(store):
    await store.subscriptions.put(paused(), EVE)
    await store.subscriptions.unsubscribe(Address(-100), EVE)
    assert await store.pauses.end(datetime(2026, 7, 1, tzinfo=UTC)) == ()


async def test_an_ended_pause_brings_nothing_that_fell_into_it(store):
    await store.subscriptions.put(paused(), EVE)
    await store.pauses.end(datetime(2026, 6, 1, 4, tzinfo=UTC))
    async with store._database.reading() as connection:
        eligible = (await connection.exec_driver_sql("SELECT eligible_from FROM subscriptions")).scalar_one()
    assert str(eligible).startswith("2026-05-31 15:59:59")
