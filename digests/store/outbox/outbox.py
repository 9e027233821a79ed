"""The outbox: deliveries are claimed, sent by somebody else, and updated with what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from cachetools import LRUCache
from markupsafe import Markup
from sqlalchemy import (
    Integer,
    Row,
    Select,
    and_,
    bindparam,
    select,
    true,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from digests.posts import QUIZ_MARK, Delivery, DeliveryState, DeliveryUpdate, Post, is_stale
from digests.questions import Question
from digests.store.chat_migration import move_chat
from digests.store.connections.database import Database
from digests.store.lease import Lease
from digests.store.outbox.enqueue import enqueue_quizzes
from digests.store.outbox.records import DeliveryRecords
from digests.store.outbox.writes import write_claims, write_updates
from digests.store.schema.columns import UtcDateTime
from digests.store.schema.tables import deliveries, post_facts, posts, schedules, subscriptions
from digests.store.subscriptions import GIVEN_UP, suspend_address, suspend_chat
from digests.subscriptions import Address, SubscriptionState

#: How many posts are kept at hand: a claim mostly has the same ones as the claim before it.
_POSTS = 64

#: In the order in which `_delivery` takes them apart; the last two are asked for by name.
_CLAIMED_COLUMNS = (
    *(deliveries.c[name] for name in ("id", "epoch", "attempts", "post_id", "due_at", "stale_at")),
    *(deliveries.c[name] for name in ("reason", "occasion")),
    *(subscriptions.c[name] for name in ("chat_id", "thread_id", "layout", "silent", "picture", "pin")),
    *(subscriptions.c[name] for name in ("falls_back", "theme")),
    schedules.c.timezone,
    posts.c.language,
    subscriptions.c.quiz,
    subscriptions.c.state.label("subscription_state"),
)
_CLAIMED: Select[Any] = (
    select(*_CLAIMED_COLUMNS)
    .join_from(deliveries, subscriptions)
    .join(schedules)
    .join(posts, posts.c.id == deliveries.c.post_id)
)
_MAY_BE_SENT = and_(
    deliveries.c.state == DeliveryState.PENDING,
    deliveries.c.not_before <= bindparam("now", type_=UtcDateTime),
)
_ANY_PENDING = select(deliveries.c.id).where(_MAY_BE_SENT).limit(1)
_OLDEST_PENDING = (
    _CLAIMED.where(_MAY_BE_SENT)
    .order_by(deliveries.c.not_before, deliveries.c.id)
    .limit(bindparam("limit", type_=Integer))
    .with_for_update(of=deliveries, skip_locked=True)
)
_GIVE_UP = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("b_id"))
    .values(state=GIVEN_UP, reason=bindparam("b_reason"), settled_at=bindparam("b_now"))
)


class Outbox(DeliveryRecords):
    """The deliveries of all subscriptions, for whoever sends them, and for people who ask."""

    def __init__(self, database: Database, lease: Lease) -> None:
        super().__init__(database)
        self._lease = lease
        self._posts: LRUCache[int, Post] = LRUCache(_POSTS)
        self._has_more = False

    async def claim(self, now: datetime, limit: int, lease_until: datetime) -> list[Delivery]:
        """Take up to *limit* pending deliveries for sending, committed when this returns.

        What got stale while it waited is put on record as skipped instead.

        Raises:
            LeaseLostError: another instance sends now.
        """
        if not self._has_more and not await self._has_pending(now):
            return []  # an idle sender looks often, and must not lock the database each time
        async with self._database.writing() as connection:
            await self._lease.require(connection)
            claimed: list[Delivery] = []
            self._has_more = True
            while self._has_more and not claimed:
                claimed = await self._claim(connection, now, limit, lease_until)
        return claimed

    async def _claim(
        self, connection: AsyncConnection, now: datetime, limit: int, lease_until: datetime
    ) -> list[Delivery]:
        rows = (await connection.execute(_OLDEST_PENDING, {"now": now, "limit": limit})).all()
        self._has_more = len(rows) == limit
        unwanted = {row.id: reason for row in rows if (reason := _why_unwanted(row, now))}
        if unwanted:
            ended = [{"b_id": key, "b_reason": reason, "b_now": now} for key, reason in unwanted.items()]
            await connection.execute(_GIVE_UP, ended)
        wanted = [row for row in rows if row.id not in unwanted]
        if wanted:
            await write_claims(connection, [row.id for row in wanted], lease_until)
        texts = await self._posts_of(connection, wanted)
        return [_delivery(row, texts, lease_until, more_claims=1) for row in wanted]

    async def _has_pending(self, now: datetime) -> bool:
        async with self._database.reading() as connection:
            return (await connection.execute(_ANY_PENDING, {"now": now})).first() is not None

    async def orphans(self, now: datetime, limit: int, *, everything: bool = False) -> list[Delivery]:
        """Claims whose lease is over, or *everything* claimed: nobody knows what became of them."""
        over = true() if everything else deliveries.c.lease_until <= now
        query = _CLAIMED.add_columns(deliveries.c.lease_until)
        query = query.where(deliveries.c.state == DeliveryState.SENDING, over).limit(limit)
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).all()
            texts = await self._posts_of(connection, rows)
        return [_delivery(row, texts, row.lease_until) for row in rows]

    async def recover(self, updates: Sequence[DeliveryUpdate]) -> None:
        """Write what follows for claims whose sender is gone: only who sends now may say so.

        Raises:
            LeaseLostError: another instance sends now, and these may be its own.
        """
        async with self._database.writing() as connection:
            await self._lease.require(connection)
            await write_updates(connection, updates)

    async def settle(self, updates: Sequence[DeliveryUpdate]) -> None:
        """Write what came of claims, in one transaction; chats that are gone or moved follow."""
        if not updates:
            return
        async with self._database.writing() as connection:
            await write_updates(connection, updates)
            if sent := [each.id for each in updates if each.quiz_follows]:
                await enqueue_quizzes(connection, sent, max(each.at for each in updates))
            for each in updates:
                if each.gone is not None:
                    await _suspend(connection, each, each.gone)
                if each.moved is not None:
                    await move_chat(connection, *each.moved)

    async def _posts_of(self, connection: AsyncConnection, rows: Sequence[Row[Any]]) -> dict[int, Post]:
        ids = {row.post_id for row in rows}
        missing = [post_id for post_id in ids if post_id not in self._posts]
        loaded = await _load_posts(connection, missing) if missing else {}
        self._posts.update(loaded)
        return loaded | {post_id: self._posts[post_id] for post_id in ids - loaded.keys()}


def _why_unwanted(row: Row[Any], now: datetime) -> str | None:
    """Why a delivery must not be sent any more; None when it may."""
    if row.subscription_state is not SubscriptionState.ACTIVE:
        return f"{row.subscription_state} meanwhile"
    if not row.quiz and _is_quiz(row.occasion):
        return "no quiz is wanted any more"
    return "stale when its turn came" if is_stale(row.stale_at, now) else None


def _is_quiz(occasion: str) -> bool:
    return occasion.startswith(QUIZ_MARK)


def _delivery(
    row: Row[Any], texts: Mapping[int, Post], lease_until: datetime, *, more_claims: int = 0
) -> Delivery:
    # taken apart at once: asking a row for each by its name takes half of a claim
    values: Any = row
    delivery_id, epoch, attempts, post_id, due_at, stale_at, reason, occasion, *to, _, _ = values[:20]
    chat_id, thread_id, layout, silent, picture, pin, falls_back, theme, timezone, language = to
    is_quiz = _is_quiz(occasion)
    return Delivery(
        id=delivery_id,
        epoch=epoch + more_claims,
        attempt=attempts + 1,
        address=Address(chat_id, thread_id),
        language=language,
        layout=layout,
        post_id=post_id,
        post=texts[post_id],
        silent=silent,
        picture=picture,
        pin=pin and not is_quiz,
        falls_back=falls_back,
        theme=theme,
        is_quiz=is_quiz,
        timezone=timezone,
        due_at=due_at,
        stale_at=stale_at,
        lease_until=lease_until,
        reason=reason,
    )


async def _load_posts(connection: AsyncConnection, ids: list[int]) -> dict[int, Post]:
    facts: dict[int, list[str]] = {post_id: [] for post_id in ids}
    query = select(post_facts).where(post_facts.c.post_id.in_(ids)).order_by(post_facts.c.position)
    for row in await connection.execute(query):
        facts[row.post_id].append(row.fact)
    rows = await connection.execute(select(posts).where(posts.c.id.in_(ids)))
    return {row.id: _post(row, tuple(facts[row.id])) for row in rows}


def _post(row: Row[Any], facts: tuple[str, ...]) -> Post:
    quiz = Question.from_json(row.quiz) if row.quiz else None
    return Post(row.kind, Markup(row.html), row.picture, facts, quiz)  # noqa: S704 - it was one


async def _suspend(connection: AsyncConnection, each: DeliveryUpdate, gone: Address) -> None:
    reason = each.reason or ""
    if each.topic_only:
        await suspend_address(connection, gone, reason, each.at)
    else:
        await suspend_chat(connection, gone.chat_id, reason, each.at)
