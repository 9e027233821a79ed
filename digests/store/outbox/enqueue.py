"""The statements that write a delivery for each subscriber of a post, whatever their number."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from digests.posts import QUIZ_MARK, Audience, DeliveryState, Post, PostKind
from digests.schedules import Cadence, Occasion
from digests.store.connections.database import Insert, insert
from digests.store.schema.tables import deliveries, post_facts, posts, schedules, subscriptions
from digests.subscriptions import Address, SubscriptionState
from digests.text import Language

_KEY = ("subscription_id", "occasion", "repeat")

#: What a delivery that did not arrive takes over when it is queued again.
_RENEWED = ("post_id", "state", "due_at", "not_before", "stale_at", "reason", "settled_at", "attempts")

#: What a quiz has in common with the digest that it follows.
_OF_ITS_DIGEST = ("subscription_id", "repeat", "post_id", "due_at", "stale_at")

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
    statement = _insert(connection, entry, literal(0))
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
    return await _count(connection, _insert(connection, entry, repeat, ~on_its_way))


async def enqueue_quizzes(connection: AsyncConnection, sent: Sequence[int], now: datetime) -> None:
    """Write a delivery of the quiz for each of some deliveries that is on record as sent, once.

    A quiz keeps the post, the due instant and the staleness of its digest.
    """
    of_digest: dict[str, ColumnElement[Any]] = {name: deliveries.c[name] for name in _OF_ITS_DIGEST}
    anew = {"state": DeliveryState.PENDING, "not_before": now, "reason": None, "settled_at": None}
    columns = of_digest | _literals({**anew, "attempts": 0})
    columns["occasion"] = literal(QUIZ_MARK) + deliveries.c.occasion
    arrived = and_(deliveries.c.id.in_(sent), deliveries.c.state == DeliveryState.SENT)
    rows = select(*columns.values()).where(arrived)
    statement = insert(connection, deliveries).from_select(list(columns), rows)
    await connection.execute(statement.on_conflict_do_nothing())


async def count_wanting(connection: AsyncConnection, entry: Entry) -> int:
    """How many subscribers an entry is for, whether or not they have it."""
    query = select(func.count()).select_from(subscriptions).where(_wanting(entry))
    return (await connection.execute(query)).scalar_one()


async def _count(connection: AsyncConnection, statement: Insert) -> int:
    result = await connection.execute(statement, execution_options={"preserve_rowcount": True})
    return result.rowcount


def _insert(
    connection: AsyncConnection, entry: Entry, repeat: ColumnElement[int], *conditions: ColumnElement[bool]
) -> Insert:
    """The statement that writes a delivery for each subscriber of an entry."""
    values = _literals(_values(entry))
    rows = select(subscriptions.c.id, repeat, *values.values()).where(_wanting(entry), *conditions)
    return insert(connection, deliveries).from_select(["subscription_id", "repeat", *values], rows)


def _literals(values: Mapping[str, Any]) -> dict[str, ColumnElement[Any]]:
    """Values of columns of a delivery, by their names."""
    return {name: literal(value, deliveries.c[name].type) for name, value in values.items()}


def _values(entry: Entry) -> dict[str, Any]:
    is_skipped = entry.skipped_at is not None
    return {
        "post_id": entry.post_id,
        "occasion": entry.occasion.key,
        "state": DeliveryState.SKIPPED if is_skipped else DeliveryState.PENDING,
        "due_at": entry.due_at,
        "not_before": entry.due_at,
        "stale_at": entry.stale_at,
        "reason": "stale when it was planned" if is_skipped else None,
        "settled_at": entry.skipped_at,
        "attempts": 0,
    }


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
