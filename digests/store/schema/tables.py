"""The tables of what changes while the bot runs: chats, subscriptions, posts and deliveries."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)

from digests.posts import DeliveryState, PostKind
from digests.schedules import Cadence
from digests.store.schema.columns import ClockTime, Names, UtcDateTime, Word
from digests.subscription_settings import CHOICES, NARROWING, SWITCHES
from digests.subscriptions import SubscriptionState
from digests.text import Language

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

chats = Table(
    "chats",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(20), nullable=False, server_default=""),
    Column("title", Text, nullable=False, server_default=""),
    Column("language", Word(Language)),
    *(Column(each.name, Word(each.kind)) for each in CHOICES),
)

schedules = Table(
    "schedules",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("cadence", Word(Cadence), nullable=False),
    Column("at", ClockTime, nullable=False),
    Column("timezone", String(64), nullable=False),
    Column("weekday", Integer, nullable=False),
    Column("next_due_at", UtcDateTime, nullable=False, index=True),
    UniqueConstraint("cadence", "at", "timezone", "weekday"),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger, nullable=False, server_default="0"),
    Column("schedule_id", ForeignKey(schedules.c.id), nullable=False),
    Column("language", Word(Language), nullable=False),
    *(Column(each.name, Word(each.kind), nullable=each.is_optional) for each in CHOICES),
    *(
        Column(each.name, Boolean, nullable=False, server_default=true() if each.default else false())
        for each in SWITCHES
    ),
    Column("reports", Names, nullable=False, server_default=""),
    Column(NARROWING.name, Names, nullable=False, server_default=""),
    Column("pinned_message_id", BigInteger),
    Column("state", Word(SubscriptionState), nullable=False),
    Column("reason", Text),
    Column("is_told", Boolean, nullable=False, server_default=true()),
    Column("told_failure_id", Integer, nullable=False, server_default="0"),
    Column("paused_until", Date),
    Column("subscribed_by", BigInteger),
    Column("eligible_from", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    UniqueConstraint("chat_id", "thread_id"),
    Index(None, "schedule_id", "state", "language"),
    Index(None, "subscribed_by"),
)

posts = Table(
    "posts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("occasion", String(20), nullable=False),
    Column("language", Word(Language), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("kind", Word(PostKind), nullable=False),
    Column("html", Text, nullable=False),
    Column("picture", Text),
    Column("quiz", Text),
    UniqueConstraint("occasion", "language", "fingerprint"),
    sqlite_autoincrement=True,  # whoever remembers a post by its id must never find another one there
)

post_facts = Table(
    "post_facts",
    metadata,
    Column("post_id", ForeignKey(posts.c.id, ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("fact", String(80), nullable=False, index=True),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subscription_id", ForeignKey(subscriptions.c.id, ondelete="CASCADE"), nullable=False),
    Column("occasion", String(20), nullable=False),
    Column("repeat", Integer, nullable=False, server_default="0"),
    Column("post_id", ForeignKey(posts.c.id), nullable=False),
    Column("state", Word(DeliveryState), nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("not_before", UtcDateTime, nullable=False),
    Column("stale_at", UtcDateTime),
    Column("epoch", Integer, nullable=False, server_default="0"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("unknowns", Integer, nullable=False, server_default="0"),
    Column("lease_until", UtcDateTime),
    Column("message_id", BigInteger),
    Column("reason", Text),
    Column("settled_at", UtcDateTime),
    UniqueConstraint("subscription_id", "occasion", "repeat"),
)

# what waits and what is in flight are found without reading what is done
_WAITING = text("state = 'pending'")
_REFUSED = text("state = 'failed'")
_IN_FLIGHT = text("state = 'sending'")
Index(
    "ix_deliveries_pending",
    deliveries.c.not_before,
    deliveries.c.id,
    sqlite_where=_WAITING,
    postgresql_where=_WAITING,
)
Index(
    "ix_deliveries_sending",
    deliveries.c.lease_until,
    sqlite_where=_IN_FLIGHT,
    postgresql_where=_IN_FLIGHT,
)

Index(
    "ix_deliveries_failed",
    deliveries.c.id,
    sqlite_where=_REFUSED,
    postgresql_where=_REFUSED,
)

# what ended is pruned, and counted for a time, without reading the rest
_ENDED = text("settled_at IS NOT NULL")
Index(
    "ix_deliveries_settled_at_state",
    deliveries.c.settled_at,
    deliveries.c.state,
    sqlite_where=_ENDED,
    postgresql_where=_ENDED,
)

leases = Table(
    "leases",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("holder", String(80), nullable=False),
    Column("epoch", Integer, nullable=False),  # grows whenever another instance takes it
    Column("until", Double, nullable=False),  # seconds since 1970 by the clock of the database
)

operator_acts = Table(
    "operator_acts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(80), nullable=False),  # the id of a user, or who else it was
    Column("act", String(20), nullable=False),
    Column("detail", Text, nullable=False),
)

files = Table(
    "files",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    Column("key", String(200), primary_key=True),
    Column("file_id", Text, nullable=False),
)

held_updates = Table(
    "held_updates",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("content", Text),  # JSON; none while the server keeps the update itself
    Column("begun", Integer, nullable=False, server_default="0"),  # how often its handling began
    Column("held_at", UtcDateTime, nullable=False, index=True),
)
