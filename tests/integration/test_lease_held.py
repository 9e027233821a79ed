"""The lease as the database keeps it: whose it is, for how long, and since when it is free."""

from __future__ import annotations

import pytest

from digests.store import Store
from digests.store.lease import LeaseLostError


@pytest.fixture
async def other(database_url):
    """A second instance on the same database."""
    opened = await Store.open(database_url)
    yield opened
    await opened.close()


async def test_who_holds_the_lease_keeps_its_epoch_and_a_new_holder_gets_the_next(store, other):
    assert await store.lease.take(60)
    assert await store.lease.take(60)
    assert store.lease.epoch == 1
    await store.lease.give_up()
    assert await other.lease.take(60)
    assert other.lease.epoch == 2
    await other.lease.give_up()
    assert await store.lease.take(60)
    assert store.lease.epoch == 3


async def test_a_renewal_counts_from_now_on(store, other):
    assert await store.lease.take(0)
    assert await store.lease.take(60)
    assert not await other.lease.take(60)


async def test_the_holder_is_held_by_nobody_else_and_others_see_it(store, other):
    assert not await store.lease.is_held()
    await store.lease.take(60)
    assert not await store.lease.is_held()
    assert await other.lease.is_held()
    await store.lease.give_up()
    assert not await other.lease.is_held()


async def test_only_the_holder_gives_the_lease_up_but_anybody_may_free_it(store, other):
    await store.lease.take(60)
    await other.lease.give_up()
    assert not await other.lease.take(60)
    await other.lease.free()
    assert await other.lease.take(60)


async def test_the_time_without_a_holder_is_counted_from_the_end_of_the_last_one(store):
    assert await store.lease.free_for() == 0
    await store.lease.take(60)
    assert await store.lease.free_for() == 0
    await store.lease.take(-100)
    assert 100 <= await store.lease.free_for() < 130
    await store.lease.free()
    assert await store.lease.free_for() == 0  # given up, not run out


async def test_who_lost_the_lease_may_write_nothing_and_who_never_had_one_is_alone(store, other):
    async with other._database.writing() as connection:
        await other.lease.require(connection)
    await store.lease.take(0)
    async with store._database.writing() as connection:
        await store.lease.require(connection)
    await other.lease.take(60)
    async with other._database.writing() as connection:
        await other.lease.require(connection)
    with pytest.raises(LeaseLostError, match="another instance plans and sends now"):
        async with store._database.writing() as connection:
            await store.lease.require(connection)


async def test_each_instance_has_a_name_of_its_own(store, other):
    assert store.lease.holder != other.lease.holder
    assert len(store.lease.holder) <= 69
