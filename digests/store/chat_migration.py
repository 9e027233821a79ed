"""Giving a chat another id: what both ids have is merged, so that nothing is told twice."""

from __future__ import annotations

from sqlalchemy import Row, delete, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digests.store.schema.tables import chats, deliveries, subscriptions
from digests.subscriptions import SubscriptionState

#: What a subscription keeps when another one is merged into it.
_IDENTITY = frozenset({"id", "chat_id", "thread_id"})


async def move_chat(connection: AsyncConnection, old: int, new: int) -> None:
    """Change a chat's id everywhere; where the new id has its own, the two become one."""
    if old == new:
        return
    await _move_settings(connection, old, new)
    rows = await connection.execute(select(subscriptions).where(subscriptions.c.chat_id == old))
    for moved in rows.all():
        await _move_subscription(connection, moved, new)


async def _move_settings(connection: AsyncConnection, old: int, new: int) -> None:
    found = await connection.execute(select(chats).where(chats.c.chat_id.in_([old, new])))
    by_id = {row.chat_id: row for row in found}
    if old not in by_id:
        return
    if new not in by_id:
        await connection.execute(update(chats).where(chats.c.chat_id == old).values(chat_id=new))
        return
    kept = {
        "language": by_id[new].language or by_id[old].language,
        "layout": by_id[new].layout or by_id[old].layout,
        "theme": by_id[new].theme or by_id[old].theme,
    }
    await connection.execute(update(chats).where(chats.c.chat_id == new).values(**kept))
    await connection.execute(delete(chats).where(chats.c.chat_id == old))


async def _move_subscription(connection: AsyncConnection, moved: Row[tuple[object, ...]], new: int) -> None:
    there = select(subscriptions).where(
        subscriptions.c.chat_id == new, subscriptions.c.thread_id == moved.thread_id
    )
    existing = (await connection.execute(there)).one_or_none()
    if existing is None:
        statement = update(subscriptions).where(subscriptions.c.id == moved.id).values(chat_id=new)
        await connection.execute(statement)
        return
    await _move_deliveries(connection, moved.id, existing.id)
    await connection.execute(delete(subscriptions).where(subscriptions.c.id == moved.id))
    if _is_preferred(moved, existing):
        settings = {key: value for key, value in moved._mapping.items() if key not in _IDENTITY}  # noqa: SLF001 - SQLAlchemy's public name
        statement = update(subscriptions).where(subscriptions.c.id == existing.id).values(settings)
        await connection.execute(statement)


async def _move_deliveries(connection: AsyncConnection, source: int, target: int) -> None:
    key = tuple_(deliveries.c.occasion, deliveries.c.repeat)
    there = select(deliveries.c.occasion, deliveries.c.repeat).where(deliveries.c.subscription_id == target)
    statement = (
        update(deliveries)
        .where(deliveries.c.subscription_id == source, key.not_in(there))
        .values(subscription_id=target)
    )
    await connection.execute(statement)
    await connection.execute(delete(deliveries).where(deliveries.c.subscription_id == source))


def _is_preferred(moved: Row[tuple[object, ...]], existing: Row[tuple[object, ...]]) -> bool:
    is_active = moved.state is SubscriptionState.ACTIVE, existing.state is SubscriptionState.ACTIVE
    return is_active[0] if is_active[0] != is_active[1] else moved.changed_at > existing.changed_at
