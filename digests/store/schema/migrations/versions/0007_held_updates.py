"""Updates that are in work: confirmed to the server before they are done, or begun after a start.

Revision ID: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "held_updates",
        sa.Column("bot_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("update_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("content", sa.Text, nullable=True),
        sa.Column("begun", sa.Integer, nullable=False, server_default="0"),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "update_id", name="pk_held_updates"),
    )
    op.create_index("ix_held_updates_held_at", "held_updates", ["held_at"])


def downgrade() -> None:
    op.drop_table("held_updates")
