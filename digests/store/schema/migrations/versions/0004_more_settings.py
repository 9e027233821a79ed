"""Pinning, reports followed, what a lost topic falls back to, and what subscribers were told.

Revision ID: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_COLUMNS = ("pin", "falls_back", "reports", "pinned_message_id", "is_told", "told_failure_id")


def upgrade() -> None:
    _add(sa.Column("pin", sa.Boolean, server_default=sa.false(), nullable=False))
    _add(sa.Column("falls_back", sa.Boolean, server_default=sa.false(), nullable=False))
    _add(sa.Column("reports", sa.String(400), server_default="", nullable=False))
    _add(sa.Column("pinned_message_id", sa.BigInteger))
    _add(sa.Column("is_told", sa.Boolean, server_default=sa.true(), nullable=False))
    _add(sa.Column("told_failure_id", sa.Integer, server_default="0", nullable=False))
    op.create_index("ix_subscriptions_subscribed_by", "subscriptions", ["subscribed_by"])
    failed = sa.text("state = 'failed'")
    op.create_index(
        "ix_deliveries_failed", "deliveries", ["id"], sqlite_where=failed, postgresql_where=failed
    )


def downgrade() -> None:
    op.drop_index("ix_deliveries_failed", "deliveries")
    op.drop_index("ix_subscriptions_subscribed_by", "subscriptions")
    for name in reversed(_COLUMNS):
        op.drop_column("subscriptions", name)


def _add(column: sa.Column[object]) -> None:
    op.add_column("subscriptions", column)
