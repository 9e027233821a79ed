"""Chats, schedules, subscriptions and uploaded files.

Revision ID: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_chats()
    _create_schedules()
    _create_subscriptions()
    op.create_table(
        "files",
        sa.Column("bot_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("file_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "key", name="pk_files"),
    )


def downgrade() -> None:
    for table in ("files", "subscriptions", "schedules", "chats"):
        op.drop_table(table)


def _create_chats() -> None:
    op.create_table(
        "chats",
        sa.Column("chat_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(20), server_default="", nullable=False),
        sa.Column("title", sa.Text, server_default="", nullable=False),
        sa.Column("language", sa.String(20)),
        sa.Column("layout", sa.String(20)),
        sa.PrimaryKeyConstraint("chat_id", name="pk_chats"),
    )


def _create_schedules() -> None:
    key = ("cadence", "at", "timezone", "weekday")
    op.create_table(
        "schedules",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("cadence", sa.String(20), nullable=False),
        sa.Column("at", sa.String(5), nullable=False),
        sa.Column("timezone", sa.String(64), nullable=False),
        sa.Column("weekday", sa.Integer, nullable=False),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_schedules"),
        sa.UniqueConstraint(*key, name="uq_schedules_cadence_at_timezone_weekday"),
    )
    op.create_index("ix_schedules_next_due_at", "schedules", ["next_due_at"])


def _create_subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("thread_id", sa.BigInteger, server_default="0", nullable=False),
        sa.Column("schedule_id", sa.Integer, nullable=False),
        sa.Column("language", sa.String(20), nullable=False),
        sa.Column("layout", sa.String(20), nullable=False),
        sa.Column("silent", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("picture", sa.Boolean, server_default=sa.true(), nullable=False),
        sa.Column("figure_on_empty_days", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("paused_until", sa.Date),
        sa.Column("subscribed_by", sa.BigInteger),
        sa.Column("eligible_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["schedule_id"], ["schedules.id"], name="fk_subscriptions_schedule_id"),
        sa.PrimaryKeyConstraint("id", name="pk_subscriptions"),
        sa.UniqueConstraint("chat_id", "thread_id", name="uq_subscriptions_chat_id_thread_id"),
    )
    who = ["schedule_id", "state", "language"]
    op.create_index("ix_subscriptions_schedule_id_state_language", "subscriptions", who)
