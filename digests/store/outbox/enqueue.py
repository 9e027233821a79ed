"""The statements that write a delivery for each subscriber of a post, whatever their number."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from digests.posts import QUIZ_MARK, Audience, DeliveryState, Post, PostKind
from digests.schedules import Cadence, Occasion
from digests.store.connections.database import Insert, insert
from digests.store.schema.columns import UtcDateTime, Word
from digests.store.schema.tables import deliveries, post_facts, posts, schedules, subscriptions
from digests.subscriptions import Address, SubscriptionState
from digests.text import Language

_KEY = ("subscription_id", "occasion", "repeat")

#: What a delivery that did not arrive takes over when it is queued again.
_RENEWED = ("post_id", "state", "due_at", "not_before", "stale_at", "reason", "settled_at", "attempts")

_ON_ITS_WAY = (DeliveryState.PENDING, DeliveryState.SENDING)
_UNSENT = (DeliveryState.SKIPPED, DeliveryState.FAILED, DeliveryState.GONE)


@dataclass(frozen=True, slots=True)
class Entry:
    """A post, and for whom: the subscribers of a schedule, of a cadence, or one address.

    The ``audiences`` differ in what they are narrowed to only: one statement writes for all of them.

    With ``schedule_id`` it is planned: only who subscribed before ``due_at`` gets it. Without, it
    is published: everybody of the cadence does who is not paused on the day that it is there, by the
    zones of each of the ``local_days``. With ``skipped_at`` it is only put on record.
    """

    occasion: Occasion
    audiences: tuple[Audience, ...]
    kind: PostKind
    post_id: int
    due_at: datetime
    stale_at: datetime | None = None
    schedule_id: int | None = None
    skipped_at: datetime | None = None
    address: Address | None = None
    local_days: Mapping[date, Sequence[str]] = field(default_factory=dict)


async def local_days(connection: AsyncConnection, at: datetime) -> dict[date, list[str]]:
    """The zones of all schedules, by the day that it is there at an instant."""
    days: dict[date, list[str]] = {}
    for zone in await connection.scalars(select(schedules.c.timezone).distinct()):
        days.setdefault(at.astimezone(ZoneInfo(zone)).date(), []).append(zone)
    return days


async def save_post(connection: AsyncConnection, occasion: Occasion, language: Language, post: Post) -> int:
    """Write a post once; the same content of the same occasion keeps its id."""
    key = {"occasion": occasion.key, "language": language, "fingerprint": _fingerprint(post)}
    content = {"kind": post.kind, "html": post.html, "picture": post.picture}
    content |= {"quiz": post.quiz.to_json()} if post.quiz else {}
    same = and_(*(posts.c[name] == value for name, value in key.items()))
    query = select(posts.c.id).where(same)
    known: int | None = await connection.scalar(query)
    if known is not None:
        return known
    new = insert(connection, posts).values(**key, **content).on_conflict_do_nothing()
    post_id: int | None = await connection.scalar(new.returning(posts.c.id))
    if post_id is None:  # somebody else wrote it just now
        return int((await connection.execute(query)).scalar_one())
    facts = [{"post_id": post_id, "position": n, "fact": fact} for n, fact in enumerate(post.facts)]
    if facts:
        await connection.execute(insert(connection, post_facts), facts)
    return post_id


async def enqueue(connection: AsyncConnection, entry: Entry) -> int:
    """Write a delivery for each subscriber who has none of this occasion; how many.

    One that was skipped is renewed when the occasion falls due once more, since nothing was sent;
    publishing also renews what failed.
    """
    statement = insert(connection, deliveries).from_select(_columns(), _rows(entry, literal(0)))
    excluded = statement.excluded
    renewable: ColumnElement[bool] = and_(
        deliveries.c.state == DeliveryState.SKIPPED, deliveries.c.due_at < excluded.due_at
    )
    if entry.schedule_id is None:
        renewable = deliveries.c.state.in_(_UNSENT)
    return await _count(
        connection,
        statement.on_conflict_do_update(
            index_elements=_KEY, set_={name: excluded[name] for name in _RENEWED}, where=renewable
        ),
    )


async def enqueue_again(connection: AsyncConnection, entry: Entry) -> int:
    """Write one more delivery for each subscriber, unless one of this occasion is on its way; how many."""
    earlier = deliveries.alias("earlier")
    same = and_(earlier.c.subscription_id == subscriptions.c.id, earlier.c.occasion == entry.occasion.key)
    on_its_way = select(earlier.c.id).where(same, earlier.c.state.in_(_ON_ITS_WAY)).exists()
    repeat = select(func.coalesce(func.max(earlier.c.repeat) + 1, 0)).where(same).scalar_subquery()
    rows = _rows(entry, repeat).where(~on_its_way)
    return await _count(connection, insert(connection, deliveries).from_select(_columns(), rows))


async def enqueue_quizzes(connection: AsyncConnection, sent: Sequence[int], now: datetime) -> None:
    """Write a delivery of the quiz for each of some deliveries that is on record as sent, once.

    A quiz keeps the post, the due instant and the staleness of its digest.
    """
    follows: dict[str, ColumnElement[Any]] = {
        "occasion": literal(QUIZ_MARK) + deliveries.c.occasion,
        "state": literal(DeliveryState.PENDING, Word(DeliveryState)),
        "not_before": literal(now, UtcDateTime),
        "reason": literal(None, deliveries.c.reason.type),
        "settled_at": literal(None, UtcDateTime),
        "attempts": literal(0),
    }
    columns: list[ColumnElement[Any]] = [follows.get(name, deliveries.c[name]) for name in _columns()]
    arrived = and_(deliveries.c.id.in_(sent), deliveries.c.state == DeliveryState.SENT)
    rows = select(*columns).where(arrived)
    await connection.execute(
        insert(connection, deliveries).from_select(_columns(), rows).on_conflict_do_nothing()
    )


async def count_wanting(connection: AsyncConnection, entry: Entry) -> int:
    """How many subscribers an entry is for, whether or not they have it."""
    query = select(func.count()).select_from(subscriptions).where(_wanting(entry))
    return (await connection.execute(query)).scalar_one()


async def _count(connection: AsyncConnection, statement: Insert) -> int:
    result = await connection.execute(statement, execution_options={"preserve_rowcount": True})
    return result.rowcount


def _values(entry: Entry) -> Iterator[tuple[str, ColumnElement[Any]]]:
    is_skipped = entry.skipped_at is not None
    state = DeliveryState.SKIPPED if is_skipped else DeliveryState.PENDING
    yield "post_id", literal(entry.post_id)
    yield "occasion", literal(entry.occasion.key)
    yield "state", literal(state, Word(DeliveryState))
    yield "due_at", literal(entry.due_at, UtcDateTime)
    yield "not_before", literal(entry.due_at, UtcDateTime)
    yield "stale_at", literal(entry.stale_at, UtcDateTime)
    yield "reason", literal("stale when it was planned" if is_skipped else None, deliveries.c.reason.type)
    yield "settled_at", literal(entry.skipped_at, UtcDateTime)
    yield "attempts", literal(0)


def _columns() -> list[str]:
    return [
        "subscription_id", "repeat", "post_id", "occasion", "state", "due_at", "not_before", "stale_at",
        "reason", "settled_at", "attempts",
    ]  # fmt: skip


def _rows(entry: Entry, repeat: ColumnElement[int]) -> Select[Any]:
    values = (value for _, value in _values(entry))
    return select(subscriptions.c.id, repeat, *values).where(_wanting(entry))


def _wanting(entry: Entry) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [
        subscriptions.c.state == SubscriptionState.ACTIVE,
        subscriptions.c.language == entry.audiences[0].language,
        subscriptions.c.reports == entry.audiences[0].reports,
        subscriptions.c.quiz.is_(entry.audiences[0].quiz),
        subscriptions.c.only.in_([audience.only for audience in entry.audiences]),
    ]
    if entry.kind is PostKind.FIGURE:
        conditions.append(subscriptions.c.figure_on_empty_days)
    if entry.schedule_id is None:
        return and_(*conditions, *_published_to(entry))
    return and_(
        *conditions,
        subscriptions.c.schedule_id == entry.schedule_id,
        subscriptions.c.eligible_from < entry.due_at,
        or_(subscriptions.c.paused_until.is_(None), subscriptions.c.paused_until <= entry.occasion.first_day),
    )


def _published_to(entry: Entry) -> Iterator[ColumnElement[bool]]:
    resumed = [
        and_(
            subscriptions.c.paused_until <= day,
            subscriptions.c.schedule_id.in_(select(schedules.c.id).where(schedules.c.timezone.in_(zones))),
        )
        for day, zones in entry.local_days.items()
    ]
    yield or_(subscriptions.c.paused_until.is_(None), *resumed)
    schedule = schedules.c.cadence == entry.occasion.cadence
    if entry.occasion.cadence is Cadence.WEEKLY:
        schedule &= schedules.c.weekday == entry.occasion.first_day.weekday()
    yield subscriptions.c.schedule_id.in_(select(schedules.c.id).where(schedule))
    if entry.address is not None:
        yield subscriptions.c.chat_id == entry.address.chat_id
        yield subscriptions.c.thread_id == entry.address.thread_id


def _fingerprint(post: Post) -> str:
    quiz = [post.quiz.to_json()] if post.quiz else []
    content = json.dumps([post.kind, post.html, post.picture, post.facts, *quiz], ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()
