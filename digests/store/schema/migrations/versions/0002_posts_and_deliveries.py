"""Posts, the facts in them, and their deliveries.

Revision ID: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_posts()
    _create_deliveries()
    _index_deliveries("ix_deliveries_pending", ["not_before", "id"], "pending")
    _index_deliveries("ix_deliveries_sending", ["lease_until"], "sending")


def downgrade() -> None:
    for table in ("deliveries", "post_facts", "posts"):
        op.drop_table(table)


def _create_posts() -> None:
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("occasion", sa.String(20), nullable=False),
        sa.Column("language", sa.String(20), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("html", sa.Text, nullable=False),
        sa.Column("picture", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_posts"),
        sa.UniqueConstraint(
            "occasion", "language", "fingerprint", name="uq_posts_occasion_language_fingerprint"
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "post_facts",
        sa.Column("post_id", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("fact", sa.String(80), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_post_facts_post_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id", "position", name="pk_post_facts"),
    )
    op.create_index("ix_post_facts_fact", "post_facts", ["fact"])


def _create_deliveries() -> None:
    subscription, key = ["subscription_id"], ("subscription_id", "occasion", "repeat")
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("subscription_id", sa.Integer, nullable=False),
        sa.Column("occasion", sa.String(20), nullable=False),
        sa.Column("repeat", sa.Integer, server_default="0", nullable=False),
        sa.Column("post_id", sa.Integer, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stale_at", sa.DateTime(timezone=True)),
        sa.Column("epoch", sa.Integer, server_default="0", nullable=False),
        sa.Column("attempts", sa.Integer, server_default="0", nullable=False),
        sa.Column("unknowns", sa.Integer, server_default="0", nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("reason", sa.Text),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_deliveries_post_id"),
        sa.ForeignKeyConstraint(
            subscription, ["subscriptions.id"], name="fk_deliveries_subscription_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.UniqueConstraint(*key, name="uq_deliveries_subscription_id_occasion_repeat"),
    )


def _index_deliveries(name: str, columns: list[str], state: str) -> None:
    only = sa.text(f"state = '{state}'")
    op.create_index(name, "deliveries", columns, sqlite_where=only, postgresql_where=only)
