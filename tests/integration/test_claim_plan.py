"""How PostgreSQL finds what is claimed."""

from __future__ import annotations

from digests.delivery.planner import Planner
from digests.store import Store
from digests.store.outbox.outbox import _OLDEST_PENDING
from tests.integration.small_world import EVE, MORNING, Composer, daily

SUBSCRIBERS = 5000


async def plan_of_claim(store: Store) -> str:
    """What the server would do for a claim of 25."""
    async with store._database.writing() as connection:
        query = _OLDEST_PENDING.compile(dialect=connection.dialect)
        given = query.construct_params({"now": MORNING, "limit": 25})
        values = tuple(given[name] for name in query.positiontup or ())
        rows = await connection.exec_driver_sql(f"EXPLAIN {query}", values)
        return "\n".join(row[0] for row in rows)


async def test_a_claim_reads_what_it_takes_and_not_all_that_waits(postgresql_url: str) -> None:
    store = await Store.open(postgresql_url)
    await store.subscriptions.put_all([daily(chat_id) for chat_id in range(SUBSCRIBERS)], EVE)
    await Planner(store, Composer()).plan(MORNING)  # just now: the server has no statistics of it yet
    plan = await plan_of_claim(store)
    await store.close()
    assert "ix_deliveries_pending" in plan
    assert "Sort" not in plan
